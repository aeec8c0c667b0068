//! Whole files to whole reports.

use crate::files::{analyse, analyse_in_chunks, fixture, fixtures, shared};
use analysis::insight::Class;
use analysis::report;
use analysis::share::{self, Sheet};

#[test]
fn markdown_of_every_fixture() {
    for (name, bytes) in fixtures() {
        insta::assert_snapshot!(name.as_str(), report::markdown(&analyse(&name, &bytes).report));
    }
}

#[test]
fn json_of_a_small_and_a_large_set() {
    for name in ["ptrace_event_generator_kubernetes.json", "many.jsonl", "malformed.txt"] {
        let json = report::json(&analyse(name, &fixture(name)).report);
        insta::assert_snapshot!(format!("json {name}"), json);
    }
}

#[test]
fn any_chunking_gives_the_same_report() {
    for (name, bytes) in fixtures() {
        let whole = analyse(&name, &bytes);
        for size in [1, 7, 64, 4096] {
            let chunks: Vec<&[u8]> = bytes.chunks(size).collect();
            let pieces = analyse_in_chunks(&name, &chunks);
            assert_eq!(pieces.report, whole.report, "{name} in chunks of {size}");
            assert_eq!(pieces.parcel, whole.parcel, "{name} in chunks of {size}");
        }
    }
}

#[test]
fn every_byte_and_record_is_accounted_for() {
    let mut files = fixtures();
    if let Some(corpus) = shared("corpus") {
        for shape in
            std::fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
        {
            for path in std::fs::read_dir(shape).unwrap().map(|entry| entry.unwrap().path()) {
                files.push((path.display().to_string(), std::fs::read(path).unwrap()));
            }
        }
    }
    for (name, bytes) in files {
        let report = analyse("x", &bytes).report;
        let [file] = report.files.as_slice() else { panic!("one file") };
        assert_eq!(file.size, bytes.len() as u64, "{name}");
        assert_eq!(file.in_bytes.total(), file.size, "{name}");
        assert_eq!(file.records, report.total, "{name}");
        let counted: u64 = report.insight.groups.iter().map(|group| group.count).sum();
        assert_eq!(counted + report.insight.beyond, report.total.alerts, "{name}");
        assert_eq!(report.insight.rules.values().sum::<u64>(), report.total.alerts, "{name}");
    }
}

/// Real files of plain JSON shapes: nearly every record is read. What is left is torn or no alert.
#[test]
fn real_files_of_the_shapes_read_so_far() {
    let Some(corpus) = shared("corpus") else { return };
    let mut total = analysis::ingest::Tally::default();
    for shape in [
        "raw_jsonl",
        "raw_stdout_mixed",
        "raw_stdout_bom",
        "raw_pretty_mixed",
        "sidekick_payload",
        "sidekick_ui_export",
    ] {
        for path in std::fs::read_dir(corpus.join(shape)).unwrap().map(|entry| entry.unwrap().path()) {
            let records = analyse("x", &std::fs::read(&path).unwrap()).report.total;
            assert!(records.alerts > 0, "no alert in {}", path.display());
            total.alerts += records.alerts;
            total.skipped += records.skipped;
        }
    }
    println!("{} alerts read, {} records skipped", total.alerts, total.skipped);
    assert!(total.skipped * 50 < total.alerts, "{} of {} skipped", total.skipped, total.alerts);
}

#[test]
fn a_link_gives_the_report_of_its_alerts() {
    for (name, bytes) in fixtures() {
        let parcel = analyse(&name, &bytes).parcel;
        let Ok(lines) = parcel.lines() else { continue };
        let sheet = Sheet { lines: lines.to_owned(), ..Sheet::default() };
        let link = share::link(&sheet);
        assert_eq!(share::open(&link).as_ref(), Ok(&sheet), "{name}");
        let (reopened, direct) = (analyse("link", lines.as_bytes()), analyse("link", lines.as_bytes()));
        assert_eq!(report::markdown(&reopened.report), report::markdown(&direct.report));
        assert_eq!(reopened.parcel.lines(), Ok(lines), "{name}: a link of a link is the same link");
        let before_appendix = |markdown: String| markdown.split("\n### Input").next().unwrap().to_owned();
        let original = analyse(&name, &bytes);
        if original.report.total.skipped == 0 {
            assert_eq!(
                before_appendix(report::markdown(&original.report)),
                before_appendix(report::markdown(&reopened.report)),
                "{name}"
            );
        }
    }
}

