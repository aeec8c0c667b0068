//! The fields that links rest on.

use crate::alert::Value;

/// Programs that start unrelated things: being their child links nothing.
const LAUNCHERS: [&str; 20] = [
    "systemd",
    "init",
    "containerd",
    "dockerd",
    "docker-init",
    "runc",
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

/// The fields that links rest on, found in one pass over the alert.
#[derive(Default)]
pub struct Fields<'a> {
    pub container: Option<&'a str>,
    pub namespace: Option<&'a str>,
    pub pod: Option<&'a str>,
    pub parent: Option<&'a str>,
    pub command: Option<&'a str>,
    pub parent_command: Option<&'a str>,
    pub ancestors: [Option<&'a str>; 4],
    pub pid: Option<i64>,
    pub parent_pid: Option<i64>,
    pub session: Option<i64>,
    pub login: Option<i64>,
    /// Who acts in an audit log; the lower the number, the better the name.
    pub identity: Option<(u8, &'a str)>,
}

/// A value, as far as links look into it.
#[derive(Debug, Clone, Copy)]
pub enum Datum<'a> {
    Text(&'a str),
    Int(i64),
    List(&'a [Value]),
    Other,
}

impl<'a> Datum<'a> {
    pub fn of(value: &'a Value) -> Self {
        match value {
            Value::String(text) => Self::Text(text),
            Value::Int(number) => Self::Int(*number),
            Value::List(items) => Self::List(items),
            Value::Null | Value::Bool(_) | Value::Uint(_) | Value::Decimal(_) | Value::Object(_) => {
                Self::Other
            }
        }
    }

    fn int(self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(number),
            Self::Text(_) | Self::List(_) | Self::Other => None,
        }
    }

    /// A text that says something.
    fn known(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text).filter(|text| !matches!(*text, "" | "<NA>" | "N/A")),
            Self::Int(_) | Self::List(_) | Self::Other => None,
        }
    }
}

/// What a field is to links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Container,
    Namespace,
    Pod,
    Parent,
    Command,
    ParentCommand,
    /// The parent's parent is the first.
    Ancestor(usize),
    Pid,
    ParentPid,
    Session,
    Login,
    /// Who acts in an audit log; the lower the number, the better the name.
    Identity(u8),
    /// Both ends of a connection, with their ports.
    Ends,
    /// One address or several.
    Address,
}

/// What the field of this name is to links; nothing if none rests on it.
pub fn role(name: &str) -> Option<Role> {
    Some(match name {
        "container.id" => Role::Container,
        "k8s.ns.name" => Role::Namespace,
        "k8s.pod.name" => Role::Pod,
        "proc.pname" => Role::Parent,
        "proc.cmdline" => Role::Command,
        "proc.pcmdline" => Role::ParentCommand,
        "proc.aname[2]" => Role::Ancestor(0),
        "proc.aname[3]" => Role::Ancestor(1),
        "proc.aname[4]" => Role::Ancestor(2),
        "proc.aname[5]" => Role::Ancestor(3),
        "proc.pid" => Role::Pid,
        "proc.ppid" => Role::ParentPid,
        "proc.sid" => Role::Session,
        "user.loginuid" => Role::Login,
        "ka.user.name" | "ct.user.arn" | "okta.actor.alternateid" | "gcp.user" | "github.user" => {
            Role::Identity(0)
        }
        "ct.user" | "okta.actor.ID" => Role::Identity(1),
        "fd.name" => Role::Ends,
        "fd.rip" | "fd.sip" | "fd.cip" | "ct.srcip" | "ka.sourceips" | "okta.client.ip" | "gcp.callerIP" => {
            Role::Address
        }
        _ => return None,
    })
}

impl<'a> Fields<'a> {
    pub fn of(all: impl Iterator<Item = (Role, Datum<'a>)>) -> Self {
        let mut fields = Self::default();
        for (role, value) in all {
            match role {
                Role::Container => fields.container = value.known(),
                Role::Namespace => fields.namespace = value.known(),
                Role::Pod => fields.pod = value.known(),
                Role::Parent => fields.parent = value.known(),
                Role::Command => fields.command = value.known(),
                Role::ParentCommand => fields.parent_command = value.known(),
                Role::Ancestor(at) => {
                    if let Some(ancestor) = fields.ancestors.get_mut(at) {
                        *ancestor = value.known();
                    }
                }
                Role::Pid => fields.pid = value.int(),
                Role::ParentPid => fields.parent_pid = value.int(),
                Role::Session => fields.session = value.int(),
                Role::Login => fields.login = value.int(),
                Role::Identity(rank) => fields.acts(rank, value),
                Role::Ends | Role::Address => {}
            }
        }
        fields
    }

    fn acts(&mut self, rank: u8, value: Datum<'a>) {
        let identity = value.known().filter(|name| !is_of_the_system(name)).map(|name| (rank, name));
        self.identity = self.identity.into_iter().chain(identity).min();
    }

    /// Whether being its parent's child means something.
    pub fn has_telling_parent(&self) -> bool {
        self.parent.is_some_and(|name| !is_launcher(name))
    }

    /// `sh < node < npm`: three names or more, at least one of which is neither a launcher nor a shell.
    pub fn chain(&self) -> Option<String> {
        self.ancestors[1]?;
        let names = || std::iter::once(self.parent).chain(self.ancestors).map_while(|name| name);
        let telling = |name: &str| !SHELLS.contains(&name) && !is_launcher(name);
        (names().count() >= 3 && names().any(telling)).then(|| names().collect::<Vec<_>>().join(" < "))
    }
}

/// `containerd-shim` and `runc:[2:INIT]` are launchers too, `initdb` is none.
fn is_launcher(name: &str) -> bool {
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(['-', ':']);
    LAUNCHERS.iter().any(|launcher| name.strip_prefix(launcher).is_some_and(ends))
}

/// Controllers of a cluster act all day, on everything.
fn is_of_the_system(name: &str) -> bool {
    name.starts_with("system:") && !name.starts_with("system:serviceaccount:")
        || name.starts_with("system:serviceaccount:kube-system:")
}
