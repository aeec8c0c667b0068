//! The overview of a noisy day: a search finds exactly as many alerts as each number says.

use analysis::alert::Timestamp;
use analysis::insight::overview::{Count, overview, zoomed};
use analysis::search::{Search, facets::Counting, terms};
use analysis::{Options, Outcome, Session, limits};

use crate::noisy_day;

fn day() -> Outcome {
    let mut session = Session::new(Options { keep_alerts: true, ..Options::default() });
    session.open("day.jsonl");
    for line in noisy_day::lines(3000) {
        session.feed(format!("{line}\n").as_bytes());
    }
    // Neither a time, a priority nor a host, and values that are awkward to write.
    session.feed(br#"{"rule":"A \"quoted\" rule","output":"x","output_fields":{"k8s.ns.name":"a b","container.image.repository":"\"i"}}"#);
    session.close();
    session.finish()
}

fn total(query: &str, outcome: &Outcome) -> u64 {
    let mut search = Search::among(query, &outcome.report.insight, &outcome.shelf);
    while search.advance(&outcome.shelf, 1000) {}
    search.window(&outcome.shelf, 0, 0, &[], true).total
}

#[test]
fn every_number_is_what_its_query_finds() {
    let outcome = day();
    let overview = overview(&outcome.report.insight, &outcome.shelf);
    let findings = overview.findings.iter().map(|finding| &finding.count);
    let incidents = overview.incidents.iter().map(|story| &story.count);
    let cells = overview.matrix.iter().flat_map(|(_, cells)| cells);
    let tops = overview.tops.iter().flat_map(|(_, counts, _)| counts);
    let counts: Vec<&Count> = findings
        .chain(incidents)
        .chain(cells)
        .chain(tops)
        .chain(&overview.priorities)
        .chain(&overview.volume)
        .collect();
    for count in &counts {
        assert!(!count.query.is_empty() && count.alerts > 0, "{count:?}");
        assert_eq!(total(&count.query, &outcome), count.alerts, "{count:?}");
    }
    assert!(counts.len() > 30, "{}", counts.len());
    assert_eq!(overview.volume.iter().map(|count| count.alerts).sum::<u64>(), overview.alerts);
    assert_eq!(overview.priorities.iter().map(|count| count.alerts).sum::<u64>(), overview.alerts);
    assert!(overview.tops.iter().all(|(_, counts, _)| counts.len() <= limits::OVERVIEW_LISTED));
}

#[test]
fn every_number_of_a_facet_is_what_its_term_finds() {
    let outcome = day();
    let insight = &outcome.report.insight;
    let mut seen = 0;
    for query in [
        "",
        "priority:Notice",
        "proc.name exists",
        "host:nowhere rule:\"A \\\"quoted\\\" rule\"",
        "user:root x",
    ] {
        let mut search = Search::among(query, insight, &outcome.shelf);
        while search.advance(&outcome.shelf, 1000) {}
        let mut counting = Counting::new(&outcome.shelf);
        while counting.advance(&search, insight, &outcome.shelf, 700) {}
        for facet in counting.facets(query, &outcome.shelf) {
            assert!(facet.values.len() <= limits::FACET_VALUES + 2, "{}", facet.title);
            for value in &facet.values {
                let is_on = terms::named(query).iter().any(|(_, _, term)| *term == value.query);
                let narrowed = if is_on { query.to_owned() } else { terms::toggled(query, &value.query) };
                assert_eq!(total(&narrowed, &outcome), value.alerts, "{narrowed}: {value:?}");
                seen += 1;
            }
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn a_period_is_what_its_span_finds_also_when_zoomed() {
    let outcome = day();
    let whole = overview(&outcome.report.insight, &outcome.shelf).histogram;
    let time = |text: &String| Timestamp::parse(text).unwrap();
    let part = zoomed(&outcome.shelf, time(&whole.edges[3]), time(&whole.edges[5]));
    assert_ne!(part.length, whole.length);
    for histogram in [whole, part] {
        assert_eq!(histogram.edges.len(), histogram.periods.len() + 1);
        for (period, edges) in histogram.periods.iter().zip(histogram.edges.windows(2)) {
            let query = terms::of_span(time(&edges[0]), time(&edges[1]));
            assert_eq!(total(&query, &outcome), period.iter().sum::<u64>(), "{query}");
        }
    }
}

#[test]
fn an_incident_is_told_in_lanes() {
    let outcome = day();
    let overview = overview(&outcome.report.insight, &outcome.shelf);
    let [story] = overview.incidents.as_slice() else { panic!("{:?}", overview.incidents) };
    let rules: Vec<&str> = story.moments.iter().map(|moment| moment.rule.as_str()).collect();
    assert_eq!(rules, noisy_day::ATTACK);
    assert!(
        story.moments.iter().all(|moment| (moment.lane as usize) < story.lanes.len() && moment.at <= 1000)
    );
    assert!(story.moments.is_sorted_by_key(|moment| moment.at) && !story.links.is_empty());
}
