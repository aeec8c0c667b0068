//! What a stranger's file may hold.

use proptest::prelude::*;

use crate::promises::{VALID, check};

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes);
    }

    #[test]
    fn any_text_of_yaml_is_read(text in r#"([-?:,\[\]{}#&*!|>'"%@` \n\t]|[a-c]|rule|list|items|condition){0,60}"#) {
        check(text.as_bytes());
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
        check(&bytes);
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
    check(format!("{lists}- macro: m\n  condition: proc.name in (l59)\n").as_bytes());
    let mut macros = "- macro: m0\n  condition: proc.name = a\n".to_owned();
    for level in 1..60 {
        let inner = level - 1;
        macros = format!("{macros}- macro: m{level}\n  condition: m{inner} and m{inner}\n");
    }
    check(macros.as_bytes());
    let mut anchors = "- &a0 [x, x]\n".to_owned();
    for level in 1..60 {
        let inner = level - 1;
        anchors = format!("{anchors}- &a{level} [*a{inner}, *a{inner}]\n");
    }
    check(
        format!(
            "{anchors}- rule: R\n  exceptions: [{{name: e, fields: f, values: [*a59]}}]\n  append: true\n"
        )
        .as_bytes(),
    );
    check(&b"["[..].repeat(20_000));
    check(&b"- "[..].repeat(20_000));
    check(&b"a: {"[..].repeat(20_000));
    check(format!("- macro: m\n  condition: {}a\n", "(".repeat(20_000)).as_bytes());
    check(format!("- macro: m\n  condition: {}a\n", "not ".repeat(20_000)).as_bytes());
}

#[test]
fn what_the_fuzzer_begins_with_keeps_every_promise() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/rules");
    let mut tried = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        check(&bytes);
        tried += 1;
    }
    assert!(tried > 3, "{tried} inputs");
}
