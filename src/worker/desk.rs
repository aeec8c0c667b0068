//! The worker's answers about the alerts of the last report.
//!
//! A search or trial of many alerts is done in slices, with a turn of the event loop between them, so the
//! next question is heard while one is being answered, and the older one ends.

use std::cell::{Cell, OnceCell, RefCell};

use analysis::{
    Outcome,
    alert::Timestamp,
    insight::overview::{self, Overview},
    lab,
    lab::{Effect, Findings, Trial},
    mitigation::Change,
    redact::{self, Wishes},
    report::{self, Report},
    review::Opinion,
    search::{
        self, Search,
        facets::{Counting, Facet},
    },
    share::{self, Sheet},
    shelf::{Order, Row, Shelf},
};

use super::{
    bench,
    host::reply,
    protocol::{Answer, Details, Epoch, Format, Question, Reply, Reviewed, Shared, Topic, Tried},
};
use crate::platform::{clock, scope};

/// Rows of alerts that are sent at once.
const ROWS: usize = 200;

/// How long a search may say nothing new, in milliseconds.
const PACE: f64 = 60.0;

/// Rows of each part of an effect.
const EXAMPLES: usize = 20;

/// Alerts between two looks at the clock.
const STEP: usize = 1024;

/// How long the scope may be kept, in milliseconds.
const SLICE: f64 = 12.0;

/// The last report, and what has been found out about its alerts.
pub struct Held {
    pub epoch: Epoch,
    pub outcome: Outcome,
    /// What to know about the link that the alerts came from, as sentences.
    pub remarks: Vec<String>,
    /// The rule files, loaded when a text is tried for the first time.
    base: OnceCell<lab::Base>,
    /// The last search, for the next window of it; it may not have come to its end.
    search: RefCell<Option<Search>>,
    /// What was counted of it.
    counting: RefCell<Option<Counting>>,
    /// The last question of each topic.
    numbers: [Cell<u32>; Topic::COUNT],
}

impl Held {
    /// Nothing has been asked yet.
    pub fn new(epoch: Epoch, outcome: Outcome, remarks: Vec<String>) -> Self {
        let (base, search, counting) = (OnceCell::new(), RefCell::new(None), RefCell::new(None));
        Self { epoch, outcome, remarks, base, search, counting, numbers: Default::default() }
    }

    /// Whether the alerts came by a share link: there is always something to say of one.
    pub fn is_of_link(&self) -> bool {
        !self.remarks.is_empty()
    }

    /// The rule files, ready for texts to be loaded after them.
    pub fn base(&self) -> &lab::Base {
        self.base.get_or_init(|| lab::Base::new(&self.outcome.rule_files))
    }

    fn number(&self, topic: Topic) -> Option<&Cell<u32>> {
        self.numbers.get(topic as usize)
    }

    /// Whether no later question has come on this topic.
    fn is_wanted(&self, topic: Topic, number: u32) -> bool {
        self.number(topic).is_some_and(|last| last.get() == number)
    }
}

/// Answers a question, unless a later one makes it stale.
pub async fn answer(held: &Held, number: u32, question: Question) {
    let topic = question.topic();
    if let Some(last) = held.number(topic) {
        last.set(number);
    }
    let shelf = &held.outcome.shelf;
    let answer = match question {
        Question::Search { query, order, offset, columns } => {
            let Some(window) = search(held, number, &query, order, &Part { offset, columns }).await else {
                return;
            };
            Answer::Found(window)
        }
        Question::Facets { query } => {
            let Some(facets) = facets(held, number, &query).await else { return };
            Answer::Facets(facets)
        }
        Question::Columns => Answer::Columns(shelf.column_names()),
        Question::Save { format, runs, columns } => {
            let Some(bytes) = rows_as_file(held, number, format, &runs, &columns).await else { return };
            return reply(&Reply::Exported { epoch: held.epoch, format }, Some(&bytes));
        }
        Question::Complete { query, cursor } => Answer::Choices(search::complete(&query, cursor, shelf)),
        Question::Details { record } => Answer::Details(details(&held.outcome, record)),
        Question::Try { text } => {
            let Some(tried) = try_text(held, number, &text).await else { return };
            Answer::Tried(tried)
        }
        Question::Benches => Answer::Benches(bench::benches(&held.outcome)),
        Question::Prove(change) => {
            let Some(findings) = prove(held, number, &change).await else { return };
            Answer::Proved(bench::prove(&held.outcome, held.base(), &change, findings))
        }
        Question::Explain { text, record } => {
            Answer::Explanation(lab::explain(&text, record, shelf, held.base()))
        }
        Question::Review { kept, changes } => Answer::Reviewed(review(&held.outcome.report, &kept, changes)),
        Question::Overview { span } => Answer::Overview(overview(held, span)),
        Question::Share { redaction, compact, password } => {
            Answer::Shared(share(&held.outcome, redaction, compact, password.as_deref()))
        }
    };
    tell(held, number, answer);
}

