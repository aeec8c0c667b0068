//! What programs put before a line that they copy.
//!
//! ```text
//! 35:{…}                                              grep -n
//! logs/falco.log:35:{…}   C:\logs\falco.log:35:{…}    grep -r, Select-String
//! falco-1  | {…}                                      docker compose
//! [pod/falco-x2v9k/falco] {…}                         kubectl logs --prefix
//! 2026-01-02T08:14:05.120043577Z {…}                  kubectl logs --timestamps
//! 2026-01-02T08:14:05.120043577Z stdout F {…}         the container runtime's own file
//! Jan  2 08:14:05 node-1 falco[716]: {…}              syslog, journalctl
//! <4>2026-01-02T08:14:05Z node-1 Falco[1]: {…}        Falcosidekick's syslog
//! <4>1 2026-01-02T08:14:05Z node-1 falco 716 - - {…}  syslog, RFC 5424
//! # {…}   // {…}                                      documents
//! ```
//!
//! Prefixes stack. Only these are known; a record behind anything else is one that the line quotes.

use super::super::envelope::{Context, is_falco};
use super::text;
use crate::alert::Timestamp;

/// A line without what was put before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefixed<'a> {
    /// The line as the first program wrote it.
    pub rest: &'a [u8],
    /// Where it begins in the whole line.
    pub at: usize,
    /// What the prefixes say.
    pub context: Context,
    /// The stream, and whether this is the last piece of its line, where a container runtime says so.
    pub piece: Option<(&'a [u8], bool)>,
}

/// Prefixes on one line.
const STACKED: usize = 6;

/// Takes known prefixes off a line.
pub fn strip(line: &[u8]) -> Prefixed<'_> {
    let mut found = Prefixed { rest: line, at: 0, context: Context::default(), piece: None };
    for _ in 0..STACKED {
        found.rest = found.rest.trim_ascii_start();
        if found.rest.first() == Some(&b'{') || text::begins(found.rest) || !one(&mut found) {
            break;
        }
        if found.piece.is_some() {
            // Blanks at the ends of a piece are part of the line.
            found.at = line.len() - found.rest.len();
            return found;
        }
    }
    found.rest = found.rest.trim_ascii_start();
    found.at = line.len() - found.rest.len();
    found.rest = found.rest.trim_ascii_end();
    found
}

/// Takes one prefix off; answers whether there was one.
fn one(found: &mut Prefixed<'_>) -> bool {
    let rest = found.rest;
    for mark in [&b"\xEF\xBB\xBF"[..], b"# ", b"// ", b"\0"] {
        if let Some(after) = rest.strip_prefix(mark) {
            found.rest = after;
            return true;
        }
    }
    match rest.first() {
        Some(b'<') => syslog_priority(found),
        Some(b'[') => pod(found),
        Some(b'0'..=b'9') => timestamp(found) || grep(found),
        Some(b'C') if rest.starts_with(b"CEF:") => false,
        Some(b'A'..=b'Z') => syslog_date(found) || compose(found) || grep(found),
        _ => compose(found) || grep(found),
    }
}

/// `<13>` and, in RFC 5424, the version after it.
fn syslog_priority(found: &mut Prefixed<'_>) -> bool {
    let Some(close) = found.rest.iter().take(5).position(|byte| *byte == b'>') else { return false };
    let Some((number, after)) = found.rest.split_at_checked(close + 1) else { return false };
    if !number.get(1..close).is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
    {
        return false;
    }
    found.rest = after;
    if let Some(after) = after.strip_prefix(b"1 ")
        && let Some((time, after)) = word(after)
    {
        found.context.time = parse_time(time);
        return header_5424(found, after);
    }
    true
}

