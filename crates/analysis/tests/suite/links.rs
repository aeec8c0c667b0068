//! Links of every version open, any change of one is refused, and a new one is short.

use crate::files::{analyse, fixture, fixtures};
use analysis::limits;
use analysis::share::{self, LinkError, Sheet, is_anchor, link, open};
use proptest::prelude::*;

/// Made by the releases that wrote each version: the name of a fixture and its link, a line each.
const OLD_LINKS: [&str; 2] = [include_str!("../links/r1.txt"), include_str!("../links/r2.txt")];

fn sheet(name: &str) -> Sheet {
    let parcel = analyse(name, &fixture(name)).parcel;
    Sheet { lines: parcel.lines().unwrap().to_owned(), ..Sheet::default() }
}

#[test]
fn old_links_open_to_what_they_were_made_of() {
    for (name, old) in
        OLD_LINKS.iter().flat_map(|links| links.lines()).map(|line| line.split_once(' ').unwrap())
    {
        assert_eq!(open(old).unwrap(), sheet(name), "{name}");
        assert_eq!(open(&format!("https://example.org/report/{old}")).unwrap(), sheet(name), "{name}");
        assert!(!is_anchor(old));
    }
}

#[test]
fn the_second_version_is_written_as_it_always_was() {
    for (name, old) in OLD_LINKS[1].lines().map(|line| line.split_once(' ').unwrap()) {
        assert_eq!(link(&sheet(name)), old, "{name}: a change of the code is a new version");
    }
}

#[test]
fn any_character_removed_added_or_changed_is_refused() {
    for link in OLD_LINKS.map(|links| links.lines().next().unwrap().split_once(' ').unwrap().1) {
        let characters: Vec<char> = link.chars().collect();
        let refused = |changed: String| {
            assert!(open(&changed).is_err(), "{changed}");
            assert!(!is_anchor(&changed), "{changed}");
        };
        for at in 1..characters.len() {
            let mut removed = characters.clone();
            removed.remove(at);
            refused(removed.into_iter().collect());
            for other in ('0'..='9').chain('a'..='z').chain('A'..='Z').chain(['-', '_', '.', '%', ' ']) {
                if other != characters[at] {
                    let mut changed = characters.clone();
                    changed[at] = other;
                    refused(changed.into_iter().collect());
                }
                let mut added = characters.clone();
                added.insert(at, other);
                refused(added.into_iter().collect());
            }
        }
    }
}

#[test]
fn one_typical_alert_is_short() {
    for (name, bytes) in fixtures().into_iter().filter(|(name, _)| name.starts_with("ptrace_")) {
        let sheet = sheet(&name);
        let (whole, compact) = (link(&sheet).len(), link(&sheet.compacted()).len());
        println!("{name}: {} bytes, link {whole}, compact {compact}", bytes.len());
        assert!(whole <= 200 && compact <= 150, "{name}: {whole}, {compact}");
    }
}

#[test]
fn all_that_a_sheet_says_arrives() {
    let sheet = Sheet {
        redacted: true,
        rules: true,
        note: "Look at the second one.\u{0}\u{1}\u{7}".to_owned(),
        view: "tab=alerts".to_owned(),
        ..sheet("many.jsonl").compacted()
    };
    let opened = open(&link(&sheet)).unwrap();
    assert!(!opened.lines.contains("\"output\":") && opened.compact);
    assert_eq!(opened, sheet);
}

#[test]
fn a_password_opens_what_was_made_with_it_and_nothing_else_does() {
    let sheet = sheet("custom_rule.json");
    let link = share::link_with_password(&sheet, "correct horse", [7; share::SALT]).unwrap();
    let open_with = |link: &str, password| share::open_with_password(link, password);
    assert_eq!(open_with(&link, Some("correct horse")), Ok(sheet.clone()));
    assert_eq!(open_with(&link, Some("correct hors")), Err(LinkError::WrongPassword));
    assert_eq!(open_with(&link, None), Err(LinkError::NeedsPassword));
    assert_eq!(open(&link), Err(LinkError::NeedsPassword));
    assert_eq!(open_with(&share::link(&sheet), Some("unused")), Ok(sheet.clone()));
    let other = share::link_with_password(&sheet, "correct horse", [8; share::SALT]).unwrap();
    assert_ne!(link, other);
    for at in [8, 40, link.len() - 1] {
        let mut cut = link.clone();
        cut.remove(at);
        assert_eq!(open_with(&cut, Some("correct horse")), Err(LinkError::Damaged), "{at}");
    }
    let (name, old) = include_str!("../links/r2p.txt").trim().split_once(' ').unwrap();
    assert_eq!(open_with(old, Some("correct horse")), Ok(self::sheet(name)));
    assert!(!is_anchor(old));
}

#[test]
fn more_than_a_link_carries_is_refused_before_it_costs_anything() {
    assert_eq!(open(&format!("#r2.{}", "A".repeat(limits::LINK_CHARACTERS))), Err(LinkError::TooLong));
}

#[test]
fn places_in_the_page_are_no_links() {
    for place in ["", "#", "#summary", "risk-assessment", "1-configuration-options", "fields-of-finding-1"] {
        assert!(is_anchor(place), "{place}");
    }
    for link in ["#r1.", "r", "r1", "r2.abc", "1.abc", "Summary", "a.b"] {
        assert!(!is_anchor(link), "{link}");
    }
}

/// Any JSON that an alert may hold: control characters, repeated keys, numbers of every size.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        any::<u64>().prop_map(|value| value.to_string()),
        (1_767_225_000_000_000_000_i64..1_767_226_000_000_000_000).prop_map(|value| value.to_string()),
        any::<i32>().prop_map(|value| format!("{value}.50e-3")),
        "[0-9a-f]{12,14}|[\\x00-\\x1f]{0,3}|.{0,12}|2026-01-02T08:14:0[0-9].1(20)?Z"
            .prop_map(|text| json(&text)),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            proptest::collection::vec(("[a-z.]{0,6}", inner), 0..4).prop_map(|entries| {
                let entries: Vec<String> =
                    entries.into_iter().map(|(key, value)| format!("{}:{value}", json(&key))).collect();
                format!("{{{}}}", entries.join(","))
            }),
        ]
    })
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_alert_arrives_as_it_is(fields in proptest::collection::vec(("(proc\\.name|time|output|[a-z]{0,4})", value()), 0..6), output in ".{0,40}") {
        let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{}:{value}", json(key))).collect();
        let fields = fields.join(",");
        let line = format!(r#"{{"output":{},"rule":"R","output_fields":{{{fields}}},"time":"2026-01-02T08:14:05.12Z"}}"#, json(&output));
        let parcel = analyse("input", line.as_bytes()).parcel;
        let sheet = Sheet { lines: parcel.lines().unwrap().to_owned(), ..Sheet::default() };
        prop_assert_eq!(open(&link(&sheet)), Ok(sheet));
    }
}
