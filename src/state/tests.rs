//! Journeys through the states, each a few calls.

use analysis::share::View;

use super::*;
use crate::worker::protocol::{Accounting, Answer, Details, Topic};

/// Runs `journey` on the state of a page that was just opened.
fn with(journey: impl FnOnce(AppState)) {
    let owner = Owner::new();
    owner.set();
    journey(AppState::new(Theme::System));
}

fn rendered(headline: &str) -> Box<Rendered> {
    Box::new(Rendered {
        headline: headline.to_owned(),
        verdict: None,
        pieces: Vec::new(),
        contents: Vec::new(),
        files: 0,
        input: Accounting::default(),
        skipped: Vec::new(),
        can_embed: true,
        rule_files: Vec::new(),
        markdown: String::new(),
        remarks: Vec::new(),
    })
}

fn load(state: AppState, headline: &str) -> Epoch {
    let epoch = state.start(10);
    state.apply(Reply::Report { epoch, report: rendered(headline) });
    epoch
}

fn headline(state: AppState) -> Option<String> {
    state.report.get_untracked().map(|shown| shown.report.headline.clone())
}

fn screen(state: AppState) -> &'static str {
    state.screen.get_untracked().name()
}

#[test]
fn an_analysis_ends_in_a_report() {
    with(|state| {
        assert_eq!(screen(state), "welcome");
        let epoch = state.start(200);
        assert_eq!(screen(state), "loading");
        assert_eq!(state.progress.get_untracked().total, 200);
        let progress = Progress { done: 50, total: 200, alerts: 3, milliseconds: 9 };
        state.apply(Reply::Progress { epoch, progress });
        assert_eq!(state.progress.get_untracked(), progress);
        state.apply(Reply::Report { epoch, report: rendered("one") });
        assert_eq!((screen(state), headline(state).as_deref()), ("report", Some("one")));
    });
}

#[test]
fn words_about_an_older_analysis_change_nothing() {
    with(|state| {
        let old = state.start(1);
        let new = state.start(2);
        state.apply(Reply::Progress { epoch: old, progress: Progress { alerts: 9, ..Progress::default() } });
        state.apply(Reply::Failed { epoch: old, problem: Problem::Empty });
        state.apply(Reply::Report { epoch: old, report: rendered("old") });
        assert_eq!((screen(state), state.progress.get_untracked().alerts), ("loading", 0));
        state.apply(Reply::Report { epoch: new, report: rendered("new") });
        assert_eq!(headline(state).as_deref(), Some("new"));
    });
}

#[test]
fn cancel_shows_at_once_and_a_late_report_is_dropped() {
    with(|state| {
        assert_eq!(state.cancel(), None);
        let epoch = state.start(1);
        assert_eq!(state.cancel(), Some(epoch));
        assert_eq!(screen(state), "cancelled");
        state.apply(Reply::Report { epoch, report: rendered("late") });
        assert_eq!((screen(state), headline(state)), ("cancelled", None));
    });
}

#[test]
fn what_was_read_before_a_cancel_becomes_a_report_when_asked_for() {
    with(|state| {
        assert_eq!(state.conclude(), None);
        let epoch = state.start(1);
        state.cancel();
        assert_eq!(state.conclude(), Some(epoch));
        state.apply(Reply::Report { epoch, report: rendered("part") });
        assert_eq!((screen(state), headline(state).as_deref()), ("report", Some("part")));
    });
}

#[test]
fn what_a_link_is_stands_in_its_offer() {
    with(|state| {
        let glanced = |fragment: &str| {
            let facts = Ok(vec!["one alert".to_owned()]);
            state.apply(Reply::Glanced { fragment: fragment.to_owned(), facts });
            state.offer.get_untracked().map(|offered| offered.facts)
        };
        assert_eq!(glanced("#a"), None);
        state.offer_link("#a".to_owned());
        assert_eq!(glanced("#b"), Some(None));
        assert_eq!(glanced("#a"), Some(Some(Ok(vec!["one alert".to_owned()]))));
        state.decline();
        assert_eq!(glanced("#a"), None);
    });
}

#[test]
fn a_text_being_written_is_work() {
    with(|state| {
        assert!(!state.is_busy());
        state.draft.set("{".to_owned());
        assert!(state.is_busy());
    });
}

