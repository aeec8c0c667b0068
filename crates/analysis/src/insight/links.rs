//! What may link one alert to another: the container, pod, session, process, user or address that both
//! name.
//!
//! A host alone links nothing, nor does a value that Falco did not know, nor an alert that a process could
//! have written. Session and process numbers and command lines mean something within a host and a
//! container only, so these are part of the key.

mod fields;

use std::net::IpAddr;

use crate::alert::{Alert, Value};
use crate::limits;
use fields::Fields;
pub(super) use fields::{Datum, Role, role};

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
    const ALL: [Self; 10] = [
        Self::Container,
        Self::Pod,
        Self::Session,
        Self::Process,
        Self::CommandLine,
        Self::Ancestors,
        Self::User,
        Self::Identity,
        Self::Address,
        Self::Host,
    ];

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

/// A link as one text, the same for the same link: the digit of its kind, what it is unique within, a zero
/// byte, which no name of a host or a namespace holds, and the value.
pub(super) fn write(out: &mut String, kind: Kind, within: &str, value: &str) {
    out.clear();
    out.push(char::from(b'0' + kind as u8));
    out.push_str(within);
    out.push('\0');
    out.push_str(value);
}

/// The kind of a link in text form.
pub(super) fn kind(text: &str) -> Option<Kind> {
    Kind::ALL.get(usize::from(text.bytes().next()?.checked_sub(b'0')?)).copied()
}

/// What a link in text form is unique within, and its value.
pub(super) fn parts(text: &str) -> (&str, &str) {
    let text = text.split_at_checked(1).unwrap_or_default().1;
    text.split_once('\0').unwrap_or(("", text))
}

/// Names every link of an alert, and where it happened. `each` gets the kind, what the value is only
/// unique within, and the value.
pub fn collect(alert: &Alert, each: impl FnMut(Kind, &str, &str)) {
    if alert.is_forgeable() || alert.time().is_none() {
        return;
    }
    let fields = || alert.fields().filter_map(|(name, value)| Some((role(name)?, Datum::of(value))));
    of_fields(fields, alert.hostname(), alert.source(), each);
}

/// Names every link of an alert that has a time and that no process could have written. Of a field that
/// repeats, the last one counts.
pub(super) fn of_fields<'a, I: Iterator<Item = (Role, Datum<'a>)>>(
    all: impl Fn() -> I,
    host: Option<&str>,
    source: Option<&str>,
    mut each: impl FnMut(Kind, &str, &str),
) {
    let fields = Fields::of(all());
    let container = fields.container.filter(|id| *id != "host");
    if let Some(id) = container {
        each(Kind::Container, "", id);
    }
    if let (Some(namespace), Some(pod)) = (fields.namespace, fields.pod) {
        each(Kind::Pod, namespace, pod);
    }
    if let Some(host) = host {
        on_host(&fields, host, container.is_some(), &mut each);
    }
    if let Some((_, name)) = fields.identity {
        each(Kind::Identity, source.unwrap_or_default(), name);
    }
    addresses(all(), |address| each(Kind::Address, "", address));
}

fn on_host(fields: &Fields<'_>, host: &str, in_container: bool, each: &mut impl FnMut(Kind, &str, &str)) {
    // Falco's -1 is "never logged in", which older releases print as an unsigned number.
    if let Some(uid) = fields.login.filter(|uid| (0..i64::from(u32::MAX)).contains(uid)) {
        each(Kind::User, host, &uid.to_string());
    }
    // Whatever shares a container is linked by it already.
    if in_container {
        return;
    }
    each(Kind::Host, "", host);
    let parent_pid = fields.parent_pid.filter(|_| fields.has_telling_parent());
    for pid in fields.pid.into_iter().chain(parent_pid).filter(|pid| *pid > 1) {
        each(Kind::Process, host, &pid.to_string());
    }
    if let Some(session) = fields.session.filter(|session| *session > 1) {
        each(Kind::Session, host, &session.to_string());
    }
    let parent_command = fields.parent_command.filter(|_| fields.has_telling_parent());
    let commands = fields.command.into_iter().chain(parent_command);
    for line in commands.filter(|line| line.contains(' ')) {
        each(Kind::CommandLine, host, line);
    }
    if let Some(chain) = fields.chain() {
        each(Kind::Ancestors, host, &chain);
    }
}

fn addresses<'a>(fields: impl Iterator<Item = (Role, Datum<'a>)>, mut each: impl FnMut(&str)) {
    let mut seen: Vec<IpAddr> = Vec::new();
    let mut take = |text: &str| {
        if let Some(address) = public(text).filter(|address| !seen.contains(address)) {
            seen.push(address);
            each(&address.to_string());
        }
    };
    for (role, value) in fields {
        match (role, value) {
            // The ports only stand apart from an IPv6 address by being last.
            (Role::Ends, Datum::Text(text)) => {
                let ends = text.split("->").filter_map(|end| end.rsplit_once(':'));
                ends.for_each(|(address, _)| take(address));
            }
            (Role::Address, Datum::Text(text)) => take(text),
            (Role::Address, Datum::List(items)) => {
                items.iter().filter_map(Value::as_str).for_each(&mut take);
            }
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
                "user n 1000",
                "host  n",
                "process n 9",
                "process n 8",
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
