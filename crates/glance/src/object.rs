//! An object: its keys and where its values lie.

use crate::quotes;
use crate::shapes::{Key, Shape, Shapes};

/// An integer with this many digits fits 64 bits, whatever they are.
const DIGITS: usize = 18;

/// Lines longer than this are refused, in bytes.
const LINE: usize = 1 << 24;

/// Reads objects, and remembers their shapes.
#[derive(Debug, Default)]
pub struct Reader {
    shapes: Shapes,
    quotes: Vec<u32>,
    /// Where the values of the last object lie.
    spans: Vec<(u32, u32)>,
}

impl Reader {
    /// The shape of the object that is the whole line; nothing where anything about it is unusual. The
    /// value of the key `inner` may be an object itself, whose keys and values stand in its place.
    pub fn read(&mut self, line: &[u8], inner: &[u8]) -> Option<Shape> {
        self.spans.clear();
        if line.len() > LINE || !quotes::find(line, &mut self.quotes) {
            return None;
        }
        let mut walk = Walk { line, quotes: self.quotes.iter(), at: 0 };
        walk.expect(b'{')?;
        let (mut step, mut has_inner) = (None, false);
        loop {
            let key = walk.key()?;
            if key == inner && walk.peek() == Some(b'{') {
                walk.expect(b'{')?;
                if std::mem::replace(&mut has_inner, true) || walk.peek() == Some(b'}') {
                    return None;
                }
                loop {
                    let key = walk.key()?;
                    step = self.shapes.step(step, key, true);
                    step?;
                    self.spans.push(walk.value()?);
                    if !walk.goes_on()? {
                        break;
                    }
                }
            } else {
                step = self.shapes.step(step, key, false);
                step?;
                self.spans.push(walk.value()?);
            }
            if !walk.goes_on()? {
                break;
            }
        }
        if walk.at != line.len() || walk.quotes.len() > 0 {
            return None;
        }
        self.shapes.end(step?)
    }

    /// The keys of a shape.
    pub fn keys(&self, shape: Shape) -> &[Key] {
        self.shapes.keys(shape)
    }

    /// The values of the object that was read last, from its line, as they stand there.
    pub fn values<'l>(&self, line: &'l [u8]) -> impl Iterator<Item = &'l [u8]> {
        self.spans.iter().map(|(from, to)| line.get(*from as usize..*to as usize).unwrap_or_default())
    }

    /// One of them.
    pub fn value<'l>(&self, line: &'l [u8], at: usize) -> Option<&'l [u8]> {
        let (from, to) = *self.spans.get(at)?;
        line.get(from as usize..to as usize)
    }
}

struct Walk<'a> {
    line: &'a [u8],
    quotes: std::slice::Iter<'a, u32>,
    at: usize,
}

impl<'a> Walk<'a> {
    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn blank(&mut self) {
        self.at += usize::from(self.peek() == Some(b' '));
    }

