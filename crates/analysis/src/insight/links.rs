//! What may link one alert to another: the container, pod, session, process, user or address that both
//! name.
//!
//! A host alone links nothing, nor does a value that Falco did not know, nor an alert that a process could
//! have written. Session and process numbers and command lines mean something within a host and a
//! container only, so these are part of the key.

use std::net::IpAddr;

use crate::alert::{Alert, Value};
use crate::limits;

/// How two alerts are linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The same container.
    Container,
    /// The same pod.
    Pod,
    /// The same session of a host.
    Session,
    /// A process and its child or descendant, by number.
    Process,
    /// A process and its child, or children of one process, by command line.
    CommandLine,
    /// The same chain of ancestors, by name.
    Ancestors,
    /// The same login user of a host.
    User,
    /// The same identity of an audit log.
    Identity,
    /// The same public address.
    Address,
    /// The same host, which links nothing by itself.
    Host,
}

impl Kind {
    /// The kind as the JSON report spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::Pod => "pod",
            Self::Session => "session",
            Self::Process => "process",
            Self::CommandLine => "command_line",
            Self::Ancestors => "ancestors",
            Self::User => "user",
            Self::Identity => "identity",
            Self::Address => "address",
            Self::Host => "host",
        }
    }

    /// What links them, before the value.
    pub fn words(self) -> &'static str {
        match self {
            Self::Container => "the same container",
            Self::Pod => "the same pod",
            Self::Session => "the same session (`proc.sid`)",
            Self::Process => "the same process, as itself or as an ancestor (`proc.pid`, `proc.ppid`)",
            Self::CommandLine => {
                "the same command line, as process or as parent (`proc.cmdline`, `proc.pcmdline`)"
            }
            Self::Ancestors => "the same ancestors (`proc.pname`, `proc.aname`)",
            Self::User => "the same login user (`user.loginuid`)",
            Self::Identity => "the same identity",
            Self::Address => "the same public address",
            Self::Host => "the same host",
        }
    }

    /// The longest time between two alerts that it links, in seconds; nothing if it links none.
    pub fn window(self) -> Option<u64> {
        Some(match self {
            Self::Container | Self::Pod => limits::LINK_PLACE,
            Self::Session => limits::LINK_SESSION,
            Self::Process | Self::CommandLine | Self::Ancestors => limits::LINK_PROCESS,
            Self::User | Self::Identity => limits::LINK_USER,
            Self::Address => limits::LINK_ADDRESS,
            Self::Host => return None,
        })
    }
}

/// Programs that start unrelated things: being their child links nothing.
const LAUNCHERS: [&str; 22] = [
    "systemd",
    "init",
    "containerd",
    "containerd-shim",
    "dockerd",
    "docker-init",
    "runc",
    "runc:[2:INIT]",
    "crun",
    "crio",
    "conmon",
    "tini",
    "dumb-init",
    "pause",
    "kubelet",
    "cron",
    "crond",
    "sshd",
    "supervisord",
    "s6-supervise",
    "launchd",
    "kthreadd",
];

/// What every login has, so that a chain of these alone links nothing.
const SHELLS: [&str; 9] = ["sh", "bash", "dash", "zsh", "ash", "su", "sudo", "login", "busybox"];

/// Fields that name who acts in an audit log.
const IDENTITIES: [&str; 7] = [
    "ka.user.name",
    "ct.user.arn",
    "ct.user",
    "okta.actor.alternateid",
    "okta.actor.ID",
    "gcp.user",
    "github.user",
];

/// Fields that hold a remote address.
const ADDRESSES: [&str; 8] =
    ["fd.rip", "fd.sip", "fd.cip", "ct.srcip", "ka.sourceips", "okta.client.ip", "gcp.callerIP", "fd.name"];