#[test]
fn shuffled_lines_change_only_record_numbers() {
    let text = String::from_utf8(fixture("many.jsonl")).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let report_of = |lines: &[&str]| {
        let markdown = report::markdown(&analyse("many.jsonl", lines.join("\n").as_bytes()).report);
        let unnumbered = |line: &&str| !line.starts_with("Record ") && !line.starts_with("Records ");
        markdown.lines().filter(unnumbered).collect::<Vec<_>>().join("\n")
    };
    let straight = report_of(&lines);
    lines.reverse();
    assert_eq!(report_of(&lines), straight);
    lines.rotate_left(5);
    assert_eq!(report_of(&lines), straight);
}

#[test]
fn the_reference_report_has_its_sections_in_order() {
    let name = "ptrace_event_generator_kubernetes.json";
    let outcome = analyse(name, &fixture(name));
    let titles: Vec<String> = report::contents(&outcome.report)
        .into_iter()
        .filter(|entry| entry.level <= 2)
        .map(|entry| entry.title)
        .collect();
    assert_eq!(
        titles,
        [
            "Alert Analysis Report",
            "Summary",
            "Detailed Analysis",
            "Risk Assessment",
            "Mitigation Strategies",
            "Conclusion",
            "Recommendation",
            "Next Steps",
            "Appendix"
        ]
    );
}

#[test]
fn a_time_is_printed_only_when_given() {
    let (name, bytes) = ("a.json", fixture("custom_rule.json"));
    let now = analysis::alert::Timestamp::parse("2026-05-01T00:00:00Z");
    let mut session = analysis::Session::new(analysis::Options { now, ..analysis::Options::default() });
    session.open(name);
    session.feed(&bytes);
    let dated = report::markdown(&session.finish().report);
    assert!(dated.contains("Made at 2026-05-01T00:00:00.000000000Z."));
    assert!(!report::markdown(&analyse(name, &bytes).report).contains("Made at"));
}

/// A real log in which one rule makes most of the alerts: what is redirected to the network comes first,
/// and health checks and graphical logins are nobody's attack.
#[test]
fn real_alerts_are_judged_soberly() {
    let Some(corpus) = shared("corpus") else { return };
    let (mut malicious, mut all) = (0, 0);
    for shape in ["raw_jsonl", "raw_stdout_mixed", "raw_pretty_mixed", "sidekick_payload"] {
        for path in std::fs::read_dir(corpus.join(shape)).unwrap().map(|entry| entry.unwrap().path()) {
            let insight = analyse("x", &std::fs::read(&path).unwrap()).report.insight;
            all += insight.rules.values().sum::<u64>();
            let suspected =
                insight.groups.iter().filter(|group| group.verdict.class == Class::LikelyMalicious);
            malicious += suspected.map(|group| group.count).sum::<u64>();
            if insight.rules.get("Execute whoami command").is_some_and(|count| *count > 600) {
                assert!(insight.groups.first().unwrap().rule.starts_with("Redirect STDOUT/STDIN to Network"));
            }
            let tests = insight.groups.iter().filter(|group| {
                group
                    .actor
                    .image
                    .known()
                    .is_some_and(|image| image.ends_with("falcosecurity/event-generator"))
            });
            for group in tests {
                assert_eq!(group.verdict.class, Class::TestActivity, "{}: {}", path.display(), group.rule);
            }
        }
    }
    println!("{malicious} of {all} alerts likely malicious");
    assert!(malicious * 50 < all, "{malicious} of {all}");
}
