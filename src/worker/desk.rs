//! The worker's answers about the alerts of the last report.
//!
//! A search or trial of many alerts is done in slices, with a turn of the event loop between them, so the
//! next question is heard while one is being answered, and the older one ends.

use std::cell::{Cell, OnceCell, RefCell};

use analysis::{
    Outcome, lab,
    lab::{Effect, Findings, Trial},
    redact::{self, Wishes},
    search::{self, Search},
    share::{self, Sheet},
    shelf::Row,
};

use super::{
    bench,
    host::reply,
    protocol::{Answer, Epoch, Question, Reply, Shared, Topic, Tried},
};
use crate::platform::{clock, scope};

/// Rows of alerts that are sent at once.
const ROWS: usize = 50;

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
    /// The last search that came to its end, for the next window of it.
    search: RefCell<Option<Search>>,
    /// The last question of each topic.
    numbers: [Cell<u32>; Topic::COUNT],
}

impl Held {
    /// Nothing has been asked yet.
    pub fn new(epoch: Epoch, outcome: Outcome, remarks: Vec<String>) -> Self {
        let (base, search) = (OnceCell::new(), RefCell::new(None));
        Self { epoch, outcome, remarks, base, search, numbers: Default::default() }
    }

    fn base(&self) -> &lab::Base {
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
        Question::Search { query, offset } => {
            let Some(window) = search(held, number, &query, offset).await else { return };
            Answer::Found(window)
        }
        Question::Complete { query, cursor } => Answer::Choices(search::complete(&query, cursor, shelf)),
        Question::Details { record } => Answer::Details { record, values: shelf.details(record) },
        Question::Try { text } => {
            let Some(tried) = try_text(held, number, &text).await else { return };
            Answer::Tried(tried)
        }
        Question::Benches => Answer::Benches(bench::benches(&held.outcome)),
        Question::Prove { id, text } => {
            let Some(findings) = prove(held, number, &id, &text).await else { return };
            Answer::Proved(findings)
        }
        Question::Explain { text, record } => {
            Answer::Explanation(lab::explain(&text, record, shelf, held.base()))
        }
        Question::Share { redaction, compact, password } => {
            Answer::Shared(share(&held.outcome, redaction, compact, password.as_deref()))
        }
    };
    reply(&Reply::Answer { epoch: held.epoch, number, answer: Box::new(answer) }, None);
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

async fn search(held: &Held, number: u32, query: &str, offset: u64) -> Option<search::Window> {
    let shelf = &held.outcome.shelf;
    if let Some(search) = &*held.search.borrow()
        && search.query() == query
    {
        return Some(search.window(shelf, offset, ROWS));
    }
    let insight = &held.outcome.report.insight;
    let mut search = match insight.asked_for(query) {
        Some(group) => Search::of_records(query, insight.members(group), shelf),
        None => Search::new(query, shelf),
    };
    if !to_its_end(held, Topic::Search, number, || search.advance(shelf, STEP)).await {
        return None;
    }
    let window = search.window(shelf, offset, ROWS);
    held.search.replace(Some(search));
    Some(window)
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

async fn prove(held: &Held, number: u32, id: &str, text: &str) -> Option<Findings> {
    let shelf = &held.outcome.shelf;
    let mut trial = Trial::new(text, shelf, held.base()).wanting(bench::wanted(&held.outcome, id));
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
