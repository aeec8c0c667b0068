//! Takes out of a value what changes each time the same thing happens, so that repeats are one finding.
//!
//! | what changes | example | becomes |
//! | --- | --- | --- |
//! | process and thread numbers | `/proc/4711/task/4712` | `/proc/<pid>/task/<pid>` |
//! | terminals and descriptors | `/dev/pts/3`, `/proc/self/fd/9` | `/dev/pts/<n>`, `/proc/self/fd/<n>` |
//! | ports | `10.0.0.9:44312->10.0.0.1:443` | `10.0.0.9:<port>->10.0.0.1:<port>` |
//! | UUIDs | `pod550e8400-e29b-41d4-a716-446655440000` | `pod<uuid>` |
//! | long hexadecimal: container ids, digests | `5f0a9c3be1d4` | `<hex>` |
//! | long numbers: clocks, build numbers | `run-1767341645` | `run-<n>` |
//! | a name that is a number: run by file descriptor | `9` | `<n>` |
//! | temporary names: `mktemp`, Python, C compilers, Go | `/tmp/tmp.x8Yk2aBcQ1` | `/tmp/tmp.<tmp>` |
//! | pods of a `Deployment`, a `DaemonSet` or a `Job` | `web-6c9d7f4b8-x2xkq` | `web-<pod>` |
//!
//! Pod names follow Kubernetes' `SafeEncodeString` and `rand.String`: no vowels, no 0, 1 and 3, five
//! characters at the end, up to ten in a template's hash.

use std::borrow::Cow;

/// Hexadecimal this long is an identifier; Falco's container ids have 12 digits.
const LONG_HEX: usize = 12;

/// Decimals this long are clocks, process numbers or build numbers.
const LONG_NUMBER: usize = 5;

/// The value without its changing parts; borrowed where there are none.
pub fn pattern(value: &str) -> Cow<'_, str> {
    if !may_change(value) {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len() + 8);
    write(&mut out, value);
    if out == value { Cow::Borrowed(value) } else { Cow::Owned(out) }
}

/// The value without its changing parts, in `room` where there are any.
pub(super) fn pattern_in<'a>(room: &'a mut String, value: &'a str) -> &'a str {
    if !may_change(value) {
        return value;
    }
    room.clear();
    write(room, value);
    room
}

fn write(out: &mut String, value: &str) {
    if is_number(value) {
        return out.push_str("<n>");
    }
    let is_name = !value.contains(['/', ' ']);
    if let Some(stem) = is_name.then(|| pod_stem(value)).flatten() {
        write(out, stem);
        return out.push_str("-<pod>");
    }
    let (mut before, mut after, mut in_temporary) = ("", b'\0', false);
    let mut rest = value;
    while !rest.is_empty() {
        // A delimiter is ASCII, so both sides of it are text.
        let mut has_digit = false;
        let end = rest.bytes().position(|byte| {
            has_digit |= byte.is_ascii_digit();
            DELIMITERS.get(usize::from(byte)).copied().unwrap_or_default()
        });
        let (word, tail) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, ""));
        in_temporary = after == b'/' && (in_temporary || matches!(before, "tmp" | "shm"));
        if has_digit || in_temporary {
            push_word(out, word, before, after, in_temporary);
        } else {
            out.push_str(word);
        }
        (before, after) = (word, tail.bytes().next().unwrap_or_default());
        let (delimiter, tail) = tail.split_at_checked(1).unwrap_or_default();
        out.push_str(delimiter);
        rest = tail;
    }
}

/// Every changing part but a temporary name holds a digit, and that one is below `tmp/` or `shm/`.
fn may_change(value: &str) -> bool {
    let mut before = 0;
    value.bytes().any(|byte| {
        let may = byte.is_ascii_digit() || (byte == b'/' && matches!(before, b'p' | b'm'));
        before = byte;
        may
    })
}

/// What stands between the words of a path, a command line or a connection.
#[expect(
    clippy::indexing_slicing,
    reason = "no byte is beyond 255, and a constant is evaluated by the compiler"
)]
static DELIMITERS: [bool; 256] = {
    let mut table = [false; 256];
    let mut rest: &[u8] = b"/ :=,;\"'()[]<>|&@";
    while let [byte, tail @ ..] = rest {
        table[*byte as usize] = true;
        rest = tail;
    }
    table
};

fn push_word(out: &mut String, word: &str, before: &str, after: u8, in_temporary: bool) {
    // The arrow of `10.0.0.9:44312->10.0.0.1:443`.
    if after == b':'
        && let Some(port) = word.strip_suffix('-').filter(|port| is_number(port))
    {
        push_word(out, port, before, after, in_temporary);
        return out.push('-');
    }
    if is_number(word) {
        return out.push_str(match (after, before) {
            (b':', _) => "<port>",
            (b'/', "proc" | "task") => "<pid>",
            (b'/', "pts" | "fd" | "fdinfo") => "<n>",
            _ if word.len() >= LONG_NUMBER => "<n>",
            _ => word,
        });
    }
    if let Some(stem) = uuid_stem(word) {
        out.push_str(stem);
        return out.push_str("<uuid>");
    }
    if in_temporary && let Some(stem) = word.strip_prefix("tmp").filter(|rest| is_python_temporary(rest)) {
        out.push_str(word.strip_suffix(stem).unwrap_or_default());
        return out.push_str("<tmp>");
    }
    for part in word.split_inclusive(['.', '-', '_']) {
        let bare = part.strip_suffix(['.', '-', '_']).unwrap_or(part);
        let (stem, changing) = match bare {
            _ if in_temporary && is_temporary(bare) => ("", "<tmp>"),
            _ if is_number(bare) && bare.len() >= LONG_NUMBER => ("", "<n>"),
            _ if is_long_hex(bare) => ("", "<hex>"),
            _ if in_temporary => numbered_stem(bare),
            _ => (bare, ""),
        };
        out.push_str(stem);
        out.push_str(changing);
        out.push_str(part.strip_prefix(bare).unwrap_or_default());
    }
}

