//! A saved page that holds its alerts, loaded again.

use crate::files::{analyse, analyse_in_chunks, fixture, fixtures, read, shapes};
use crate::outputs::check_page_with_alerts;
use analysis::report;
use analysis::{Options, Outcome, Session};

fn page(outcome: &Outcome) -> String {
    report::page_with_alerts(&outcome.report, &outcome.parcel).unwrap()
}

/// What is said of the alerts, without what is said of the files that they were read from.
fn said(outcome: &Outcome) -> (String, serde_json::Value) {
    let markdown = report::markdown(&outcome.report);
    let (text, _) = markdown.split_once("\n## Appendix").unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&report::json(&outcome.report)).unwrap();
    let all = json.as_object_mut().unwrap();
    all.remove("skipped");
    let input = all["input"].as_object_mut().unwrap();
    for of_files in ["files", "records", "duplicates", "skipped", "noise"] {
        input.remove(of_files);
    }
    for note in input.get_mut("notes").and_then(serde_json::Value::as_array_mut).into_iter().flatten() {
        note.as_object_mut().unwrap().retain(|key, _| key == "code" || key == "alerts");
    }
    (text.to_owned(), json)
}

/// A page that is loaded again gives the report that it shows, and saved again, the same page.
pub fn check_again(outcome: &Outcome) {
    let saved = page(outcome);
    let again = analyse("input", saved.as_bytes());
    assert_eq!(again.parcel, outcome.parcel);
    let ((text, data), (shown, shown_data)) = (said(&again), said(outcome));
    assert_eq!(data, shown_data);
    // What was read beside the alerts, which the text may speak of, is no part of a page.
    let total = outcome.report.total;
    assert!(text == shown || total.skipped > 0 || total.alerts == 0, "{text}");
    let [file] = again.report.files.as_slice() else { panic!("one file") };
    assert_eq!((file.size, file.in_bytes.total()), (saved.len() as u64, saved.len() as u64));
    assert_eq!(again.report.total.total(), outcome.report.total.alerts, "the rest is no record");
}

#[test]
fn a_page_gives_its_report_again() {
    for (name, bytes) in fixtures().into_iter().chain(shapes()) {
        println!("{name}");
        let outcome = analyse("input", &bytes);
        check_page_with_alerts(&outcome);
        check_again(&outcome);
    }
}

#[test]
fn recovered_alerts_stay_recovered() {
    let (_, bytes) = shapes().into_iter().find(|(name, _)| name == "quoted_alert.log").unwrap();
    let outcome = analyse("input", &bytes);
    assert!(outcome.parcel.lines().unwrap().contains("\"recovered\""));
    check_again(&outcome);
}

#[test]
fn what_is_left_of_a_page_gives_what_is_certain() {
    let whole = page(&analyse("input", &fixture("many.jsonl")));
    let start = whole.find("<script").unwrap();
    let end = whole.find("</script>").unwrap();
    let alerts = read(&[whole.as_bytes()]).found;
    for cut in (start..end).step_by(7) {
        let (whole, _) = whole.split_at(cut);
        let left = read(&[whole.as_bytes()]);
        let complete = whole.rsplit_once('\n').map_or(0, |(lines, _)| lines.matches("\n{").count());
        assert_eq!(left.found[..complete], alerts[..complete], "cut at {cut}");
        assert!(left.found.len() <= complete + 1 && left.summary.total.skipped > 0, "cut at {cut}");
    }
    // Whatever is torn out of the block, nothing around it is taken for an alert.
    for cut in (start..end).step_by(97) {
        let torn = format!("{}{}", whole.split_at(cut).0, whole.split_at(end).1);
        let left = read(&[torn.as_bytes()]);
        assert!(left.found.iter().all(|found| found.place.offset < cut as u64), "torn at {cut}");
        assert_eq!(left.summary.files[0].in_bytes.total(), torn.len() as u64);
    }
}

#[test]
fn a_page_is_read_alike_however_it_arrives() {
    let whole = page(&analyse("input", &fixture("many.jsonl")));
    let expected = said(&analyse("input", whole.as_bytes()));
    for size in [1, 7, 4096] {
        let chunks: Vec<&[u8]> = whole.as_bytes().chunks(size).collect();
        assert_eq!(said(&analyse_in_chunks("input", &chunks)), expected);
    }
    // By way of an editor of Windows.
    let windows = whole.replace('\n', "\r\n");
    assert_eq!(said(&analyse("input", windows.as_bytes())), expected);
}

#[test]
fn too_many_alerts_are_not_held() {
    let mut session = Session::new(Options::default());
    session.open("input");
    let alert = format!("{{\"rule\":\"R\",\"output\":\"{}\"}}\n", "x".repeat(60_000));
    (0..10).for_each(|_| session.feed(alert.as_bytes()));
    let outcome = session.finish();
    assert_eq!(report::page_with_alerts(&outcome.report, &outcome.parcel), None);
}