    /// A key and its colon.
    fn key(&mut self) -> Option<&'a [u8]> {
        let (from, to) = self.text()?;
        self.expect(b':')?;
        self.blank();
        self.line.get(from + 1..to - 1)
    }

    /// A text with its quotes.
    fn text(&mut self) -> Option<(usize, usize)> {
        let (from, last) = (*self.quotes.next()? as usize, *self.quotes.next()? as usize);
        if from != self.at {
            return None;
        }
        self.at = last + 1;
        Some((from, self.at))
    }

    fn value(&mut self) -> Option<(u32, u32)> {
        let from = self.at;
        match self.peek()? {
            b'"' => {
                self.text()?;
            }
            b'[' => self.texts()?,
            b'n' => self.word(b"null")?,
            b't' => self.word(b"true")?,
            b'f' => self.word(b"false")?,
            _ => self.integer()?,
        }
        Some((u32::try_from(from).ok()?, u32::try_from(self.at).ok()?))
    }

    /// A list of texts.
    fn texts(&mut self) -> Option<()> {
        self.expect(b'[')?;
        if self.expect(b']').is_some() {
            return Some(());
        }
        loop {
            self.text()?;
            if self.expect(b']').is_some() {
                return Some(());
            }
            self.expect(b',')?;
            self.blank();
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        let rest = self.line.get(self.at..)?;
        rest.starts_with(word).then(|| self.at += word.len())
    }

    /// Digits without a needless 0 at their start; `-0` is no integer to some programs.
    fn integer(&mut self) -> Option<()> {
        let rest = self.line.get(self.at..)?;
        let is_negative = rest.first() == Some(&b'-');
        let digits = rest.get(usize::from(is_negative)..)?;
        let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let leads_with_0 = digits.first() == Some(&b'0');
        if length == 0 || length > DIGITS + 1 || (leads_with_0 && (length > 1 || is_negative)) {
            return None;
        }
        // Nineteen digits fit as long as they begin with less than 9.
        if length > DIGITS && digits.first() == Some(&b'9') {
            return None;
        }
        self.at += usize::from(is_negative) + length;
        Some(())
    }

    /// Whether another key follows, or the object ends here.
    fn goes_on(&mut self) -> Option<bool> {
        match self.peek()? {
            b',' => {
                self.at += 1;
                self.blank();
                Some(true)
            }
            b'}' => {
                self.at += 1;
                Some(false)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reader;

    #[track_caller]
    fn check(line: &str, expected: Option<&[&str]>) {
        let mut reader = Reader::default();
        let shape = reader.read(line.as_bytes(), b"in");
        let values: Vec<String> =
            reader.values(line.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned()).collect();
        let keys = shape.map(|shape| reader.keys(shape).iter().map(|key| key.name.clone()));
        let read: Option<Vec<String>> =
            keys.map(|keys| keys.zip(values).map(|(key, value)| format!("{key} {value}")).collect());
        let expected = expected.map(|all| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        assert_eq!(read, expected, "{line}");
    }

    #[test]
    fn what_is_ordinary_is_read() {
        check(
            r#"{"a":"x","in":{"b":-12,"c":null},"d":["p","q"],"e":true}"#,
            Some(&["a \"x\"", "b -12", "c null", "d [\"p\",\"q\"]", "e true"]),
        );
        check(r#"{"a": "x, {\"y\"}", "b": 0}"#, Some(&[r#"a "x, {\"y\"}""#, "b 0"]));
        let long = "ü".repeat(70);
        check(&format!(r#"{{"a":"{long}\\"}}"#), Some(&[&format!(r#"a "{long}\\""#)]));
        check(r#"{"a":8999999999999999999}"#, Some(&["a 8999999999999999999"]));
    }

    #[test]
    fn what_is_unusual_or_no_json_is_refused() {
        for line in [
            "",
            "{",
            "{}",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1,}"#,
            r#"{"a":1}}"#,
            r#"{"a":1} "#,
            r#"{"a":01}"#,
            r#"{"a":-0}"#,
            r#"{"a":1.5}"#,
            r#"{"a":1e3}"#,
            r#"{"a":9223372036854775808}"#,
            r#"{"a":nul}"#,
            r#"{"a":{"b":1}}"#,
            r#"{"in":{}}"#,
            r#"{"in":{"b":1},"in":{"c":1}}"#,
            r#"{"in":{"b":{"c":1}}}"#,
            r#"{"a":[1]}"#,
            r#"{"a":["x",]}"#,
            "{\"a\":\"\u{1}\"}",
            "{\"a\":\t1}",
            r#"{"a":"\u0041"}"#,
            r#"{"a":"\x"}"#,
            r#"{"a\n":1}"#,
            r#"{"a":1"b":2}"#,
            r#"{"a":1,"b"}"#,
            r#"{"a":"x"#,
            r#"{"a":\"x"}"#,
            r#"["a"]"#,
            r#"{"a":tru}"#,
        ] {
            check(line, None);
        }
        assert_eq!(Reader::default().read(b"{\"a\":\"\xFF\"}", b"in"), None);
    }

    #[test]
    fn the_same_keys_are_the_same_shape() {
        let mut reader = Reader::default();
        let mut shape = |line: &str| reader.read(line.as_bytes(), b"in").unwrap();
        let first = shape(r#"{"a":1,"in":{"b":2}}"#);
        assert_eq!(shape(r#"{"a":"x","in":{"b":null}}"#), first);
        assert_ne!(shape(r#"{"a":1,"b":2}"#), first);
        assert_ne!(shape(r#"{"a":1}"#), first);
    }
}
