//! The report as a document, before it becomes Markdown, HTML or parts of a page.
//!
//! Text is either ours ([`Inline::Text`]) or the alert's ([`Inline::Value`]); no writer ever has to
//! guess which. A sentence ends with the fields it rests on ([`Inline::Cite`]).

/// A report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// In reading order.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading of level 1 to 4. Its title is ours and unique, and gives its anchor.
    Heading {
        /// 1 to 4.
        level: u8,
        /// The title.
        title: String,
        /// The alert's words that a table of contents shows beside the title.
        about: Option<String>,
    },
    /// A paragraph.
    Paragraph(Line),
    /// A list, each item a line.
    Bullets(Vec<Line>),
    /// A list of steps, each with the commands that carry it out.
    Steps(Vec<(Line, Vec<Command>)>),
    /// A table; the first row is its head.
    Table(Vec<Vec<Line>>),
    /// A figure and the table that stands behind it, or in its place where a text cannot show it.
    Figure(Figure, Vec<Vec<Line>>),
    /// Which alerts make up a finding: its identifier, how many, and the record numbers as a line. A page that
    /// holds the alerts leads to them instead.
    Members(String, u64, Line),
    /// What a person made of a finding, by its identifier, or of all of them, and that as a line. A page that
    /// can change it shows it by its own means.
    Review(Option<String>, Option<Line>),
    /// Text of an alert, in a box.
    Quote(String),
    /// A mitigation file, by the mitigation's identifier.
    File(String),
}

/// What a figure shows: numbers, and words of our own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// Alerts by period and priority, most severe first, then of none.
    Timeline {
        /// For each period.
        periods: Vec<[u64; 9]>,
        /// When the first period begins.
        begin: String,
        /// When the last period begins.
        end: String,
    },
    /// Tactics, each with its techniques and their alerts.
    Matrix(Vec<(&'static str, Vec<(String, u64)>)>),
}

/// A shell command to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command(pub String);

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Our words.
    Text(String),
    /// Our words, stressed.
    Strong(String),
    /// A name in our words: a field, a setting, a file.
    Code(String),
    /// The alert's words.
    Value(String),
    /// The fields that the sentence rests on, of the finding with this number.
    Cite(Vec<String>, usize),
}

/// A line of text, built from left to right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line(pub Vec<Inline>);

impl Line {
    /// Our words, in which backticks mark names.
    pub fn prose(text: &str) -> Self {
        Self::default().text(text)
    }

    /// Adds our words, in which backticks mark names.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        for (at, part) in text.split('`').enumerate() {
            match (at % 2, part) {
                (_, "") => {}
                (0, words) => self.0.push(Inline::Text(words.to_owned())),
                (_, name) => self.0.push(Inline::Code(name.to_owned())),
            }
        }
        self
    }

    /// Adds stressed words.
    #[must_use]
    pub fn strong(mut self, text: &str) -> Self {
        self.0.push(Inline::Strong(text.to_owned()));
        self
    }

    /// Adds the alert's words.
    #[must_use]
    pub fn value(mut self, text: &str) -> Self {
        self.0.push(Inline::Value(text.to_owned()));
        self
    }

    /// Names the fields that the sentence rests on, each once.
    #[must_use]
    pub fn cite<'a>(mut self, fields: impl IntoIterator<Item = &'a str>, finding: usize) -> Self {
        let mut named: Vec<String> = Vec::new();
        for field in fields.into_iter().map(plain_name) {
            if !named.contains(&field) {
                named.push(field);
            }
        }
        if !named.is_empty() {
            self.0.push(Inline::Cite(named, finding));
        }
        self
    }

    /// Adds another line's parts.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The line as plain text, values made visible, citations left out.
    pub fn plain(&self) -> String {
        let part = |inline: &Inline| match inline {
            Inline::Text(text) | Inline::Strong(text) | Inline::Code(text) => text.clone(),
            Inline::Value(text) => super::escape::visible(text).into_owned(),
            Inline::Cite(..) => String::new(),
        };
        self.0.iter().map(part).collect()
    }
}

/// A field's name, unless it is one that Falco could not have: then it is an attacker's text and stays
/// out of links.
fn plain_name(field: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-[]".contains(&byte);
    let known = field.len() <= 64 && field.bytes().all(plain);
    if known { field.to_owned() } else { "a field with an unusual name".to_owned() }
}

/// The title of the section that lists a finding's fields; citations lead there.
pub fn fields_title(finding: usize) -> String {
    format!("Fields of finding {finding}")
}

/// The anchor of a heading, made as GitHub makes it.
pub fn anchor(title: &str) -> String {
    let kept = title.chars().filter_map(|character| match character {
        ' ' | '-' => Some('-'),
        character if character.is_alphanumeric() => Some(character.to_ascii_lowercase()),
        _ => None,
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_mark_names() {
        let line = Line::prose("Set `a` to 1.");
        let text = |text: &str| Inline::Text(text.to_owned());
        assert_eq!(line.0, [text("Set "), Inline::Code("a".to_owned()), text(" to 1.")]);
        assert_eq!(line.plain(), "Set a to 1.");
    }

    #[test]
    fn anchors() {
        assert_eq!(anchor("3. Host-Based Security Measures"), "3-host-based-security-measures");
        assert_eq!(anchor(&fields_title(1)), "fields-of-finding-1");
    }
}