#[test]
fn speed_is_told_once_it_is_known() {
    let line =
        |done, milliseconds| speed_line(Progress { done, total: 1_000_000_000, alerts: 0, milliseconds });
    assert_eq!(line(0, 900), "");
    assert_eq!(line(50_000_000, 400), "");
    assert_eq!(line(100_000_000, 1000), "100 MB a second, about 9 seconds left");
    assert_eq!(line(1_000_000_000, 10_000), "100 MB a second, less than a second left");
    assert_eq!(line(1_000_000, 1000), "1 MB a second, about 16 minutes left");
}

#[test]
fn the_report_stays_within_reach_of_a_failed_load() {
    with(|state| {
        load(state, "first");
        let second = state.start(1);
        state.apply(Reply::Failed { epoch: second, problem: Problem::Link("damaged".into()) });
        assert_eq!(screen(state), "problem");
        state.back_to_report();
        assert_eq!((screen(state), headline(state).as_deref()), ("report", Some("first")));
    });
}

#[test]
fn leaving_a_load_makes_its_report_stale() {
    with(|state| {
        let epoch = state.start(1);
        state.begin_anew();
        state.apply(Reply::Report { epoch, report: rendered("late") });
        assert_eq!(screen(state), "welcome");
    });
}

#[test]
fn exports_belong_to_the_report_that_is_shown() {
    with(|state| {
        let first = load(state, "first");
        state.export(Format::Json);
        assert_eq!(
            state.apply(Reply::Exported { epoch: first, format: Format::Json }),
            Followup::Save(Format::Json)
        );
        assert_eq!(state.exporting.get_untracked(), None);
        assert_eq!(state.notice.get_untracked().as_deref(), Some("Saved falco-report.json."));
        load(state, "second");
        assert_eq!(state.apply(Reply::Exported { epoch: first, format: Format::Json }), Followup::Nothing);
    });
}

#[test]
fn exports_work_after_another_load_was_cancelled() {
    with(|state| {
        let first = load(state, "first");
        state.start(1);
        state.cancel();
        state.back_to_report();
        assert_eq!(
            state.apply(Reply::Exported { epoch: first, format: Format::Html }),
            Followup::Save(Format::Html)
        );
    });
}

#[test]
fn a_broken_worker_ends_what_it_was_doing() {
    with(|state| {
        state.worker_broke("while idle".into());
        assert_eq!(screen(state), "welcome");
        let epoch = state.start(1);
        state.worker_broke("out of memory".into());
        assert_eq!(state.screen.get_untracked(), Screen::Problem(Problem::Worker("out of memory".into())));
        state.apply(Reply::Report { epoch, report: rendered("late") });
        assert_eq!(screen(state), "problem");

        load(state, "again");
        state.export(Format::Html);
        state.worker_broke("while exporting".into());
        assert_eq!((screen(state), state.exporting.get_untracked()), ("report", None));
        assert!(state.notice.get_untracked().is_some());
    });
}

#[test]
fn a_shared_report_waits_when_there_is_work() {
    with(|state| {
        assert!(!state.is_busy());
        load(state, "mine");
        assert!(state.is_busy());
        state.offer_link("#r1.x".into());
        state.decline();
        assert_eq!((state.offer.get_untracked(), headline(state).as_deref()), (None, Some("mine")));
        state.offer_link("#r1.x".into());
        state.start(0);
        assert_eq!(state.offer.get_untracked(), None);
    });
}

#[test]
fn the_theme_goes_round() {
    with(|state| {
        let mut seen = Vec::new();
        for _ in 0..4 {
            seen.push(state.theme.get_untracked());
            state.cycle_theme();
        }
        assert_eq!(seen, [Theme::System, Theme::Light, Theme::Dark, Theme::System]);
    });
}

fn details(record: u64) -> Box<Answer> {
    Box::new(Answer::Details(Details { record, ..Details::default() }))
}

fn shown_record(state: AppState) -> Option<u64> {
    state.desk().details().get_untracked().map(|details| details.record)
}

#[test]
fn only_the_last_question_of_a_topic_is_answered() {
    with(|state| {
        let epoch = load(state, "first");
        let old = state.desk().ask(Topic::Details);
        let new = state.desk().ask(Topic::Details);
        state.desk().ask(Topic::Search);
        state.apply(Reply::Answer { epoch, number: new, answer: details(2) });
        state.apply(Reply::Answer { epoch, number: old, answer: details(1) });
        assert_eq!(shown_record(state), Some(2));
        state.desk().forget(Topic::Details);
        state.apply(Reply::Answer { epoch, number: new, answer: details(2) });
        assert_eq!(shown_record(state), None);
    });
}

