//! Attackers choose field values. Here they try to leave the place a value has, in every output.

use crate::files::{analyse, fixture, fixtures};
use crate::naive::selections;
use crate::outputs::{self, check_yaml};
pub use crate::outputs::{SHARP, alert_with};
use analysis::mitigation::Language;
use analysis::report::escape::{code_block, code_span, visible};
use analysis::report::{self, Report};
use analysis::share::{self, Sheet};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => proptest::sample::select(SHARP.to_vec()).prop_map(str::to_owned),
        2 => "[a-z/ ]{1,6}",
        1 => "\\PC{0,4}",
        1 => any::<char>().prop_map(|character| character.to_string()),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// Every output of a report keeps its structure, and every tuning file names something.
pub fn check(report: &Report) {
    outputs::check(report);
    for file in report.plan.files().into_iter().filter(|file| file.language == Language::Yaml) {
        if file.name.starts_with("falco/") && !file.name.contains("output_") {
            assert!(!selections(&file.content).is_empty());
        }
    }
}

#[test]
fn every_fixture_keeps_its_structure() {
    for (name, bytes) in fixtures() {
        check(&analyse(&name, &bytes).report);
    }
}

#[test]
fn values_that_can_be_written_are_written_exactly() {
    let name = "hostile_for_yaml.json";
    let report = analyse(name, &fixture(name)).report;
    check_yaml(&report);
    let files = report.plan.files();
    let tuning = files.iter().find(|file| file.name == "falco/known_ptrace_procs.yaml").unwrap();
    let condition = r#"or (proc.exepath = "/opt/a\"b\\c#:{x}&*!|>%@'é\ " and container.image.repository = "registry.example/x: #y\"z" and k8s.ns.name = "event-generator")"#;
    assert!(tuning.content.contains(condition), "{}", tuning.content);
}

#[test]
fn shell_commands_hold_values_as_single_words() {
    let name = "hostile_place_names.json";
    let report = analyse(name, &fixture(name)).report;
    let commands: Vec<String> = report::document(&report)
        .blocks
        .into_iter()
        .filter_map(|block| match block {
            report::document::Block::Steps(steps) => Some(steps),
            _ => None,
        })
        .flatten()
        .flat_map(|(_, commands)| commands)
        .map(|command| command.0)
        .collect();
    assert!(!commands.is_empty());
    for command in commands {
        let words = shlex::split(&command).unwrap();
        let reboots = words.iter().filter(|word| word.contains("reboot"));
        assert!(reboots.clone().all(|word| word == "$(reboot)" || word == "`reboot`"), "{command}");
        assert!(!command.contains("-x'"), "a value that looks like an option is left out: {command}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn reports_keep_their_structure(values in proptest::array::uniform6(hostile())) {
        let line = alert_with(&values);
        check(&analyse("input", line.as_bytes()).report);
    }

    #[test]
    fn several_findings_keep_their_structure(lines in proptest::collection::vec(proptest::array::uniform6(hostile()), 1..5)) {
        let lines: Vec<String> = lines.iter().map(alert_with).collect();
        check(&analyse("input", lines.join("\n").as_bytes()).report);
    }

    #[test]
    fn file_names_and_rubbish_are_hostile_too(name in hostile(), text in hostile(), rule in hostile()) {
        let alert = serde_json::json!({"rule": rule, "output": text}).to_string();
        check(&analyse(&name, format!("{text}\n{{{text}\n{alert}").as_bytes()).report);
    }

    #[test]
    fn a_code_span_shows_exactly_its_text(text in hostile()) {
        prop_assume!(!text.is_empty());
        let markdown = format!("a {} b", code_span(&text));
        let codes: Vec<String> = Parser::new_ext(&markdown, Options::all())
            .filter_map(|event| if let Event::Code(code) = event { Some(code.to_string()) } else { None })
            .collect();
        prop_assert_eq!(codes, [visible(&text).into_owned()]);
    }

    #[test]
    fn a_code_block_shows_exactly_its_lines(text in hostile()) {
        let markdown = code_block("text", &text);
        let mut events = Parser::new_ext(&markdown, Options::all());
        let opens = matches!(events.next(), Some(Event::Start(Tag::CodeBlock(_))));
        prop_assert!(opens);
        let mut shown = String::new();
        for event in events.by_ref() {
            match event {
                Event::Text(text) => shown.push_str(&text),
                Event::End(TagEnd::CodeBlock) => break,
                other => prop_assert!(false, "{other:?}"),
            }
        }
        prop_assert!(events.next().is_none());
        let lines: String = text.lines().map(|line| format!("{}\n", visible(line))).collect();
        prop_assert_eq!(shown, lines);
    }

    #[test]
    fn links_are_lossless(values in proptest::array::uniform6(hostile())) {
        let line = alert_with(&values);
        let parcel = analyse("input", line.as_bytes()).parcel;
        let link = share::link(&Sheet { lines: parcel.lines().unwrap().to_owned(), ..Sheet::default() });
        let canonical: serde_json::Value = serde_json::from_str(&line).unwrap();
        let reopened: serde_json::Value = serde_json::from_str(&share::open(&link).unwrap().lines).unwrap();
        prop_assert_eq!(canonical, reopened);
    }
}
