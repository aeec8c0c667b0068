//! Examples that are written when they are asked for: a file of their size would have to be loaded with the page.

/// Alerts of the noisy day.
const NOISE: u32 = 480;

const DAY: u32 = 24 * 60 * 60;

/// What alerts: rule, priority and technique; the program's path, its command line and its parent; the file or
/// connection; namespace and workload, or none for a host.
type Source = ([&'static str; 3], [&'static str; 3], &'static str, Option<[&'static str; 2]>);

/// What a healthy cluster does all day, the most frequent first.
const GRUMBLES: [Source; 5] = [
    (
        ["Contact K8S API Server From Container", "Notice", "T1565"],
        ["/kube-state-metrics", "kube-state-metrics --port=8080", "containerd-shim"],
        "10.42.3.7:41022->10.43.0.1:443",
        Some(["monitoring", "kube-state-metrics"]),
    ),
    (
        ["Read sensitive file untrusted", "Warning", "T1555"],
        ["/usr/bin/restic", "restic backup /host/etc", "cron"],
        "/etc/shadow",
        Some(["backup", "restic"]),
    ),
    (
        ["Clear Log Activities", "Warning", "T1070"],
        ["/usr/sbin/logrotate", "logrotate /etc/logrotate.conf", "cron"],
        "/var/log/syslog",
        None,
    ),
    (
        ["Run shell untrusted", "Notice", "T1059.004"],
        ["/bin/sh", "sh -c /opt/reports/nightly.sh", "java"],
        "",
        Some(["shop", "reports"]),
    ),
    (
        ["Launch Package Management Process in Container", "Error", "T1505"],
        ["/usr/bin/apt-get", "apt-get update", "bash"],
        "",
        Some(["build", "runner"]),
    ),
];

/// The one alert of the noisy day that is none of that.
const ODD: Source = (
    ["Drop and execute new binary in container", "Critical", "TA0003"],
    ["/tmp/.cache/upd", "upd -o pool.example:3333", "sh"],
    "",
    Some(["shop", "checkout"]),
);

const UPLOAD: Option<[&str; 2]> = Some(["shop", "upload"]);

/// An intrusion from an upload handler to the API server, with the seconds from one step to the next.
const STEPS: [(u32, Source); 7] = [
    (0, (["Run shell untrusted", "Notice", "T1059.004"], ["/bin/sh", "sh -c id", "httpd"], "", UPLOAD)),
    (
        41,
        (
            ["Redirect STDOUT/STDIN to Network Connection in Container", "Notice", "T1059"],
            ["/bin/bash", "bash -i", "sh"],
            "10.42.1.9:50114->203.0.113.7:4444",
            UPLOAD,
        ),
    ),
    (65, (["Terminal shell in container", "Notice", "T1059"], ["/bin/bash", "bash", "bash"], "", UPLOAD)),
    (
        83,
        (
            ["Read sensitive file untrusted", "Warning", "T1555"],
            ["/bin/cat", "cat /etc/shadow", "bash"],
            "/etc/shadow",
            UPLOAD,
        ),
    ),
    (
        120,
        (
            ["Search Private Keys or Passwords", "Warning", "T1552.001"],
            ["/usr/bin/find", "find / -name id_rsa", "bash"],
            "",
            UPLOAD,
        ),
    ),
    (
        147,
        (
            ["Drop and execute new binary in container", "Critical", "TA0003"],
            ["/tmp/.cache/upd", "upd -o pool.example:3333", "bash"],
            "",
            UPLOAD,
        ),
    ),
    (
        190,
        (
            ["Contact K8S API Server From Container", "Notice", "T1565"],
            ["/usr/bin/curl", "curl -k https://10.43.0.1/api/v1/secrets", "bash"],
            "10.42.1.9:50120->10.43.0.1:443",
            UPLOAD,
        ),
    ),
];

/// A day of three nodes, on which one alert matters.
pub fn noisy_day() -> String {
    let mut text = String::new();
    // A plain generator of numbers that look random: the same day every time.
    let mut seed = 7_u32;
    for at in 0..NOISE {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let lot = (seed >> 16) % 100;
        let source = match lot {
            0..60 => 0,
            60..80 => 1,
            80..90 => 2,
            90..97 => 3,
            _ => 4,
        };
        let time = at * (DAY / NOISE) + lot;
        if let Some(source) = GRUMBLES.get(source) {
            text += &alert(time, lot % 3 + 1, source);
        }
        if at == NOISE / 2 {
            text += &alert(time + 60, 2, &ODD);
        }
    }
    text
}

/// An intrusion into a container, in seven steps.
pub fn incident() -> String {
    let mut time = 10 * 60 * 60;
    let step = |(seconds, source): &(u32, Source)| {
        time += seconds;
        alert(time, 1, source)
    };
    STEPS.iter().map(step).collect()
}

/// An alert as Falco prints it, on one line; `time` in seconds of the day.
fn alert(time: u32, node: u32, source: &Source) -> String {
    let ([rule, priority, technique], [path, command, parent], target, place) = source;
    let name = command.split(' ').next().unwrap_or_default();
    let clock = format!("{:02}:{:02}:{:02}.000000000", time / 3600, time / 60 % 60, time % 60);
    let [container, fields] = match place {
        None => ["host".to_owned(), String::new()],
        Some([namespace, workload]) => {
            // As long as an identifier is, and the same for a workload on a node.
            let id = format!("{:06x}{:06x}", number_of(workload), number_of(namespace) + node);
            let fields = format!(
                r#","container.image.repository":"registry.shop.example/{workload}","container.name":"{workload}","k8s.ns.name":"{namespace}","k8s.pod.name":"{workload}-{node}""#
            );
            [id, fields]
        }
    };
    let target = if target.is_empty() { String::new() } else { format!(r#","fd.name":"{target}""#) };
    format!(
        r#"{{"hostname":"worker-{node}","output":"{clock}: {priority} {rule} | process={name} command={command} container_id={container}","output_fields":{{"container.id":"{container}"{fields}{target},"proc.cmdline":"{command}","proc.exepath":"{path}","proc.name":"{name}","proc.pname":"{parent}","proc.tty":0,"user.loginuid":-1,"user.name":"root","user.uid":0}},"priority":"{priority}","rule":"{rule}","source":"syscall","tags":["{technique}"],"time":"2025-11-07T{clock}Z"}}
"#
    )
}

/// A number of six hexadecimal digits that stands for a name.
fn number_of(name: &str) -> u32 {
    name.bytes().fold(0, |sum, byte| (sum * 31 + u32::from(byte)) & 0xff_ffff)
}

#[cfg(test)]
mod tests {
    use analysis::{Options, Session};

    use super::*;

    fn report_of(text: &str) -> analysis::Outcome {
        let mut session = Session::new(Options::default());
        session.open("example.jsonl");
        session.feed(text.as_bytes());
        session.close();
        session.finish()
    }

    #[test]
    fn the_noisy_day_has_one_thing_to_read() {
        let outcome = report_of(&noisy_day());
        assert_eq!(outcome.report.total.alerts, u64::from(NOISE) + 1);
        assert_eq!(outcome.report.total.skipped, 0);
        let first = outcome.report.insight.groups.first().unwrap();
        assert_eq!((first.rule.as_str(), first.count), (ODD.0[0], 1));
        assert_eq!(noisy_day(), noisy_day());
    }

    #[test]
    fn the_incident_is_one() {
        let outcome = report_of(&incident());
        let incidents = &outcome.report.insight.incidents;
        assert_eq!(incidents.total, 1);
        assert_eq!(incidents.listed.first().unwrap().count, STEPS.len() as u64);
    }
}