#[test]
fn another_report_begins_with_nothing_found() {
    with(|state| {
        let first = load(state, "first");
        let number = state.desk().ask(Topic::Details);
        state.apply(Reply::Answer { epoch: first, number, answer: details(1) });
        state.desk().query().set("curl".to_owned());
        state.desk().draft().set("proc.name = curl".to_owned());
        state.desk().show(Tab::Lab);
        let later = state.desk().ask(Topic::Details);
        load(state, "second");
        assert_eq!((shown_record(state), state.desk().tab().get_untracked()), (None, Tab::Report));
        assert_eq!(state.desk().query().get_untracked(), "");
        assert_eq!(state.desk().draft().get_untracked(), "proc.name = curl", "it can be tried again");
        state.apply(Reply::Answer { epoch: first, number: later, answer: details(1) });
        assert_eq!(shown_record(state), None);
    });
}

#[test]
fn a_comparison_ends_with_its_answer_or_with_the_report() {
    with(|state| {
        let epoch = load(state, "alerts");
        let desk = state.desk();
        let answer = |reason: &str| Box::new(Answer::Compared(Err(reason.to_owned())));
        let said = || desk.compared().get_untracked().and_then(Result::err);
        let old = desk.compare();
        let number = desk.compare();
        state.apply(Reply::Answer { epoch, number: old, answer: answer("old") });
        assert_eq!((said(), desk.is_comparing().get_untracked()), (None, true));
        state.apply(Reply::Answer { epoch, number, answer: answer("new") });
        assert_eq!((said().as_deref(), desk.is_comparing().get_untracked()), (Some("new"), false));
        desk.compare();
        load(state, "others");
        assert_eq!((said(), desk.is_comparing().get_untracked()), (None, false));
    });
}

#[test]
fn what_comes_beside_a_report_leaves_the_view() {
    with(|state| {
        load(state, "alerts");
        state.desk().show(Tab::Lab);
        state.desk().stay();
        let epoch = load(state, "alerts with rules");
        assert_eq!(state.desk().tab().get_untracked(), Tab::Lab);
        state.apply(Reply::Gone { epoch });
        assert!(state.desk().is_lost().get_untracked() && state.notice.get_untracked().is_none());
        load(state, "others");
        assert_eq!(state.desk().tab().get_untracked(), Tab::Report);
        assert!(!state.desk().is_lost().get_untracked());
    });
}

#[test]
fn many_alerts_begin_with_the_overview() {
    with(|state| {
        for (alerts, remark, tab) in
            [(20, None, "report"), (21, None, "overview"), (21, Some("A link of 21 alerts."), "report")]
        {
            let epoch = state.start(10);
            let mut report = rendered("many");
            report.input.alerts = alerts;
            report.remarks.extend(remark.map(str::to_owned));
            state.apply(Reply::Report { epoch, report });
            assert_eq!(state.desk().tab().get_untracked().name(), tab, "{alerts} alerts, {remark:?}");
        }
    });
}

#[test]
fn an_address_is_shown_when_its_report_comes() {
    with(|state| {
        let desk = state.desk();
        let view = View {
            tab: "alerts".to_owned(),
            query: "proc.name = curl".to_owned(),
            sort: Some(("time".to_owned(), true)),
            alert: Some(4),
        };
        desk.begin_with(view.clone());
        assert_eq!((state.looks_at(), desk.next_alert()), (Some(None), Some(4)));
        let epoch = state.start(10);
        assert_eq!(state.looks_at(), None);
        state.apply(Reply::Report { epoch, report: rendered("one") });
        // The alert itself has to be asked for.
        assert_eq!(state.looks_at(), Some(Some(View { alert: None, ..view.clone() })));
        assert!(!desk.arrange(&view), "the same rows");
        assert!(desk.arrange(&View { sort: None, ..view }));
        assert_eq!(desk.tab().get_untracked(), Tab::Alerts);
        // The next report is another one.
        load(state, "two");
        assert_eq!(state.looks_at(), Some(Some(View { tab: "report".to_owned(), ..View::default() })));
        desk.arrange(&View { tab: "nonsense".to_owned(), ..View::default() });
        assert_eq!(desk.tab().get_untracked(), Tab::Report);
    });
}