/// `HOST APP PROCESS MESSAGE DATA` and the message.
fn header_5424<'a>(found: &mut Prefixed<'a>, after: &'a [u8]) -> bool {
    let fields = (|| {
        let (host, after) = word(after)?;
        let (program, after) = word(after)?;
        let (_, after) = word(after)?;
        let (_, after) = word(after)?;
        let after = match after.strip_prefix(b"-") {
            Some(after) => after,
            None => after.get(memchr::memmem::find(after, b"] ")? + 1..)?,
        };
        Some((host, program, after))
    })();
    let Some((host, program, after)) = fields else { return false };
    written_by(found, host, program);
    found.rest = after;
    true
}

/// `[pod/NAME/CONTAINER] `, of kubectl.
fn pod(found: &mut Prefixed<'_>) -> bool {
    let Some(named) = found.rest.strip_prefix(b"[pod/") else { return false };
    let Some(close) = memchr::memmem::find(named, b"] ") else { return false };
    found.context.names.push("kubectl");
    found.rest = named.get(close + 2..).unwrap_or_default();
    true
}

/// A time, then what follows a time: a container runtime's stream, or a syslog header.
fn timestamp(found: &mut Prefixed<'_>) -> bool {
    let Some((time, after)) = word(found.rest) else { return false };
    let Some(time) = parse_time(time) else { return false };
    found.context.time = Some(time);
    found.rest = after;
    if let Some((stream @ (b"stdout" | b"stderr"), tagged)) = word(after)
        && let Some((tag @ (b"F" | b"P"), line)) = word(tagged).or(Some((tagged, &[])))
    {
        found.context.names.push("cri");
        found.piece = Some((stream, tag == b"F"));
        found.rest = line;
        return true;
    }
    header(found, after);
    true
}

/// `Jan  2 08:14:05 HOST PROGRAM[ID]: `. Without a year, it dates nothing.
fn syslog_date(found: &mut Prefixed<'_>) -> bool {
    const MONTHS: [&[u8]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    let Some((date, after)) = found.rest.split_at_checked(15) else { return false };
    let shape = b"Mon DD 00:00:00";
    let fits = date.iter().zip(shape).all(|(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        b'D' => byte.is_ascii_digit() || *byte == b' ',
        b':' | b' ' => byte == shape,
        _ => true,
    });
    let Some(after) =
        after.strip_prefix(b" ").filter(|_| fits && MONTHS.iter().any(|month| date.starts_with(month)))
    else {
        return false;
    };
    header(found, after)
}

/// `HOST PROGRAM[ID]: `.
fn header<'a>(found: &mut Prefixed<'a>, after: &'a [u8]) -> bool {
    let Some((host, after)) = word(after) else { return false };
    let Some((program, after)) = word(after) else { return false };
    let Some(program) = program.strip_suffix(b":") else { return false };
    let name = program.split(|byte| *byte == b'[').next().unwrap_or(program);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./()@".contains(byte);
    if name.is_empty() || !name.iter().all(is_name) || host.contains(&b'"') {
        return false;
    }
    written_by(found, host, name);
    found.rest = after;
    true
}

fn written_by(found: &mut Prefixed<'_>, host: &[u8], program: &[u8]) {
    found.context.names.push("syslog");
    found.context.host = Some(String::from_utf8_lossy(host).into_owned());
    found.context.foreign |= !is_falco(&String::from_utf8_lossy(program));
}

/// `falco-1  | `, of docker compose.
fn compose(found: &mut Prefixed<'_>) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let name = found.rest.iter().take_while(|byte| is_name(byte)).count();
    let after = found.rest.get(name..).unwrap_or_default().trim_ascii_start();
    match after.strip_prefix(b"| ") {
        Some(after) if name > 0 => {
            found.context.names.push("compose");
            found.rest = after;
            true
        }
        _ => false,
    }
}

