//! What is where in the alerts of one shape.

use foldhash::HashMap;

use super::column::Column;
use crate::insight::signals;
use crate::insight::{links, portrait, spread};

/// Keys of an alert as Falco writes it. With any other one it may be an envelope, or known again by its
/// uuid, and is read in full.
const OWN: [&str; 8] = ["hostname", "message", "output", "priority", "rule", "source", "tags", "time"];

/// Where the event's time stands, the better one first.
const EVENT_TIMES: [&str; 3] = ["evt.time", "evt.time.iso8601", "jevt.time.iso8601"];

/// A shape, as far as alerts of it are skimmed. Numbers are places among an object's values.
#[derive(Debug)]
pub(super) struct Layout {
    pub rule: usize,
    pub time: usize,
    pub priority: Option<usize>,
    pub source: Option<usize>,
    pub hostname: Option<usize>,
    pub event_time: Option<usize>,
    /// Fields whose values count, and the column of each.
    pub fields: Vec<Field>,
    /// Fields that are another number each time.
    pub numbers: Vec<Number>,
}

/// A field of a shape.
#[derive(Debug)]
pub(super) struct Field {
    pub at: usize,
    pub column: usize,
    pub decides: bool,
    /// What it is to portraits.
    pub role: Option<portrait::Role>,
    /// What it is to links.
    pub link: Option<links::Role>,
}

/// A field that differs by its nature.
#[derive(Debug)]
pub(super) struct Number {
    pub at: usize,
    /// Whether signals look at it, for what no number is.
    pub is_tested: bool,
    /// What it is to links.
    pub link: Option<links::Role>,
}

/// The columns of all shapes.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub all: Vec<Column>,
    by_name: HashMap<String, usize>,
}

impl Columns {
    /// The column of a field; nothing where a value of it is compared with one of another field.
    pub fn of(&mut self, name: &str) -> Option<usize> {
        if let Some(column) = self.by_name.get(name) {
            return Some(*column);
        }
        let tests = signals::tests_of(name)?;
        self.by_name.insert(name.to_owned(), self.all.len());
        self.all.push(Column::new(name, tests));
        Some(self.all.len() - 1)
    }
}

impl Layout {
    /// Nothing where alerts of the shape are to be read in full.
    pub fn of(keys: &[glance::Key], columns: &mut Columns) -> Option<Self> {
        let place = |name: &str| keys.iter().position(|key| !key.is_inner && key.name == name);
        let field = |name: &str| keys.iter().position(|key| key.is_inner && key.name == name);
        let is_own = |key: &glance::Key| key.is_inner || OWN.contains(&key.name.as_str());
        let repeats = (1..).zip(keys).any(|(next, key)| keys.iter().skip(next).any(|other| key == other));
        if repeats || !keys.iter().all(is_own) {
            return None;
        }
        let (mut fields, mut numbers) = (Vec::new(), Vec::new());
        for (at, key) in keys.iter().enumerate().filter(|(_, key)| key.is_inner) {
            let link = links::role(&key.name);
            if spread::always_differs(&key.name) {
                let tests = signals::tests_of(&key.name)?;
                if tests.iter().any(|test| test.may_pass_integers()) {
                    return None;
                }
                numbers.push(Number { at, is_tested: !tests.is_empty(), link });
                continue;
            }
            let column = columns.of(&key.name)?;
            let values = columns.all.get(column)?;
            let (decides, role) = (values.decides(), values.role);
            fields.push(Field { at, column, decides, role, link });
        }
        Some(Self {
            rule: place("rule")?,
            time: place("time")?,
            priority: place("priority"),
            source: place("source"),
            hostname: place("hostname"),
            event_time: EVENT_TIMES.iter().find_map(|name| field(name)),
            fields,
            numbers,
        })
    }
}
