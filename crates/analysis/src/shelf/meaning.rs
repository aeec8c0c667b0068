//! What fields mean, in a few words.

/// A line for each field that alerts often carry: its name, a blank, what it means.
const MEANINGS: &str = include_str!("meanings.txt");

/// What a field means; empty where that is not known. Of `proc.aname[2]` and `evt.arg.flags`, it is what all
/// such fields mean.
pub fn meaning(field: &str) -> &'static str {
    let plain = field.split('[').next().unwrap_or_default();
    let of =
        |name: &str| MEANINGS.lines().filter_map(|line| line.split_once(' ')).find(|(of, _)| *of == name);
    of(plain)
        .or_else(|| plain.starts_with("evt.arg.").then(|| of("evt.arg")).flatten())
        .map_or("", |(_, meaning)| meaning)
}

#[cfg(test)]
mod tests {
    use condition::Context;

    use super::*;

    #[test]
    fn fields_are_told_by_their_names_and_arguments_do_not_matter() {
        for (field, begins) in [
            ("proc.aname[2]", "The name of an ancestor"),
            ("proc.aname", "The name of an ancestor"),
            ("evt.arg.flags", "A value that the call"),
            ("evt.arg[1]", "A value that the call"),
            ("user.loginuid", "The user who logged in"),
        ] {
            assert!(meaning(field).starts_with(begins), "{field}: {}", meaning(field));
        }
        for field in ["", "proc", "proc.", "my.field", "The"] {
            assert_eq!(meaning(field), "", "{field}");
        }
    }

    #[test]
    fn every_line_is_a_field_of_falco_or_its_plugins_and_comes_once() {
        let names: Vec<&str> =
            MEANINGS.lines().map(|line| line.split_once(' ').expect("a name and a meaning").0).collect();
        for (at, name) in names.iter().enumerate() {
            assert!(!names[..at].contains(name), "{name} twice");
            let known = ["", "[1]", ".x"].iter().any(|argument| {
                let condition = condition::parse(&format!("{name}{argument} exists"));
                condition.is_ok_and(|condition| condition::check_all(&condition, &Context::any()).is_empty())
            });
            assert!(known, "{name} is no field");
        }
    }
}
