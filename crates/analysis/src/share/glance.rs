//! What a person is told of a link before anything of it is shown.

use super::{LinkError, Sheet, fragment, open_with_password};
use crate::alert::{Alert, Object};

/// What a link is, as sentences, without making a report of it.
pub fn glance(link: &str) -> Result<Vec<String>, LinkError> {
    let characters = fragment(link)?.chars().count() + 1;
    match open_with_password(link, None) {
        Ok(sheet) => Ok(sheet.facts(characters)),
        Err(LinkError::NeedsPassword) => Ok(vec![format!(
            "This link of {characters} characters is encrypted: it opens with its password."
        )]),
        Err(error) => Err(error),
    }
}

impl Sheet {
    /// How much there is in it and from when, then its [`Sheet::remarks`].
    pub fn facts(&self, characters: usize) -> Vec<String> {
        let alerts: Vec<Alert> = self
            .lines
            .lines()
            .filter_map(|line| Alert::from_object(Object::parse(line.as_bytes()).ok()?).ok())
            .collect();
        let times = || alerts.iter().filter_map(Alert::time);
        let span = match (times().min(), times().max()) {
            (Some(first), Some(last)) if first == last => format!("from {}", first.to_the_second()),
            (Some(first), Some(last)) => {
                format!("from {} to {}", first.to_the_second(), last.to_the_second())
            }
            _ => "without a time".to_owned(),
        };
        let count = match alerts.len() {
            1 => "one alert".to_owned(),
            count => format!("{count} alerts"),
        };
        let mut facts = vec![format!("A link of {characters} characters with {count} {span}.")];
        facts.extend(self.remarks());
        if !self.redacted {
            facts.push("The alerts are as they were, without pseudonyms.".to_owned());
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SALT, link, link_with_password};
    use super::*;

    #[test]
    fn a_link_says_what_it_is() {
        let at = |second| {
            format!("{{\"rule\":\"R\",\"time\":\"2026-01-01T00:00:0{second}Z\",\"output\":\"x\"}}\n")
        };
        let one = Sheet { lines: at(1), redacted: true, ..Sheet::default() };
        let two = Sheet { lines: at(5) + &at(1), compact: true, rules: true, ..Sheet::default() };
        let none = Sheet {
            lines: "{\"rule\":\"R\",\"output\":\"x\"}\n".to_owned(),
            redacted: true,
            ..Sheet::default()
        };
        let cases = [
            (&one, "with one alert from 2026-01-01T00:00:01Z.", 2),
            (&two, "with 2 alerts from 2026-01-01T00:00:01Z to 2026-01-01T00:00:05Z.", 4),
            (&none, "with one alert without a time.", 2),
        ];
        for (sheet, expected, count) in cases {
            let link = link(sheet);
            let facts = glance(&link).unwrap();
            assert_eq!(facts[0], format!("A link of {} characters {expected}", link.len()));
            assert_eq!(facts.len(), count, "{facts:?}");
        }
        assert!(two.facts(1).concat().contains("knowledge of the sender's own"));
        let locked = link_with_password(&one, "p", [7; SALT]).unwrap();
        assert!(glance(&locked).unwrap().concat().contains("encrypted"));
        let mut cut = locked;
        cut.pop();
        assert_eq!(glance(&cut), Err(LinkError::Damaged));
    }
}