/// Go's temporary names end in a long number: `go-build1767341645` becomes `go-build<tmp>`.
fn numbered_stem(part: &str) -> (&str, &'static str) {
    let stem = part.trim_end_matches(|last: char| last.is_ascii_digit());
    if part.len() - stem.len() >= 6 { (stem, "<tmp>") } else { (part, "") }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_long_hex(text: &str) -> bool {
    text.len() >= LONG_HEX
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// `mkstemp` and `mktemp` fill 6, 8 or 10 places from 62 letters and digits; a name of ours rarely mixes
/// capitals into the middle.
fn is_temporary(text: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| text.bytes().any(|byte| kind(&byte));
    matches!(text.len(), 6 | 8 | 10)
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().skip(1).any(|byte| byte.is_ascii_uppercase())
        && has(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Python's `tempfile`: `tmp` and eight of `a-z`, `0-9` and `_`.
fn is_python_temporary(rest: &str) -> bool {
    rest.len() == 8 && rest.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

/// What stands before a UUID that ends the word.
fn uuid_stem(word: &str) -> Option<&str> {
    let (stem, uuid) = word.split_at_checked(word.len().checked_sub(36)?)?;
    let fits = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-' || byte == b'_',
        _ => byte.is_ascii_hexdigit(),
    };
    uuid.bytes().enumerate().all(fits).then_some(stem)
}

/// What stands before the parts of a pod's name that change with every rollout or start.
fn pod_stem(name: &str) -> Option<&str> {
    let safe = |text: &str| text.bytes().all(|byte| b"bcdfghjklmnpqrstvwxz2456789".contains(&byte));
    let (rest, random) = name.rsplit_once('-')?;
    if random.len() != 5 || !safe(random) || !random.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let owner = rest.rsplit_once('-').filter(|(_, hash)| {
        let is_hash =
            (8..=10).contains(&hash.len()) && safe(hash) && hash.bytes().any(|byte| byte.is_ascii_digit());
        is_hash || (hash.len() == 8 && is_number(hash))
    });
    Some(owner.map_or(rest, |(stem, _)| stem))
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[track_caller]
    fn check(value: &str, expected: &str) {
        assert_eq!(pattern(value), expected);
        assert_eq!(pattern(expected), expected, "a pattern is its own pattern");
    }

    #[test]
    fn the_table_of_the_module() {
        check("/proc/4711/task/4712/mem", "/proc/<pid>/task/<pid>/mem");
        check("/dev/pts/3", "/dev/pts/<n>");
        check("/proc/self/fd/9", "/proc/self/fd/<n>");
        check("10.0.0.9:44312->10.0.0.1:443", "10.0.0.9:<port>->10.0.0.1:<port>");
        check("pod550e8400-e29b-41d4-a716-446655440000", "pod<uuid>");
        check("/kubepods/550E8400-e29b-41d4-a716-446655440000/x", "/kubepods/<uuid>/x");
        check("5f0a9c3be1d4", "<hex>");
        check("img@sha256:0123456789abcdef0123456789abcdef", "img@sha256:<hex>");
        check("run-1767341645", "run-<n>");
        check("9", "<n>");
        check("/tmp/tmp.x8Yk2aBcQ1", "/tmp/tmp.<tmp>");
        check("/tmp/tmpab12cd_4/run.py", "/tmp/tmp<tmp>/run.py");
        check("/tmp/ccQx71Zz.s", "/tmp/<tmp>.s");
        check("/tmp/go-build1767341645/b001/exe/main", "/tmp/go-build<tmp>/b001/exe/main");
        check("web-6c9d7f4b8-x2xkq", "web-<pod>");
        check("fluent-bit-x2xkq", "fluent-bit-<pod>");
        check("backup-29456780-7vzkp", "backup-<pod>");
    }

    #[test]
    fn what_stays_the_same_is_left_alone() {
        for value in [
            "",
            "nginx",
            "/usr/bin/python3.11",
            "/opt/app-v2/run",
            "/tmp/xmrig",
            "/tmp/Installer",
            "docker.io/library/nginx",
            "web-0",
            "node-12",
            "kube-proxy",
            "127.0.0.1",
            "memfd:x (deleted)",
            "/usr/lib/x86_64-linux-gnu/libc.so.6",
            "größe-99",
        ] {
            check(value, value);
        }
    }
}