/// Names every link of an alert, and where it happened. `each` gets the kind, what the value is only
/// unique within, and the value.
pub fn collect(alert: &Alert, mut each: impl FnMut(Kind, &str, &str)) {
    if alert.is_forgeable() || alert.time().is_none() {
        return;
    }
    let host = alert.hostname().unwrap_or_default();
    let container = known(alert, "container.id").filter(|id| *id != "host");
    if let Some(id) = container {
        each(Kind::Container, "", id);
    }
    if let (Some(namespace), Some(pod)) = (known(alert, "k8s.ns.name"), known(alert, "k8s.pod.name")) {
        each(Kind::Pod, namespace, pod);
    }
    if !host.is_empty() {
        on_host(alert, host, container, &mut each);
    }
    for field in IDENTITIES {
        let named = known(alert, field).filter(|name| !is_of_the_system(name));
        if let Some(name) = named {
            each(Kind::Identity, alert.source().unwrap_or_default(), name);
            break;
        }
    }
    addresses(alert, |address| each(Kind::Address, "", address));
}

fn on_host(alert: &Alert, host: &str, container: Option<&str>, each: &mut impl FnMut(Kind, &str, &str)) {
    let number = |field| alert.field(field).and_then(Value::as_i64);
    let of_launcher = |field| {
        known(alert, field).is_none_or(|name| LAUNCHERS.iter().any(|launcher| name.starts_with(launcher)))
    };
    if let Some(pid) = number("proc.pid").filter(|pid| *pid > 1) {
        each(Kind::Process, host, &pid.to_string());
    }
    if let Some(pid) = number("proc.ppid").filter(|pid| *pid > 1 && !of_launcher("proc.pname")) {
        each(Kind::Process, host, &pid.to_string());
    }
    // Falco's -1 is "never logged in", which older releases print as an unsigned number.
    let login = number("user.loginuid").filter(|uid| (0..i64::from(u32::MAX)).contains(uid));
    if let Some(uid) = login {
        each(Kind::User, host, &uid.to_string());
    }
    // Whatever shares a container is linked by it already.
    if container.is_some() {
        return;
    }
    each(Kind::Host, "", host);
    if let Some(session) = number("proc.sid").filter(|session| *session > 1) {
        each(Kind::Session, host, &session.to_string());
    }
    let has_arguments = |line: &&str| line.contains(' ');
    if let Some(line) = known(alert, "proc.cmdline").filter(has_arguments) {
        each(Kind::CommandLine, host, line);
    }
    if let Some(line) =
        known(alert, "proc.pcmdline").filter(has_arguments).filter(|_| !of_launcher("proc.pname"))
    {
        each(Kind::CommandLine, host, line);
    }
    if let Some(chain) = ancestors(alert) {
        each(Kind::Ancestors, host, &chain);
    }
}

/// `sh < node < npm`: three names or more, at least one of which is neither a launcher nor a shell.
fn ancestors(alert: &Alert) -> Option<String> {
    let mut chain = String::from(known(alert, "proc.pname")?);
    let telling =
        |name: &str| !SHELLS.contains(&name) && !LAUNCHERS.iter().any(|launcher| name.starts_with(launcher));
    let (mut names, mut tells) = (1, telling(&chain));
    for field in ["proc.aname[2]", "proc.aname[3]", "proc.aname[4]", "proc.aname[5]"] {
        let Some(name) = known(alert, field) else { break };
        names += 1;
        tells |= telling(name);
        chain.push_str(" < ");
        chain.push_str(name);
    }
    (names >= 3 && tells).then_some(chain)
}

/// Controllers of a cluster act all day, on everything.
fn is_of_the_system(name: &str) -> bool {
    name.starts_with("system:") && !name.starts_with("system:serviceaccount:")
        || name.starts_with("system:serviceaccount:kube-system:")
}

fn addresses(alert: &Alert, mut each: impl FnMut(&str)) {
    let mut seen: Vec<IpAddr> = Vec::new();
    let mut take = |text: &str| {
        if let Some(address) = public(text).filter(|address| !seen.contains(address)) {
            seen.push(address);
            each(&address.to_string());
        }
    };
    for field in ADDRESSES {
        match alert.field(field) {
            // Both ends with their ports, which only stand apart from an IPv6 address by being last.
            Some(Value::String(text)) if field == "fd.name" => {
                let ends = text.split("->").filter_map(|end| end.rsplit_once(':'));
                ends.for_each(|(address, _)| take(address));
            }
            Some(Value::String(text)) => take(text),
            Some(Value::List(items)) => items.iter().filter_map(Value::as_str).for_each(&mut take),
            _ => {}
        }
    }
}

