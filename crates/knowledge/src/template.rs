//! `<<field>>` in steps: where the alert's values go.
//!
//! A value is put into a command in shell quotes of its own, so a placeholder must not stand inside
//! quotes. Where it has to, in a filter for example, `<<field:inner>>` takes the value as it is and
//! only if it has no character that could end the quotes; else the step is left out.
//! `<<time-15m>>` and `<<time+15m>>` are the alert's time, moved by minutes.

/// A placeholder in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder<'a> {
    /// The field; `time` also where it is moved.
    pub field: &'a str,
    /// Whether it is written `<<field:inner>>`.
    pub inner: bool,
    /// Whether it stands in shell quotes.
    pub quoted: bool,
}

/// What every alert has beside its fields.
pub const ALWAYS: [&str; 3] = ["hostname", "rule", "time"];

/// The placeholders of a template. The error says, in lower case, what is wrong with it.
pub fn placeholders(template: &str) -> Result<Vec<Placeholder<'_>>, String> {
    let mut found = Vec::new();
    let mut quotes = Quotes::default();
    let mut parts = template.split("<<");
    quotes.pass(parts.next().unwrap_or_default());
    for part in parts {
        let (inside, rest) = part.split_once(">>").ok_or_else(|| format!("`<<{part}` has no `>>`"))?;
        let (name, inner) = inside.strip_suffix(":inner").map_or((inside, false), |name| (name, true));
        let field = if is_moved_time(name) { "time" } else { name };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._[]/".contains(&byte);
        if field.is_empty() || !field.bytes().all(plain) {
            return Err(format!("`<<{inside}>>` is no field"));
        }
        found.push(Placeholder { field, inner, quoted: quotes.open.is_some() });
        quotes.pass(rest);
    }
    Ok(found)
}

/// `time-15m`, `time+5m`.
fn is_moved_time(name: &str) -> bool {
    let minutes = name.strip_prefix("time").and_then(|rest| rest.strip_suffix('m')).unwrap_or_default();
    minutes.starts_with(['+', '-']) && minutes.get(1..).is_some_and(|digits| digits.parse::<u16>().is_ok())
}

/// The shell's quotes, as far as they tell whether a place is inside of them.
#[derive(Default)]
struct Quotes {
    open: Option<char>,
}

impl Quotes {
    fn pass(&mut self, text: &str) {
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            match (self.open, character) {
                (Some('"') | None, '\\') => {
                    characters.next();
                }
                (None, '"' | '\'') => self.open = Some(character),
                (Some(open), character) if open == character => self.open = None,
                _ => {}
            }
        }
    }
}

/// Whether every quote of a command is closed.
pub fn quotes_are_closed(command: &str) -> bool {
    let mut quotes = Quotes::default();
    quotes.pass(command);
    quotes.open.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(template: &str, expected: &[(&str, bool, bool)]) {
        let found = placeholders(template).unwrap();
        let found: Vec<_> = found.iter().map(|one| (one.field, one.inner, one.quoted)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn fields_and_the_quotes_around_them() {
        check("stat -- <<fd.name>>", &[("fd.name", false, false)]);
        check(
            "read 'a=\"<<gcp.user:inner>>\"' <<time-15m>>",
            &[("gcp.user", true, true), ("time", false, false)],
        );
        check("a \\' <<proc.aname[2]>> \"b\"", &[("proc.aname[2]", false, false)]);
    }

    #[test]
    fn what_is_no_placeholder() {
        assert_eq!(placeholders("a <<b").unwrap_err(), "`<<b` has no `>>`");
        assert_eq!(placeholders("a <<b c>>").unwrap_err(), "`<<b c>>` is no field");
        assert_eq!(placeholders("a <<time-xm>>").unwrap_err(), "`<<time-xm>>` is no field");
    }
}
