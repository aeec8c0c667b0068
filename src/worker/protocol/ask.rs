//! Questions about the alerts of a report, and their answers.

use analysis::{
    insight::{Siblings, overview::Overview},
    lab::{Explanation, Findings},
    mitigation::Change,
    redact::{Hit, Wishes},
    review::Opinion,
    search::{Choices, Window, facets::Facet},
    shelf::{Ancestor, Group, Order, Row},
};
use serde::{Deserialize, Serialize};

use super::Format;
use crate::worker::bench::{Bench, Proved};

/// Something about the alerts of a report. A later question on the same [`Topic`] makes earlier ones stale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// Which alerts fit a query?
    Search {
        /// The query.
        query: String,
        /// What they are sorted by; by nothing, they come as they were read.
        order: Option<Order>,
        /// The first of those found that is wanted, from 0.
        offset: u64,
        /// What is wanted of each.
        columns: Vec<String>,
    },
    /// What do the alerts that fit the last search have most often?
    Facets {
        /// The query of that search.
        query: String,
    },
    /// Which columns can a table of the alerts have?
    Columns,
    /// Make a file of alerts that fit the last search; its bytes come with [`Reply::Exported`].
    Save {
        /// As what.
        format: Format,
        /// Which of those found, as runs `start..end`; without any, all.
        runs: Vec<(u64, u64)>,
        /// What of each, where the format has columns.
        columns: Vec<String>,
    },
    /// What can be typed next?
    Complete {
        /// The query.
        query: String,
        /// The byte that the cursor is before.
        cursor: usize,
    },
    /// What does an alert consist of?
    Details {
        /// Its record number.
        record: u64,
    },
    /// What does a condition, exception or overlay do?
    Try {
        /// Its text.
        text: String,
    },
    /// Which tunings are there?
    Benches,
    /// What does the text of a tuning do?
    Prove(Change),
    /// Why does it do so to an alert?
    Explain {
        /// Its text.
        text: String,
        /// The record number of the alert.
        record: u64,
    },
    /// What was made of findings, after some changes?
    Review {
        /// The text of a review that was kept in the browser.
        kept: String,
        /// Findings, by their identifiers, that are marked now, or no longer.
        changes: Vec<(String, Option<Opinion>)>,
    },
    /// What is there, at one look?
    Overview {
        /// The span of the histogram, from the first time to before the second; all of it if there is none.
        span: Option<(String, String)>,
    },
    /// What link carries all alerts?
    Share {
        /// What to replace otherwise; nothing, where alerts are to go as they are.
        redaction: Option<Wishes>,
        /// Whether each alert's `output` stays behind.
        compact: bool,
        /// What the link is encrypted with.
        password: Option<String>,
    },
}

/// What was found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// Alerts that fit.
    Found(Window),
    /// What they have most often.
    Facets(Vec<Facet>),
    /// What columns there can be.
    Columns(Vec<String>),
    /// What can be typed.
    Choices(Choices),
    /// What an alert consists of.
    Details(Details),
    /// What a text does.
    Tried(Tried),
    /// The tunings.
    Benches(Vec<Bench>),
    /// What the text of a tuning does.
    Proved(Proved),
    /// Why it does so.
    Explanation(Explanation),
    /// How a second set differs, or a sentence that says why that is not known.
    Compared(Result<Compared, String>),
    /// What was made of findings.
    Reviewed(Reviewed),
    /// A link.
    Shared(Shared),
    /// What has a pseudonym in a file, or a sentence that says why that is not known.
    Hits(Result<Vec<Hit>, String>),
    /// The set at one look.
    Overview(Overview),
}

/// An alert with everything that it consists of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Its record number.
    pub record: u64,
    /// Its keys and fields, by what they are about.
    pub groups: Vec<Group>,
    /// Its process after the ancestors, the oldest first.
    pub lineage: Vec<Ancestor>,
    /// The alert as JSON, a line for each member.
    pub json: String,
    /// Where it stands among the alerts of its finding, if that is one that is listed.
    pub siblings: Option<Siblings>,
}

/// Two sets of alerts compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// HTML made by the report writer.
    pub html: String,
    /// The same as Markdown, byte for byte what the command line writes.
    pub markdown: String,
}

/// What was made of the findings of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// The findings that are marked, by their identifiers; false for those that were marked when they were
    /// judged otherwise.
    pub marks: Vec<(String, Opinion, bool)>,
    /// The sentence of the summary.
    pub line: Option<String>,
    /// The text of the file.
    pub text: String,
    /// Whether a mark was not taken, because a review holds no more.
    pub is_full: bool,
}

/// A share link, and what redaction replaced in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The part from `#` on, or the sentence that says why there is none.
    pub link: Result<String, String>,
    /// What has a pseudonym, in order of appearance.
    pub hits: Vec<Hit>,
}

/// What questions are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// The list of alerts.
    Search,
    /// What can be typed into the search bar.
    Complete,
    /// The alert that is shown whole.
    Details,
    /// The text in the rule lab.
    Try,
    /// The alert that is explained there.
    Explain,
    /// The second set of alerts.
    Compare,
    /// The link.
    Share,
    /// What has a pseudonym in a file.
    Hits,
    /// The columns that there can be.
    Columns,
    /// The file of alerts that is made.
    Save,
    /// The overview.
    Overview,
    /// The tunings.
    Benches,
    /// The text of one of them.
    Prove,
    /// What was made of findings.
    Review,
    /// What the alerts that were found have most often.
    Facets,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Search,
        Self::Complete,
        Self::Details,
        Self::Try,
        Self::Explain,
        Self::Compare,
        Self::Share,
        Self::Hits,
        Self::Columns,
        Self::Save,
        Self::Overview,
        Self::Benches,
        Self::Prove,
        Self::Review,
        Self::Facets,
    ];

    /// How many there are.
    pub const COUNT: usize = 15;
}

impl Question {
    /// What it is about.
    pub fn topic(&self) -> Topic {
        match self {
            Self::Search { .. } => Topic::Search,
            Self::Complete { .. } => Topic::Complete,
            Self::Details { .. } => Topic::Details,
            Self::Try { .. } => Topic::Try,
            Self::Explain { .. } => Topic::Explain,
            Self::Share { .. } => Topic::Share,
            Self::Facets { .. } => Topic::Facets,
            Self::Columns => Topic::Columns,
            Self::Save { .. } => Topic::Save,
            Self::Overview { .. } => Topic::Overview,
            Self::Benches => Topic::Benches,
            Self::Prove(_) => Topic::Prove,
            Self::Review { .. } => Topic::Review,
        }
    }
}

impl Answer {
    /// What it is about.
    pub fn topic(&self) -> Topic {
        match self {
            Self::Found(_) => Topic::Search,
            Self::Choices(_) => Topic::Complete,
            Self::Details(_) => Topic::Details,
            Self::Tried(_) => Topic::Try,
            Self::Explanation(_) => Topic::Explain,
            Self::Compared(_) => Topic::Compare,
            Self::Shared(_) => Topic::Share,
            Self::Hits(_) => Topic::Hits,
            Self::Facets(_) => Topic::Facets,
            Self::Columns(_) => Topic::Columns,
            Self::Overview(_) => Topic::Overview,
            Self::Benches(_) => Topic::Benches,
            Self::Proved(_) => Topic::Prove,
            Self::Reviewed(_) => Topic::Review,
        }
    }
}

/// What a text in the rule lab does, and the first alerts that it does it to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// What was found out.
    pub findings: Findings,
    /// The first alerts of each part of the effect.
    pub rows: Vec<Row>,
}
