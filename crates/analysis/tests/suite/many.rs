//! From many alerts to few findings: a noisy day, in parts and shuffled.

use proptest::prelude::*;

use crate::files::{analyse, fixture, read, shared};
use crate::noisy_day::{self, ATTACK, NOISY_RULES, RARE};
use analysis::alert::{Alert, Object, Priority};
use analysis::ingest::{Found, Place};
use analysis::insight::{Fold, Insight, noise};
use analysis::{limits, report};

fn day(noise: u64) -> Vec<Found> {
    let text: Vec<String> = noisy_day::lines(noise).collect();
    read(&[text.join("\n").as_bytes()]).found
}

fn fold(found: &[Found]) -> Fold {
    let mut fold = Fold::default();
    for one in found {
        fold.add(one.alert.clone(), one.place);
    }
    fold
}

fn rules(insight: &Insight, groups: impl Iterator<Item = usize>) -> Vec<&str> {
    groups.map(|group| insight.groups[group].rule.as_str()).collect()
}

#[test]
fn the_attack_is_one_incident_with_its_steps_in_order() {
    let insight = fold(&day(3000)).seal();
    let [incident] = insight.incidents.listed.as_slice() else {
        panic!("one incident: {:#?}", insight.incidents)
    };
    assert_eq!(rules(&insight, incident.steps.iter().map(|step| step.group)), ATTACK);
    assert_eq!((incident.count, incident.records.len()), (6, 6));
    assert_eq!(incident.tactics.first(), Some(&"initial-access"));
    assert_eq!(incident.tactics.last(), Some(&"command-and-control"));
    let kinds: Vec<&str> = incident.links.iter().map(|link| link.kind.name()).collect();
    assert_eq!(kinds, ["container", "pod", "address"]);
}

#[test]
fn the_noise_budget_leaves_what_is_to_be_read() {
    let insight = fold(&day(3000)).seal();
    let budget = noise::budget(&insight);
    let loud = rules(&insight, budget.loud.iter().copied());
    assert!(loud.iter().all(|rule| rule.starts_with("Platform rule")), "{loud:?}");
    assert_eq!(budget.alerts, 3000 + RARE + 6);
    assert!(budget.loud_alerts * 100 >= budget.alerts * 98, "{budget:?}");
    assert_eq!(budget.rules.iter().map(|share| share.alerts).sum::<u64>(), budget.alerts);
    let one = budget.rules.iter().find(|share| share.rule == "Platform rule 00").unwrap();
    assert_eq!((one.groups, one.actors, one.hosts, one.periods), (1, 1, 12, 48));
    assert!(one.alerts > 1400);
    let quiet: u64 = budget.by_priority.iter().map(|(_, level)| level.quiet_alerts).sum();
    assert_eq!(quiet, budget.quiet_alerts());
    assert_eq!(insight.incidents.steady, NOISY_RULES);
}

/// A real log of some seven hundred alerts, nearly all of one rule.
#[test]
fn a_noisy_log_comes_out_as_a_handful_of_findings() {
    let Some(corpus) = shared("corpus") else { return };
    let mut met = 0;
    for path in std::fs::read_dir(corpus.join("raw_pretty_mixed")).unwrap().map(|file| file.unwrap().path()) {
        let report = analyse("x", &std::fs::read(&path).unwrap()).report;
        let insight = &report.insight;
        let most = insight.rules.values().max().copied().unwrap_or_default();
        if report.total.alerts < 500 || most * 10 < report.total.alerts * 9 {
            continue;
        }
        met += 1;
        assert!(insight.groups.len() < 10, "{}: {}", path.display(), insight.groups.len());
        assert_eq!(insight.groups[0].rule, "Redirect STDOUT/STDIN to Network Connection in Container");
        assert!(report::markdown(&report).contains("1 finding makes 95.9 % of the volume."));
    }
    assert!(met > 0, "the log is not there");
}

#[test]
fn every_alert_of_a_finding_can_be_asked_for() {
    let insight = fold(&day(300)).seal();
    let mut reached = 0;
    for (at, group) in insight.groups.iter().enumerate() {
        assert_eq!(insight.asked_for(&format!(" finding:{}", group.id)), Some(at));
        let members = insight.members(at).count() as u64;
        assert_eq!(members, group.count);
        reached += members;
    }
    assert_eq!((reached, insight.asked_for("finding:")), (300 + RARE + 6, None));
}