fn tell(held: &Held, number: u32, answer: Answer) {
    reply(&Reply::Answer { epoch: held.epoch, number, answer: Box::new(answer) }, None);
}

/// Takes in what was kept and what was changed; what was made of the findings then. No alert is read again.
fn review(report: &Report, kept: &str, changes: Vec<(String, Option<Opinion>)>) -> Reviewed {
    let mut review = report.review.borrow_mut();
    review.remember(kept);
    let mut is_full = false;
    for (id, opinion) in changes {
        is_full |= !review.set(&report.insight, &id, opinion);
    }
    let standings = review.standings(&report.insight);
    let marked = report.insight.groups.iter().zip(standings).filter_map(|(group, standing)| {
        let standing = standing?;
        Some((group.id.clone(), standing.opinion.clone(), standing.is_current))
    });
    let (marks, text) = (marked.collect(), review.text());
    drop(review);
    Reviewed { marks, line: report::review_line(report), text, is_full }
}

fn details(outcome: &Outcome, record: u64) -> Details {
    let (shelf, insight) = (&outcome.shelf, &outcome.report.insight);
    Details {
        record,
        groups: shelf.groups(record),
        lineage: shelf.lineage(record),
        json: shelf.pretty(record),
        siblings: insight.siblings(record),
    }
}

/// The overview, its histogram over a span where that is one.
fn overview(held: &Held, span: Option<(String, String)>) -> Overview {
    let shelf = &held.outcome.shelf;
    let mut overview = overview::overview(&held.outcome.report.insight, shelf);
    let span = span.and_then(|(from, to)| Some((Timestamp::parse(&from)?, Timestamp::parse(&to)?)));
    if let Some((from, to)) = span {
        overview.histogram = overview::zoomed(shelf, from, to);
    }
    overview
}

fn share(outcome: &Outcome, redaction: Option<Wishes>, compact: bool, password: Option<&str>) -> Shared {
    let nothing = |sentence: String| Shared { link: Err(sentence), hits: Vec::new() };
    let lines = match outcome.parcel.lines() {
        Ok(lines) => lines,
        Err(error) => return nothing(error.to_string()),
    };
    let redacted = redaction.is_some();
    let (lines, hits) = match redaction {
        None => (lines.to_owned(), Vec::new()),
        Some(wishes) => match redact::lines(lines, wishes) {
            Some(redacted) => redacted,
            None => return nothing("There is too much to redact in these alerts.".to_owned()),
        },
    };
    let rules = outcome.is_shaped_by_files();
    let sheet = Sheet { lines, redacted, rules, ..Sheet::default() };
    let sheet = if compact { sheet.compacted() } else { sheet };
    let link = match password {
        None => Ok(share::link(&sheet)),
        Some(password) => encrypted(&sheet, password),
    };
    Shared { link, hits }
}

fn encrypted(sheet: &Sheet, password: &str) -> Result<String, String> {
    let mut salt = [0; share::SALT];
    if !scope::randomise(&mut salt) {
        return Err(
            "This browser gives no random numbers, without which nothing can be encrypted.".to_owned()
        );
    }
    share::link_with_password(sheet, password, salt).map_err(|error| error.to_string())
}

/// What of the alerts that were found is wanted.
struct Part {
    offset: u64,
    columns: Vec<String>,
}

/// Searches and sorts to the end, and says in between what is known. A search that a later question interrupts
/// stays, and goes on from there if that question is about the same query.
async fn search(
    held: &Held,
    number: u32,
    query: &str,
    order: Option<Order>,
    part: &Part,
) -> Option<search::Window> {
    let shelf = &held.outcome.shelf;
    begin(held, query, order);
    let (mut told, mut is_first) = (clock::milliseconds(), true);
    while go_on(held) {
        if is_first || clock::milliseconds() - told >= PACE {
            let known = window(held, shelf, part, false).filter(|window| !window.rows.is_empty());
            if let Some(known) = known {
                tell(held, number, Answer::Found(known));
                (told, is_first) = (clock::milliseconds(), false);
            }
        }
        scope::turn().await;
        if !held.is_wanted(Topic::Search, number) {
            return None;
        }
    }
    window(held, shelf, part, true)
}

fn begin(held: &Held, query: &str, order: Option<Order>) {
    let (shelf, insight) = (&held.outcome.shelf, &held.outcome.report.insight);
    let mut last = held.search.borrow_mut();
    let same = last.take().filter(|search| search.query() == query);
    let mut search = same.unwrap_or_else(|| {
        held.counting.replace(None);
        Search::among(query, insight, shelf)
    });
    search.sort(order);
    *last = Some(search);
}

