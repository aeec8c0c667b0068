//! What a stranger's file may hold.

use proptest::prelude::*;
use rules::{Engine, Level, RuleFile, load, render};

const VALID: &str = "- required_engine_version: 0.31.0\n- list: shells\n  items: [bash, \"a b\"]\n- macro: m\n  \
                     condition: >\n    proc.name in (shells)\n    and not fd.name startswith \"/x\"\n- rule: R\n  \
                     desc: d\n  condition: evt.type = open and m\n  output: \"a %proc.name\"\n  priority: INFO\n  \
                     tags: [t]\n  exceptions:\n    - name: e\n      fields: [proc.name, fd.name]\n      comps: [in, \
                     startswith]\n      values:\n        - [[a, b], /etc]\n- rule: R\n  condition: or m\n  \
                     override: {condition: append}\n";

/// Loads a file in every way, and prints everything that is found.
fn survive(bytes: &[u8]) {
    let file = RuleFile { name: "r.yaml", bytes };
    for engine in [Engine::falco_0_44(), Engine::falco_0_44().with_all_plugins().assuming_base()] {
        let loaded = load(&[file, RuleFile { name: "v.yaml", bytes: VALID.as_bytes() }, file], &engine);
        for report in &loaded.files {
            assert_eq!(report.successful, report.errors.is_empty());
            assert!(report.errors.len() <= 1);
            for item in report.errors.iter().chain(&report.warnings).chain(&report.notes) {
                let rendered = render(item, Level::Note, &loaded.files, false);
                assert!(rendered.chars().all(|symbol| symbol == '\n' || !symbol.is_control()));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        survive(&bytes);
    }

    #[test]
    fn any_text_of_yaml_is_read(text in r#"([-?:,\[\]{}#&*!|>'"%@` \n\t]|[a-c]|rule|list|items|condition){0,60}"#) {
        survive(text.as_bytes());
    }

    #[test]
    fn a_valid_file_with_changes_is_read(
        changes in proptest::collection::vec((0..VALID.len(), 0..12_usize, "[-a-z(){}\\[\\]:,'\"=\n ]{0,4}"), 1..4),
    ) {
        let mut bytes = VALID.as_bytes().to_vec();
        for (at, length, text) in changes {
            let at = at.min(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, text.into_bytes());
        }
        survive(&bytes);
    }
}

/// As deep a stack as a program's main thread has.
const STACK: usize = 8 << 20;

#[test]
fn what_grows_without_end_is_refused() {
    std::thread::Builder::new().stack_size(STACK).spawn(grow).unwrap().join().unwrap();
}

fn grow() {
    let mut lists = "- list: l0\n  items: [a, a]\n".to_owned();
    for level in 1..60 {
        let inner = level - 1;
        lists = format!("- list: l{level}\n  items: [l{inner}, l{inner}]\n{lists}");
    }
    survive(format!("{lists}- macro: m\n  condition: proc.name in (l59)\n").as_bytes());
    let mut macros = "- macro: m0\n  condition: proc.name = a\n".to_owned();
    for level in 1..60 {
        let inner = level - 1;
        macros = format!("{macros}- macro: m{level}\n  condition: m{inner} and m{inner}\n");
    }
    survive(macros.as_bytes());
    let mut anchors = "- &a0 [x, x]\n".to_owned();
    for level in 1..60 {
        let inner = level - 1;
        anchors = format!("{anchors}- &a{level} [*a{inner}, *a{inner}]\n");
    }
    survive(
        format!(
            "{anchors}- rule: R\n  exceptions: [{{name: e, fields: f, values: [*a59]}}]\n  append: true\n"
        )
        .as_bytes(),
    );
    survive(&b"["[..].repeat(20_000));
    survive(&b"- "[..].repeat(20_000));
    survive(&b"a: {"[..].repeat(20_000));
    survive(format!("- macro: m\n  condition: {}a\n", "(".repeat(20_000)).as_bytes());
    survive(format!("- macro: m\n  condition: {}a\n", "not ".repeat(20_000)).as_bytes());
}
