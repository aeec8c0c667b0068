//! Lists put into a condition, as text.

use std::ops::Range;

use crate::limits;
use crate::text::Text;

/// What separates words, as Falco sees it here.
const DELIMITERS: &[u8] = b" \t\n\r(),=";

/// Puts a list in every place where its name stands alone, in quotes, too. Whether there was one; `None`
/// if the text would outgrow [`limits::CONDITION_BYTES`].
pub(super) fn list(text: &mut Text, name: &str, items: &[String]) -> Option<bool> {
    if !text.as_str().contains(name) {
        return Some(false);
    }
    let bytes = text.as_str().as_bytes();
    let is_delimiter = |index: usize| bytes.get(index).is_none_or(|byte| DELIMITERS.contains(byte));
    let is_blank = |index: &usize| bytes.get(*index).is_some_and(|byte| b" \t\n\r".contains(byte));
    let joined = joined(items.iter().map(|item| quoted(item)));
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut length = bytes.len();
    // Where the text goes on behind the last place.
    let mut resumed = 0;
    let mut from = 0;
    while let Some(start) = find(text.as_str(), name, from) {
        from = start + 1;
        let end = start + name.len();
        // What stands before the place is Falco's own blank, if another list was put there.
        if !(start == resumed || is_delimiter(start - 1)) || !is_delimiter(end) {
            continue;
        }
        let mut left = (resumed..start).rev().take_while(is_blank).last().unwrap_or(start);
        let mut right = (end..bytes.len()).take_while(is_blank).last().map_or(end, |last| last + 1);
        let mut before = edits.last_mut().filter(|_| left == resumed);
        if let Some((_, before)) = &mut before {
            before.truncate(before.trim_end_matches([' ', '\t', '\n', '\r']).len());
        }
        if joined.is_empty() {
            // The comma of an element that is no more.
            let before = before.map(|(_, before)| before).filter(|before| !before.is_empty());
            match before {
                Some(before) if before.ends_with(',') => drop(before.pop()),
                None if left > 0 && bytes.get(left - 1) == Some(&b',') => left -= 1,
                _ if bytes.get(right) == Some(&b',') => right += 1,
                _ => {}
            }
        }
        let lead = if left > 0 || edits.iter().any(|(_, before)| !before.is_empty()) { " " } else { "" };
        edits.push((left..right, format!("{lead}{joined} ")));
        length += joined.len() + 2;
        if length > limits::CONDITION_BYTES {
            return None;
        }
        resumed = right;
        from = right;
    }
    if edits.is_empty() {
        return Some(false);
    }
    *text = text.replaced(&edits);
    Some(true)
}

/// Whether a list would be put into a text.
pub(super) fn stands_in(text: &str, name: &str) -> bool {
    let is_delimiter = |byte: Option<&u8>| byte.is_none_or(|byte| DELIMITERS.contains(byte));
    let bytes = text.as_bytes();
    text.match_indices(name).any(|(start, _)| {
        is_delimiter(start.checked_sub(1).and_then(|before| bytes.get(before)))
            && is_delimiter(bytes.get(start + name.len()))
    })
}

/// Items with commas between them, but none before the first one that is not empty.
pub(super) fn joined(items: impl Iterator<Item = String>) -> String {
    items.fold(String::new(), |mut joined, item| {
        joined.push_str(if joined.is_empty() { "" } else { ", " });
        joined.push_str(&item);
        joined
    })
}

/// An item as it is put into a condition: in quotes if it has a blank and is not in quotes already.
pub(super) fn quoted(item: &str) -> String {
    if item.contains(' ') && !item.starts_with(['"', '\'']) { format!("\"{item}\"") } else { item.to_owned() }
}

fn find(text: &str, name: &str, from: usize) -> Option<usize> {
    let from = (from..=text.len()).find(|index| text.is_char_boundary(*index))?;
    text.get(from..)?.find(name).map(|found| from + found)
}

#[cfg(test)]
mod tests {
    use super::list;
    use crate::text::Text;
    use crate::yaml::parse;

    #[track_caller]
    fn check(condition: &str, items: &[&str], expected: Option<&str>) {
        let quoted = condition.replace('\'', "''");
        let documents = parse(&format!("'{quoted}'")).unwrap();
        let mut text = Text::of(0, &documents[0]);
        let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
        let used = list(&mut text, "lst", &items);
        assert_eq!(used.unwrap().then_some(text.as_str()), expected, "{condition}");
    }

    #[test]
    fn a_list_stands_wherever_its_name_stands_alone() {
        check("a in (lst)", &["x", "y"], Some("a in ( x, y )"));
        check("a in (lst, z)", &["x"], Some("a in ( x , z)"));
        check("a in ( lst )", &["x y", "'q r'"], Some("a in ( \"x y\", 'q r' )"));
        check("a = lst", &["x"], Some("a = x "));
        check("lst", &["x"], Some("x "));
        check("a in (lst, lst)", &["x"], Some("a in ( x , x )"));
        check("lst lst", &["x"], Some("x x "));
        check("a in (lst\tlst)", &[], Some("a in (  )"));
        check("a = \"b lst c\"", &["x"], Some("a = \"b x c\""));
        check("a in (lst2, mylst)", &["x"], None);
        check("a = \"lst\"", &["x"], None);
    }

    #[test]
    fn an_empty_list_takes_a_comma_with_it() {
        check("a in (lst)", &[], Some("a in (  )"));
        check("a in (b, lst)", &[], Some("a in (b  )"));
        check("a in (lst, b)", &[], Some("a in (   b)"));
        check("a in (b, lst, c)", &[], Some("a in (b  , c)"));
        check("a in (lst)", &["", "x", ""], Some("a in ( x,  )"));
    }
}
