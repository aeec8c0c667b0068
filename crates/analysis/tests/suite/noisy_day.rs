//! A made-up day of a cluster: what two dozen rules grumble about all day, a few rare things, and one
//! attack of six steps. The same bytes every time.

use std::fmt::Write;

/// The steps of the attack, in order: rule, and its ATT&CK tactic by knowledge or tags.
pub const ATTACK: [&str; 6] = [
    "Shop upload handler runs a shell",
    "Terminal shell in container",
    "Read sensitive file untrusted",
    "Drop and execute new binary in container",
    "Shop pod reaches an unknown address",
    "Node agent reaches an unknown address",
];

/// Rules that alert all day.
pub const NOISY_RULES: u64 = 24;

/// Alerts that are neither noise nor part of the attack: three rare rules.
pub const RARE: u64 = 9;

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }
}

/// JSON lines: this much noise, the rare alerts and the attack, in order of time.
pub fn lines(noise: u64) -> impl Iterator<Item = String> {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut extra: Vec<(u64, String)> = attack().chain(rare()).collect();
    extra.sort();
    let mut extra = extra.into_iter().peekable();
    let step = DAY / noise.max(1);
    let mut at = 0;
    std::iter::from_fn(move || {
        let next = at * step;
        if extra.peek().is_some_and(|(time, _)| *time <= next || at == noise) {
            return extra.next().map(|(_, line)| line);
        }
        at += 1;
        (at <= noise).then(|| noisy(next, &mut random))
    })
}

const DAY: u64 = 86_400_000_000_000;
/// 2026-03-04T00:00:00Z.
const MIDNIGHT: u64 = 1_772_582_400_000_000_000;
const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

fn noisy(time: u64, random: &mut Random) -> String {
    // Half of the volume is one rule's.
    let rule = if random.below(2) == 0 { 0 } else { random.below(NOISY_RULES) };
    let pod = random.below(40);
    let tail: String = (0..5_u64)
        .map(|at| char::from(ALPHABET[usize::try_from((pod * 7 + at * 11) % 27).unwrap()]))
        .collect();
    let priority = ["Notice", "Informational", "Warning", "Debug"][usize::try_from(rule % 4).unwrap()];
    let (pid, port) = (2000 + random.below(30_000), 32_768 + random.below(28_000));
    let program = ["probe", "collector", "sync"][usize::try_from(rule % 3).unwrap()];
    let fields = [
        ("container.id", format!("\"{:012x}\"", 0xa000_0000_0000_u64 + pod * 65_537)),
        ("container.image.repository", format!("\"registry.example/team/{program}\"")),
        ("container.name", format!("\"{program}\"")),
        ("evt.time", (MIDNIGHT + time).to_string()),
        ("evt.type", "\"connect\"".to_owned()),
        ("fd.name", format!("\"10.0.{pod}.9:{port}->10.96.0.1:443\"")),
        ("k8s.ns.name", "\"platform\"".to_owned()),
        ("k8s.pod.name", format!("\"{program}-6c9d7f4b8-{tail}\"")),
        ("proc.cmdline", format!("\"{program} --once --state /proc/{pid}/status\"")),
        ("proc.exepath", format!("\"/usr/local/bin/{program}\"")),
        ("proc.name", format!("\"{program}\"")),
        ("proc.pid", pid.to_string()),
        ("proc.pname", "\"containerd-shim\"".to_owned()),
        ("proc.tty", "0".to_owned()),
        ("user.loginuid", "-1".to_owned()),
        ("user.name", "\"app\"".to_owned()),
    ];
    let rule = format!("Platform rule {rule:02}");
    line(&rule, priority, time, &format!("node-{}", pod % 12), &["maturity_custom"], &fields)
}

fn rare() -> impl Iterator<Item = (u64, String)> {
    (0..RARE).map(|at| {
        let time = at * 9_000_000_000_000 + 1_000_000_007;
        let fields = [
            ("container.id", format!("\"{:012x}\"", 0xb000_0000_0000_u64 + at)),
            ("proc.exepath", "\"/usr/bin/kubectl\"".to_owned()),
            ("proc.name", "\"kubectl\"".to_owned()),
        ];
        let line =
            line(&format!("Rare rule {}", at % 3), "Notice", time, &format!("node-{at}"), &[], &fields);
        (time, line)
    })
}

/// Five steps in one container within 20 minutes, and one on a host that reaches the same address.
fn attack() -> impl Iterator<Item = (u64, String)> {
    ATTACK.into_iter().enumerate().map(|(at, rule)| {
        let time = 50_400_000_000_000 + at as u64 * 240_000_000_000 + 3;
        let on_host = at == 5;
        let (id, pod) =
            if on_host { ("host", "null") } else { ("c0ffee123456", "\"shop-7d4b9c6f5d-k2x7w\"") };
        let mut fields = vec![
            ("container.id", format!("\"{id}\"")),
            ("k8s.ns.name", if on_host { "null".to_owned() } else { "\"shop\"".to_owned() }),
            ("k8s.pod.name", pod.to_owned()),
            (
                "proc.exepath",
                if at >= 3 { "\"/tmp/.x/kworker\"".to_owned() } else { "\"/bin/bash\"".to_owned() },
            ),
            ("proc.name", if at >= 3 { "\"kworker\"".to_owned() } else { "\"bash\"".to_owned() }),
            ("proc.pname", "\"node\"".to_owned()),
        ];
        if at >= 4 {
            fields.push(("fd.name", format!("\"10.0.7.9:4{at}112->203.0.113.9:8443\"")));
        }
        let tags: &[&str] = match at {
            0 => &["T1190", "mitre_initial_access"],
            4 | 5 => &["T1071", "mitre_command_and_control"],
            _ => &[],
        };
        (time, line(rule, "Warning", time, "node-7", tags, &fields))
    })
}

fn line(
    rule: &str,
    priority: &str,
    time: u64,
    host: &str,
    tags: &[&str],
    fields: &[(&str, String)],
) -> String {
    let seconds = time / 1_000_000_000;
    let clock = format!(
        "{:02}:{:02}:{:02}.{:09}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        time % 1_000_000_000
    );
    let mut line =
        format!(r#"{{"hostname":"{host}","output":"{clock}: {priority} {rule} happened","output_fields":{{"#);
    for (at, (name, value)) in fields.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        let _ = write!(line, r#"{comma}"{name}":{value}"#);
    }
    let tags: Vec<String> = tags.iter().map(|tag| format!("\"{tag}\"")).collect();
    let _ = write!(
        line,
        r#"}},"priority":"{priority}","rule":"{rule}","source":"syscall","tags":[{}],"time":"2026-03-04T{clock}Z"}}"#,
        tags.join(",")
    );
    line
}
