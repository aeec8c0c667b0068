//! What is taken for a secret, and where people, hosts and addresses stand.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::Kind;

/// Something found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Where it begins and ends, in bytes.
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
}

/// Patterns; the first group is the secret, where there is one, else all of it. Before a pattern is tried,
/// one of its words must occur, in lower case.
const PATTERNS: [(Kind, &[&str], &str); 24] = [
    (
        Kind::PrivateKey,
        &["private key"],
        r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)",
    ),
    (Kind::Jwt, &["eyj"], r"\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?"),
    (Kind::CloudKey, &["akia", "asia", "aroa", "aida"], r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b"),
    (Kind::CloudKey, &["aiza", "ya29."], r"\bAIza[0-9A-Za-z_-]{35}|\bya29\.[0-9A-Za-z_-]{10,}"),
    (
        Kind::CloudKey,
        &["accountkey", "sharedaccess", "sig="],
        r"(?i)\b(?:AccountKey|SharedAccessKey|sig)=([A-Za-z0-9+/%=_-]{16,})",
    ),
    (Kind::Token, &["gh", "github_pat_"], r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})"),
    (
        Kind::Token,
        &["xox", "glpat-", "npm_", "hf_", "sk-", "sk_", "dop_v1_", "sg."],
        r"\b(?:xox[abeprs]-[A-Za-z0-9-]{10,}|glpat-[\w-]{16,}|npm_[A-Za-z0-9]{20,}|hf_[A-Za-z0-9]{20,}|sk[-_][\w-]{20,}|dop_v1_[0-9a-f]{20,}|SG\.[\w-]{16,}\.[\w-]{16,})",
    ),
    (Kind::Cookie, &["cookie:"], r#"(?i)\b(?:set-)?cookie:\s*([^\r\n"']+)"#),
    (Kind::Cookie, &["curl", "wget", "http"], r#"(?:\s-b|--cookie)[ =]["']?([^\s"'=]+=[^\s"']+)"#),
    (
        Kind::Cookie,
        &["sess", "sid="],
        r#"(?i)\b(?:JSESSIONID|PHPSESSID|ASP\.NET_SessionId|session_?id|connect\.sid|sid)=([^\s;"'&)]+)"#,
    ),
    (
        Kind::Token,
        &["bearer", "basic", "authorization"],
        r"(?i)\b(?:bearer|basic|digest)\s+([A-Za-z0-9._~+/=-]{6,})",
    ),
    (
        Kind::Token,
        &["x-", "apikey"],
        r#"(?i)\b(?:x-[a-z-]*(?:token|key|auth|secret)[a-z-]*|apikey):\s*([^\s"']+)"#,
    ),
    (Kind::Password, &["://"], r#"(?i)\b[a-z][a-z0-9+.-]*://[^\s/:@"']*:([^\s/@"']+)@"#),
    (Kind::User, &["://"], r#"(?i)\b[a-z][a-z0-9+.-]*://([^\s/:@"']+)(?::[^\s/@"']+)?@"#),
    (Kind::Password, &["-u", "-user"], r#"(?:\s-u|--user|--proxy-user)[ =]?["']?[^\s:"']+:([^\s"']+)"#),
    (
        Kind::Password,
        &["mysql", "mariadb", "sshpass"],
        r#"\b(?:mysql\w*|mariadb[\w-]*|sshpass)\b[^|;&]*?\s-p\s?["']?([^\s"'-][^\s"']*)"#,
    ),
    (Kind::Password, &["redis-cli"], r#"\bredis-cli\b[^|;&]*?\s(?:-a|--pass)[ =]["']?([^\s"']+)"#),
    (
        Kind::Password,
        &["pass", "pwd"],
        r#"(?i)(?:pass(?:wor[dt]|wd|phrase|code)?|pwd)[\w.-]*["']?\s*[=:]\s*["']?([^\s"'&,;|)}\]]+)"#,
    ),
    (
        Kind::Password,
        &["pass", "pwd"],
        r#"(?i)(?:^|\s)--?[\w-]*(?:pass(?:wor[dt]|wd|phrase|code)?|pwd)\s+["']?([^\s"'-][^\s"']*)"#,
    ),
    (
        Kind::Token,
        &["token", "secret", "key", "credential", "auth"],
        r#"(?i)(?:token|secret|api_?-?key|access_?-?key|secret_?-?key|private_?-?key|account_?-?key|encryption_?-?key|credentials?|authorization|auth_?-?key|client_?-?secret)[\w.-]*["']?\s*[=:]\s*["']?([^\s"'&,;|)}\]]+)"#,
    ),
    (
        Kind::Token,
        &["token", "secret", "key"],
        r#"(?i)(?:^|\s)--?[\w-]*(?:token|secret|api-?key|access-?key)\s+["']?([^\s"'-][^\s"']*)"#,
    ),
    (Kind::Email, &["@"], r"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b"),
    (
        Kind::User,
        &["/home/", "users", "user=", "username=", "user_name="],
        r#"(?:/home/|/Users/|\\Users\\|\buser(?:name|_name)?=)([^/\\\s:"'),;&]+)"#,
    ),
    (
        Kind::Host,
        &[".internal", ".local", ".lan", ".corp", ".intra", ".private", "ip-", ".home"],
        r"(?i)\b(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:internal|local|localdomain|lan|corp|intra|intranet|private|home)|ip-\d+-\d+-\d+-\d+)\b",
    ),
];

static COMPILED: LazyLock<Vec<(Kind, &[&str], Regex)>> = LazyLock::new(|| {
    PATTERNS
        .iter()
        .filter_map(|(kind, words, pattern)| Some((*kind, *words, Regex::new(pattern).ok()?)))
        .collect()
});

/// Fields that name people or hosts.
const NAMING: [(&str, Kind); 18] = [
    ("hostname", Kind::Host),
    ("evt.hostname", Kind::Host),
    ("k8s.node.name", Kind::Host),
    ("user.name", Kind::User),
    ("user.loginname", Kind::User),
    ("user", Kind::User),
    ("ka.user.name", Kind::User),
    ("ka.impuser.name", Kind::User),
    ("ct.user", Kind::User),
    ("okta.actor.name", Kind::User),
    ("okta.actor.alternateid", Kind::User),
    ("okta.target.user.name", Kind::User),
    ("okta.target.user.alternateid", Kind::User),
    ("gcp.user", Kind::User),
    ("github.user", Kind::User),
    ("github.owner", Kind::User),
    ("github.collaborator.name", Kind::User),
    ("evt.arg.user", Kind::User),
];

/// Accounts that every system has, and words that stand for none.
const NOBODY: [&str; 52] = [
    "root",
    "nobody",
    "daemon",
    "bin",
    "sys",
    "sync",
    "mail",
    "news",
    "proxy",
    "www-data",
    "backup",
    "list",
    "irc",
    "games",
    "man",
    "lp",
    "uucp",
    "ftp",
    "sshd",
    "systemd",
    "messagebus",
    "nginx",
    "apache",
    "httpd",
    "mysql",
    "postgres",
    "redis",
    "mongodb",
    "rabbitmq",
    "elasticsearch",
    "kibana",
    "grafana",
    "prometheus",
    "jenkins",
    "git",
    "docker",
    "containerd",
    "falco",
    "app",
    "node",
    "user",
    "admin",
    "ubuntu",
    "ec2-user",
    "container",
    "host",
    "localhost",
    "unknown",
    "none",
    "null",
    "true",
    "false",
];

/// What the value of a field is, from the field's name.
pub fn named(field: &str) -> Option<Kind> {
    NAMING.iter().find(|(name, _)| *name == field).map(|(_, kind)| *kind)
}

/// Everything found in a text, in its order; of two that overlap, the one that begins first.
pub fn scan(text: &str) -> Vec<Found> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for (kind, words, pattern) in COMPILED.iter() {
        if !words.iter().any(|word| lower.contains(word)) {
            continue;
        }
        for captures in pattern.captures_iter(text) {
            if let Some(one) = captures.get(1).or_else(|| captures.get(0)) {
                found.push(Found { start: one.start(), end: one.end(), kind: *kind });
            }
        }
    }
    addresses(text, &mut found);
    found.sort_by_key(|found| (found.start, std::cmp::Reverse(found.end)));
    found
}

/// Addresses of private networks. Those of the whole world stay: they say whom the process talked to.
fn addresses(text: &str, found: &mut Vec<Found>) {
    let mut start = None;
    for (at, byte) in text.bytes().chain([b' ']).enumerate() {
        let part = byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':');
        match (start, part) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let outside = text.as_bytes().get(from.wrapping_sub(1)).copied();
                let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
                // `->` stands between two addresses.
                if !(outside.is_some_and(word) || word(byte) && byte != b'-') {
                    address(text, from, at, found);
                }
                start = None;
            }
            _ => {}
        }
    }
}

fn address(text: &str, from: usize, to: usize, found: &mut Vec<Found>) {
    let Some(run) = text.get(from..to) else { return };
    let whole = run.trim_end_matches(['.', ':']);
    let v4 = whole.split(':').next().unwrap_or_default();
    for candidate in [whole, v4] {
        if super::network(candidate).is_some() {
            found.push(Found { start: from, end: from + candidate.len(), kind: Kind::Address });
            return;
        }
    }
}

/// Whether a value names nobody in particular, or is no value.
pub fn is_common(kind: Kind, value: &str) -> bool {
    let blank = value.chars().count() < 3 || value.chars().all(|character| !character.is_alphanumeric());
    let variable = value.starts_with(['$', '%', '<', '{', '*']);
    let common = match kind {
        Kind::User => {
            NOBODY.contains(&value.to_ascii_lowercase().as_str())
                || value.starts_with("system:")
                || value.starts_with("systemd-")
                || value.bytes().all(|byte| byte.is_ascii_digit())
        }
        Kind::Host => {
            NOBODY.contains(&value) || value.ends_with("svc.cluster.local") || value == "cluster.local"
        }
        Kind::Password | Kind::Token => matches!(value, "true" | "false" | "null" | "none"),
        _ => false,
    };
    blank || variable || common
}
