//! Skimming alerts, which looks at their bytes alone: the same as reading every one of them in full.

use proptest::prelude::*;
use proptest::sample::Index;

use crate::files::{fixture, fixtures, fuzzed, shapes, shared};
use crate::noisy_day;
use analysis::alert::{Object, Value};
use analysis::ingest::{Found, Ingest, Place, Skimmed, Summary, Take};
use analysis::insight::{Fold, Insight};
use analysis::limits;

#[derive(Default)]
struct Groups {
    fold: Fold,
    skims: bool,
    skimmed: u64,
}

impl Take for Groups {
    fn take(&mut self, found: Found) {
        self.fold.add(found.alert, found.place);
    }

    fn skim(&mut self, line: &[u8], place: Place) -> Option<Skimmed> {
        let skimmed = self.skims.then(|| self.fold.skim(line, place))?;
        self.skimmed += u64::from(skimmed.is_some());
        skimmed
    }
}

/// The accounts, the groups, and how many alerts were skimmed.
fn read(bytes: &[u8], skims: bool, several_files: bool) -> (Summary, Insight, u64) {
    let mut ingest = if several_files { Ingest::of_several_files() } else { Ingest::default() };
    let mut groups = Groups { skims, ..Groups::default() };
    ingest.open("input");
    ingest.feed(bytes, &mut groups);
    ingest.close(&mut groups);
    (ingest.seal().unwrap(), groups.fold.seal(), groups.skimmed)
}

/// How many alerts were skimmed.
#[track_caller]
fn check(name: &str, bytes: &[u8], several_files: bool) -> u64 {
    let (summary, insight, skimmed) = read(bytes, true, several_files);
    let (whole_summary, whole_insight, none) = read(bytes, false, several_files);
    assert_eq!(none, 0);
    assert_eq!(summary, whole_summary, "{name}");
    assert_eq!(insight, whole_insight, "{name}");
    skimmed
}

fn noisy_lines(alerts: u64) -> Vec<u8> {
    noisy_day::lines(alerts).collect::<Vec<_>>().join("\n").into_bytes()
}

#[test]
fn nearly_all_of_a_noisy_day_is_skimmed() {
    let day = noisy_lines(4000);
    let skimmed = check("noisy day", &day, false);
    assert!(skimmed > 3000, "{skimmed} of 4000");
    assert_eq!(check("noisy day among other files", &day, true), skimmed);
}

/// Whatever alerts come in, twice over, so that the second ones may be skimmed.
#[test]
fn every_shape_and_every_real_file() {
    for (name, bytes) in shapes().into_iter().chain(fixtures()).chain(fuzzed()) {
        check(&name, &[bytes.as_slice(), b"\n", &bytes].concat(), false);
    }
    let Some(corpus) = shared("corpus") else { return };
    let folders = std::fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path());
    let mut skimmed = 0;
    for file in folders.filter(|folder| folder.is_dir()).flat_map(|folder| std::fs::read_dir(folder).unwrap())
    {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        skimmed += check(&path.display().to_string(), &[bytes.as_slice(), b"\n", &bytes].concat(), true);
    }
    assert!(skimmed > 0);
}

/// Long values that never come again fill the room for them; those after them are looked at anew each time.
#[test]
fn beyond_what_is_kept_of_values_alerts_are_skimmed_all_the_same() {
    let long = "x".repeat(8000);
    let letters = |at: usize| [at / 26 % 26, at % 26].map(|at| char::from(b'a' + u8::try_from(at).unwrap()));
    let line = |at: usize| {
        let [first, second] = letters(at);
        format!(
            r#"{{"rule":"R","priority":"Notice","source":"syscall","time":"2026-01-01T00:{:02}:{:02}.000000000Z","output_fields":{{"proc.exepath":"/bin/a","fd.name":"/{first}{second}{long}","proc.name":"p{}"}}}}"#,
            at / 60,
            at % 60,
            at % 3
        )
    };
    let lines: Vec<String> = (0..676).map(line).collect();
    let bytes = lines.join("\n").into_bytes();
    assert!(bytes.len() * 4 > limits::SKIMMED_BYTES, "the room is not filled");
    let skimmed = check("long values", &bytes, false);
    assert!(skimmed > 600, "{skimmed} of 676");
}

/// Texts that change what a line says, or whether it says anything.
const CHANGES: [&str; 24] = [
    "\"",
    "\\",
    "\\\"",
    "\\u0041",
    "\\n",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    " ",
    "0",
    "-",
    ".5",
    "e9",
    "null",
    "\"a\":1,",
    "\"rule\":\"S\",",
    "\"uuid\":\"u\",",
    "\"falco_report\":{\"marks\":[\"recovered\"]},",
    "ü",
    "\t",
    "\r",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn damaged_and_unusual_lines(
        edits in proptest::collection::vec((any::<Index>(), any::<Index>(), any::<Index>(), 0..3_usize), 1..60),
    ) {
        let day = noisy_lines(120);
        let mut lines: Vec<Vec<u8>> = day.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        lines.extend(fixture("many.jsonl").split(|byte| *byte == b'\n').map(<[u8]>::to_vec));
        for (line, at, change, cut) in edits {
            let which = line.index(lines.len());
            let line = &mut lines[which];
            let at = at.index(line.len() + 1);
            let end = (at + cut).min(line.len());
            line.splice(at..end, CHANGES[change.index(CHANGES.len())].bytes());
        }
        check("edited lines", &lines.join(&b'\n'), false);
        for line in &lines {
            looked_at_as_parsed(line);
        }
    }
}

/// What a glance reads is JSON, with the same keys and values.
fn looked_at_as_parsed(line: &[u8]) {
    let mut reader = glance::Reader::default();
    let Some(shape) = reader.read(line, b"output_fields") else { return };
    let object = Object::parse(line).unwrap();
    let parsed = object.iter().flat_map(|(name, value)| match value {
        Value::Object(inner) => inner.iter().map(|(name, value)| (name, true, value)).collect(),
        value => vec![(name, false, value)],
    });
    let text = |text: &str| Value::parse(format!("\"{text}\"").as_bytes()).unwrap();
    let keys = reader.keys(shape).iter();
    let looked = keys.map(|key| (text(&key.name), key.is_inner)).zip(reader.values(line));
    let parsed: Vec<_> =
        parsed.map(|(name, inner, value)| ((Value::String(name.to_owned()), inner), value.clone())).collect();
    let looked: Vec<_> = looked.map(|(key, value)| (key, Value::parse(value).unwrap())).collect();
    assert_eq!(looked, parsed);
}