/// `35:`, `falco.log:35:`, `falco.log:`, `C:\logs\falco.log:35:`, right before a record.
fn grep(found: &mut Prefixed<'_>) -> bool {
    let Some(brace) = memchr::memchr(b'{', found.rest) else { return false };
    let Some((before, after)) = found.rest.split_at_checked(brace) else { return false };
    let Some(named) = before.strip_suffix(b":") else { return false };
    let is_drive = matches!(named, [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic());
    let digits = named.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let path = named.split_at(named.len() - digits).0;
    let is_numbered = path.is_empty() || (digits > 0 && path.ends_with(b":"));
    let is_path = (is_numbered || named.iter().any(|byte| b"./\\".contains(byte)))
        && named.iter().all(|byte| !byte.is_ascii_whitespace() && !b"\"(),;=|".contains(byte));
    let is_windows_path = is_drive && !named.iter().any(|byte| b"\"<>|?*".contains(byte));
    if named.is_empty() || !(is_path || is_windows_path) {
        return false;
    }
    found.context.names.push("grep");
    found.rest = after;
    true
}

fn parse_time(word: &[u8]) -> Option<Timestamp> {
    std::str::from_utf8(word).ok().and_then(Timestamp::parse)
}

fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = memchr::memchr(b' ', text.get(..text.len().min(256))?)?;
    Some((text.get(..space)?, text.get(space + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, names: &[&str], host: Option<&str>, rest: &str) {
        let found = strip(line.as_bytes());
        assert_eq!(String::from_utf8_lossy(found.rest), rest, "{line}");
        assert_eq!(found.context.names, names, "{line}");
        assert_eq!(found.context.host.as_deref(), host, "{line}");
    }

    #[test]
    fn copying_programs() {
        check("35:{}", &["grep"], None, "{}");
        check("\u{FEFF}C:\\my logs\\falco.log:35:{}\r", &["grep"], None, "{}");
        check("logs/falco.log:{}", &["grep"], None, "{}");
        check("falco-1  | {}", &["compose"], None, "{}");
        check("[pod/falco-x2v9k/falco] {}", &["kubectl"], None, "{}");
        check("# {}", &[], None, "{}");
        check("2026-01-02T08:14:05Z {}", &[], None, "{}");
    }

    #[test]
    fn system_logs() {
        let syslog = &["syslog"][..];
        check("Jan  2 08:14:05 node-1 falco[716]: {}", syslog, Some("node-1"), "{}");
        check("# Jan 02 08:14:05 node-1 falco: {}", syslog, Some("node-1"), "{}");
        check("<4>2026-01-02T08:14:05Z node-1 Falco[1]: {}", syslog, Some("node-1"), "{}");
        check("<4>1 2026-01-02T08:14:05Z node-1 falco 716 - - {}", syslog, Some("node-1"), "{}");
        check("<4>1 2026-01-02T08:14:05Z node-1 falco 716 - [a@1 b=\"c\"] {}", syslog, Some("node-1"), "{}");
        check("2026-01-02T08:14:05.1+00:00 node-1 falco: {}", syslog, Some("node-1"), "{}");
        check(
            "Jan  2 08:14:05 node-1 falco[716]: 08:14:05.120043577: Notice x {",
            syslog,
            Some("node-1"),
            "08:14:05.120043577: Notice x {",
        );
    }

    #[test]
    fn who_wrote_it() {
        assert!(!strip(b"Jan  2 08:14:05 n falco-modern-bpf[7]: {}").context.foreign);
        assert!(strip(b"Jan  2 08:14:05 n sshd[7]: {}").context.foreign);
    }

    #[test]
    fn container_runtimes() {
        let found = strip(b"2026-01-02T08:14:05.120043577Z stdout P {\"a\"");
        assert_eq!((found.piece, found.rest), (Some((&b"stdout"[..], false)), &b"{\"a\""[..]));
        let found = strip(b"2026-01-02T08:14:05.120043577Z stderr F x y");
        assert_eq!((found.piece, found.rest), (Some((&b"stderr"[..], true)), &b"x y"[..]));
    }

    #[test]
    fn other_text_is_no_prefix() {
        for line in [
            "user said: {}",
            "x=1:{}",
            "08:14:05.120043577: Notice cat a.log:12:{}",
            "falco {}",
            "INFO:root:{}",
        ] {
            check(line, &[], None, line);
        }
    }
}