/// Goes on for a slice; whether there is more.
fn go_on(held: &Held) -> bool {
    let began = clock::milliseconds();
    let mut last = held.search.borrow_mut();
    let Some(search) = &mut *last else { return false };
    while search.advance(&held.outcome.shelf, STEP) {
        if clock::milliseconds() - began >= SLICE {
            return true;
        }
    }
    false
}

fn window(held: &Held, shelf: &Shelf, part: &Part, done: bool) -> Option<search::Window> {
    let last = held.search.borrow();
    last.as_ref().map(|search| search.window(shelf, part.offset, ROWS, &part.columns, done))
}

/// Counts what the last search found, once it has; `None` where a later question has come, or another search.
async fn facets(held: &Held, number: u32, query: &str) -> Option<Vec<Facet>> {
    let (shelf, insight) = (&held.outcome.shelf, &held.outcome.report.insight);
    let mut counting = held.counting.take().unwrap_or_else(|| Counting::new(shelf));
    let is_same = || held.search.borrow().as_ref().is_some_and(|search| search.query() == query);
    loop {
        let is_found = !go_on(held);
        let began = clock::milliseconds();
        let mut is_counted = false;
        while let Some(search) = held.search.borrow().as_ref().filter(|search| search.query() == query) {
            is_counted = !counting.advance(search, insight, shelf, STEP);
            if is_counted || clock::milliseconds() - began >= SLICE {
                break;
            }
        }
        if is_found && is_counted {
            break;
        }
        scope::turn().await;
        if !held.is_wanted(Topic::Facets, number) || !is_same() {
            return None;
        }
    }
    let facets = counting.facets(query, shelf);
    held.counting.replace(Some(counting));
    Some(facets)
}

/// The alerts of some rows of the last search as a file; `None` where a later question has come.
async fn rows_as_file(
    held: &Held,
    number: u32,
    format: Format,
    runs: &[(u64, u64)],
    columns: &[String],
) -> Option<Vec<u8>> {
    let shelf = &held.outcome.shelf;
    while go_on(held) {
        scope::turn().await;
        if !held.is_wanted(Topic::Save, number) {
            return None;
        }
    }
    let is_chosen =
        |row: u64| runs.is_empty() || runs.iter().any(|(start, end)| (*start..*end).contains(&row));
    let records: Vec<u64> = match &*held.search.borrow() {
        Some(search) => {
            (0..).zip(search.records()).filter(|(row, _)| is_chosen(*row)).map(|(_, record)| record).collect()
        }
        None => Vec::new(),
    };
    let mut text = if format == Format::Csv { Shelf::csv_heading(columns) } else { String::new() };
    for part in records.chunks(STEP) {
        let part = part.iter().copied();
        text.push_str(&if format == Format::Csv {
            shelf.csv_lines(part, columns)
        } else {
            shelf.json_lines(part)
        });
        scope::turn().await;
        if !held.is_wanted(Topic::Save, number) {
            return None;
        }
    }
    Some(text.into_bytes())
}

async fn try_text(held: &Held, number: u32, text: &str) -> Option<Tried> {
    let shelf = &held.outcome.shelf;
    // Loading rule files may take a while; by then the person may have written on.
    let mut trial = Trial::new(text, shelf, held.base());
    if !to_its_end(held, Topic::Try, number, || trial.advance(shelf, STEP)).await {
        return None;
    }
    let findings = trial.findings();
    let rows = findings.effect.as_ref().map(|effect| rows(held, effect)).unwrap_or_default();
    Some(Tried { findings, rows })
}

async fn prove(held: &Held, number: u32, change: &Change) -> Option<Findings> {
    let shelf = &held.outcome.shelf;
    let text = change.content.as_deref().unwrap_or_default();
    let mut trial = Trial::new(text, shelf, held.base()).wanting(bench::wanted(&held.outcome, &change.id));
    to_its_end(held, Topic::Prove, number, || trial.advance(shelf, STEP)).await.then(|| trial.findings())
}

fn rows(held: &Held, effect: &Effect) -> Vec<Row> {
    let parts = [&effect.hits, &effect.misses, &effect.undecided, &effect.contradicted];
    let records = parts.into_iter().flat_map(|part| part.records.iter().take(EXAMPLES));
    records.filter_map(|record| held.outcome.shelf.row(*record)).collect()
}

/// Goes on while there is more; false where a later question has come.
async fn to_its_end(held: &Held, topic: Topic, number: u32, mut more: impl FnMut() -> bool) -> bool {
    let mut began = clock::milliseconds();
    while more() {
        if clock::milliseconds() - began >= SLICE {
            scope::turn().await;
            if !held.is_wanted(topic, number) {
                return false;
            }
            began = clock::milliseconds();
        }
    }
    true
}