/// An address of the internet: not of a host itself, a private network, a link or a group.
fn public(text: &str) -> Option<IpAddr> {
    if !text.bytes().next()?.is_ascii_hexdigit() {
        return None;
    }
    let address: IpAddr = text.parse().ok()?;
    let is_public = match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let shared = first == 100 && (64..128).contains(&second);
            !(address.is_private()
                || address.is_link_local()
                || address.is_broadcast()
                || shared
                || first == 0)
        }
        IpAddr::V6(address) => {
            let [first, ..] = address.segments();
            (0x2000..0x4000).contains(&first)
        }
    };
    (is_public && !address.is_loopback() && !address.is_multicast()).then_some(address)
}

fn known<'a>(alert: &'a Alert, field: &str) -> Option<&'a str> {
    alert.field_text(field).filter(|text| !matches!(*text, "<NA>" | "N/A"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Object;

    fn links(rest: &str) -> Vec<String> {
        let json = format!(r#"{{"rule":"R","time":"2026-03-04T00:00:00Z",{rest}}}"#);
        let alert = Alert::from_object(Object::parse(json.as_bytes()).unwrap()).unwrap();
        let mut links = Vec::new();
        collect(&alert, |kind, within, value| links.push(format!("{} {within} {value}", kind.name())));
        links
    }

    #[test]
    fn a_container_and_its_pod() {
        let fields = r#""hostname":"n","output_fields":{"container.id":"c","k8s.ns.name":"a","k8s.pod.name":"b",
            "proc.cmdline":"x y","user.loginuid":-1}"#;
        assert_eq!(links(fields), ["container  c", "pod a b"]);
    }

    #[test]
    fn a_process_of_a_host() {
        let fields = r#""hostname":"n","output_fields":{"container.id":"host","proc.sid":77,"user.loginuid":1000,
            "proc.cmdline":"cat /etc/shadow","proc.pcmdline":"python3 run.py","proc.pname":"python3",
            "proc.aname[2]":"bash","proc.aname[3]":"sshd","proc.pid":9,"proc.ppid":8}"#;
        assert_eq!(
            links(fields),
            [
                "process n 9",
                "process n 8",
                "user n 1000",
                "host  n",
                "session n 77",
                "command_line n cat /etc/shadow",
                "command_line n python3 run.py",
                "ancestors n python3 < bash < sshd",
            ]
        );
    }

    #[test]
    fn nothing_links_by_the_host_alone_or_by_what_is_not_known() {
        let none: [String; 0] = [];
        let fields = r#""hostname":"n","output_fields":{"container.id":"host","proc.sid":1,"user.loginuid":4294967295,
            "k8s.ns.name":null,"k8s.pod.name":"<NA>","proc.cmdline":"bash","proc.pcmdline":"sshd: maria [priv]",
            "proc.pname":"sshd","proc.ppid":5,"fd.name":"","ka.user.name":"system:kube-scheduler"}"#;
        assert_eq!(links(fields), ["host  n"]);
        assert_eq!(Kind::Host.window(), None);
        assert_eq!(links(r#""output_fields":{"proc.pid":9,"user.loginuid":0}"#), none);
        let forgeable = r#""output_fields":{"container.id":"c"},"falco_report":{"marks":["recovered"]}"#;
        assert_eq!(links(forgeable), none);
    }

    #[test]
    fn public_addresses() {
        let links_of = |name: &str| links(&format!(r#""output_fields":{{"fd.name":"{name}"}}"#));
        assert_eq!(links_of("10.0.0.9:44312->198.51.100.7:443"), ["address  198.51.100.7"]);
        assert_eq!(links_of("2001:db8::1:443->2a00::1:53"), ["address  2001:db8::1", "address  2a00::1"]);
        for name in
            ["127.0.0.1:1->10.1.2.3:2", "100.64.0.1:9", "169.254.169.254:80", "/etc/shadow", "0.0.0.0:80"]
        {
            assert_eq!(links_of(name), [] as [&str; 0], "{name}");
        }
    }
}