#[test]
fn the_report_of_a_day_is_bounded_and_says_what_it_leaves_out() {
    let text: Vec<String> = noisy_day::lines(3000).collect();
    let report = analyse("day.jsonl", text.join("\n").as_bytes()).report;
    let markdown = report::markdown(&report);
    assert!(markdown.len() < 120_000, "{}", markdown.len());
    for said in [
        "1 incident: 6 alerts of 6 rules, linked by the same container `c0ffee123456`",
        "24 findings make 99.5 % of the volume. The 15 other alerts, in 9 findings, are the ones to read.",
        "24 findings that alert all the time link nothing and are in no incident.",
        "Only the 20 most urgent of 33 findings are described here",
        "9 loud findings more: see the JSON report.",
    ] {
        assert!(markdown.contains(said), "{said}");
    }
    let page = report::page(&report);
    assert_eq!(page.matches("<svg").count(), 2);
    assert_eq!(page.matches("<table>").count(), markdown.matches("\n| ---").count());
    let json: serde_json::Value = serde_json::from_str(&report::json(&report)).unwrap();
    let [incident] = json["incidents"].as_array().unwrap().as_slice() else { panic!("one incident") };
    let kinds: Vec<&str> =
        incident["links"].as_array().unwrap().iter().map(|link| link["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["container", "pod", "address"]);
    assert_eq!(incident["alerts"].as_array().unwrap().len(), 6);
}

#[test]
fn every_alert_of_a_group_is_reached_and_its_differing_values_are_counted() {
    let found = day(3000);
    let insight = fold(&found).seal();
    let at = insight.groups.iter().position(|group| group.rule == "Platform rule 00").unwrap();
    let group = &insight.groups[at];
    let members: Vec<u64> = insight.members(at).collect();
    assert_eq!(members.len() as u64, group.count);
    let of_group = |record: &u64| found[usize::try_from(record - 1).unwrap()].alert.rule() == group.rule;
    assert!(members.iter().all(of_group));
    let fields: Vec<&str> = group.spreads.iter().map(|spread| spread.field.as_str()).collect();
    assert_eq!(fields, ["container.id", "fd.name", "hostname", "k8s.pod.name"]);
    let hosts = &group.spreads[2];
    let counted: u64 = hosts.values.iter().map(|(_, count)| count).sum();
    assert_eq!((hosts.values.len(), hosts.more, counted), (12, false, group.count));
    assert!(group.spreads[0].more, "40 containers are more than are kept");
    let exact = |(id, count): &(Option<String>, u64)| {
        let has = |found: &&Found| {
            found.alert.rule() == group.rule && found.alert.field_text("container.id") == id.as_deref()
        };
        found.iter().filter(has).count() as u64 == *count
    };
    assert!(group.spreads[0].values.iter().all(exact));
}

#[test]
fn the_bound_on_groups_keeps_the_same_ones_in_any_order_and_counts_the_rest() {
    let alert = |at: usize| {
        let priority = if at.is_multiple_of(500) { "Critical" } else { "Notice" };
        let name: String = at.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
        let json = format!(
            r#"{{"rule":"R {}","priority":"{priority}","hostname":"n","output_fields":{{"proc.exepath":"/{name}"}}}}"#,
            at % 7
        );
        Alert::from_object(Object::parse(json.as_bytes()).unwrap()).unwrap()
    };
    let all = limits::GROUPS + 1000;
    let folded = |order: &mut dyn Iterator<Item = usize>| {
        let mut fold = Fold::default();
        for at in order {
            fold.add(alert(at), Place { file: (0, 0), offset: at as u64 });
        }
        fold
    };
    let straight = folded(&mut (0..all)).seal();
    assert_eq!((straight.groups.len(), straight.beyond), (limits::GROUPS, 1000));
    assert_eq!(straight.rules.values().sum::<u64>(), all as u64);
    assert_eq!(straight.hosts["n"], all as u64);
    let critical = straight.groups.iter().filter(|group| group.priority == Some(Priority::Critical));
    assert_eq!(critical.count(), all.div_ceil(500), "the least urgent were dropped");
    assert_eq!(folded(&mut (0..all).rev()).seal(), straight);
    let mut half = folded(&mut (0..all).filter(|at| at % 2 == 1));
    half.merge(folded(&mut (0..all).filter(|at| at % 2 == 0)));
    assert_eq!(half.seal(), straight);
}

fn check_parts(found: &[Found], picks: &[u64], parts: u64) -> Result<(), TestCaseError> {
    let whole = fold(found).seal();
    let mut folds: Vec<Fold> = (0..parts).map(|_| Fold::default()).collect();
    for (one, pick) in found.iter().zip(picks.iter().cycle()) {
        folds[usize::try_from(pick % parts).unwrap()].add(one.alert.clone(), one.place);
    }
    // Pairs first, so that parts merge with merged parts too.
    while folds.len() > 1 {
        let at = usize::try_from(picks[folds.len() % picks.len()]).unwrap_or_default() % (folds.len() - 1);
        let part = folds.remove(at);
        folds[at].merge(part);
    }
    prop_assert_eq!(folds.remove(0).seal(), whole);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn parts_merge_to_the_whole(picks in proptest::collection::vec(any::<u64>(), 5..60), parts in 1..7_u64) {
        check_parts(&day(300), &picks, parts)?;
        check_parts(&read(&[&fixture("many.jsonl")]).found, &picks, parts)?;
    }

    #[test]
    fn shuffled_alerts_change_only_record_numbers(seed in any::<u64>()) {
        let found = day(300);
        let places: Vec<_> = found.iter().map(|one| one.place).collect();
        let mut shuffled = found.clone();
        shuffled.sort_by_key(|one| (one.place.offset ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        for (one, place) in shuffled.iter_mut().zip(places) {
            one.place = place;
        }
        let unnumbered = |found: &[Found]| {
            let mut insight = fold(found).seal();
            insight.sightings.clear();
            insight.groups.iter_mut().for_each(|group| group.records.clear());
            for incident in &mut insight.incidents.listed {
                incident.records.clear();
                incident.steps.iter_mut().for_each(|step| step.record = 0);
            }
            insight
        };
        prop_assert_eq!(unnumbered(&shuffled), unnumbered(&found));
    }
}
