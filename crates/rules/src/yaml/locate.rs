//! From a place in a scalar's value back to the text that it was written with.

use super::node::{Node, Style};

impl Node {
    /// The byte of `source` at which byte `offset` of this scalar's value was written.
    ///
    /// Folding moves blanks about but keeps every other character and their order, so the characters
    /// that are not blank are counted off. The start of the node where it is no scalar.
    pub fn locate(&self, source: &str, offset: usize) -> usize {
        let super::Kind::Scalar(value, style) = &self.kind else { return self.span.start };
        let Some(raw) = source.get(self.span.clone()) else { return self.span.start };
        let offset =
            (0..=offset.min(value.len())).rev().find(|index| value.is_char_boundary(*index)).unwrap_or(0);
        let before =
            value.get(..offset).unwrap_or(value).chars().filter(|symbol| !symbol.is_whitespace()).count();
        let at_blank =
            value.get(offset..).and_then(|rest| rest.chars().next()).is_none_or(char::is_whitespace);
        let mut written = Written { raw, at: content_start(raw, *style), style: *style };
        let place = if at_blank && before > 0 {
            written.nth(before - 1).map(|range| range.end)
        } else {
            written.nth(before).map(|range| range.start)
        };
        self.span.start + place.unwrap_or_else(|| raw.trim_end().len())
    }
}

/// Where the characters of the value begin: behind the quote, or behind the line of `|` or `>`.
fn content_start(raw: &str, style: Style) -> usize {
    match style {
        Style::Plain => 0,
        Style::Single | Style::Double => 1,
        Style::Block => raw.find('\n').map_or(raw.len(), |end| end + 1),
    }
}

/// The characters of a value that are not blank, as ranges of the raw text.
struct Written<'raw> {
    raw: &'raw str,
    at: usize,
    style: Style,
}

impl Iterator for Written<'_> {
    type Item = std::ops::Range<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let start = self.at;
            let mut rest = self.raw.get(start..)?.chars();
            let symbol = rest.next()?;
            let mut blank = symbol.is_whitespace();
            let length = match (self.style, symbol) {
                (Style::Double, '\\') => {
                    let escape = rest.next()?;
                    blank = matches!(
                        escape,
                        'n' | 't' | 'r' | 'v' | 'f' | 'N' | '_' | 'L' | 'P' | ' ' | '\n' | '\r'
                    );
                    1 + match escape {
                        'x' => 3,
                        'u' => 5,
                        'U' => 9,
                        other => other.len_utf8(),
                    }
                }
                (Style::Single, '\'') => 2,
                _ => symbol.len_utf8(),
            };
            self.at += length;
            if !blank {
                return Some(start..self.at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::yaml::parse;

    /// `needle` of the value and of the source are the same place.
    #[track_caller]
    fn check(source: &str, needle: &str) {
        let documents = parse(source).unwrap();
        let value = documents[0].get("key").unwrap();
        let offset = value.text().unwrap().find(needle).unwrap();
        assert_eq!(value.locate(source, offset), source.rfind(needle).unwrap(), "{source}");
    }

    #[test]
    fn every_style_finds_its_way_back() {
        check("key: evt.type = open\n", "open");
        check("key: evt.type = open\n  and  x = y\n", "x =");
        check("key: \"a \\\" b \\x41 c = here\"\n", "here");
        check("key: \"tab\\tand\\nline here\"\n", "here");
        check("key: 'it''s here'\n", "here");
        check("key: >\n  one\n  two\n\n  three here\n", "here");
        check("key: |-\n    one\n    é here\n", "here");
    }
}
