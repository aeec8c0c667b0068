//! Transformers: values made of other values. Only here does an evaluation allocate.

use std::borrow::Cow;

use crate::datum::Datum;
use crate::eval::Seen;
use crate::matching::text;
use crate::program::{Function, Operand};
use crate::source::Source;

/// A function of each value.
pub(crate) fn map(function: Function, seen: Seen<'_>) -> Seen<'_> {
    match (function, seen) {
        (Function::Len, Seen::Many(data)) => number(data.len()),
        (_, Seen::Many(data)) => {
            let mut made = Vec::with_capacity(data.len());
            for datum in data {
                match one(function, datum) {
                    Seen::One(datum) => made.push(datum),
                    other => return other,
                }
            }
            Seen::Many(made)
        }
        (_, Seen::One(datum)) => one(function, datum),
        (_, seen) => seen,
    }
}

fn number<'a>(length: usize) -> Seen<'a> {
    i128::try_from(length).map_or(Seen::Hidden, |length| Seen::One(Datum::Number(length)))
}

fn one(function: Function, datum: Datum<'_>) -> Seen<'_> {
    match (function, datum) {
        (Function::Len, Datum::Text(text)) => number(text.len()),
        (Function::Len, Datum::Buffer(printed)) => number(printed.len()),
        (Function::Tolower, Datum::Text(text)) => Seen::One(Datum::Text(text.to_ascii_lowercase().into())),
        (Function::Toupper, Datum::Text(text)) => Seen::One(Datum::Text(text.to_ascii_uppercase().into())),
        (Function::Basename, Datum::Text(Cow::Borrowed(path))) => {
            Seen::One(Datum::Text(Cow::Borrowed(text::basename(path))))
        }
        (Function::Basename, Datum::Text(Cow::Owned(path))) => {
            Seen::One(Datum::Text(Cow::Owned(text::basename(&path).to_vec())))
        }
        (Function::B64, Datum::Text(encoded)) => match text::from_base64(&encoded) {
            None => Seen::Null,
            // Falco's comparisons of texts end at a NUL, some of them.
            Some(decoded) if decoded.contains(&0) => Seen::Hidden,
            Some(decoded) => Seen::One(Datum::Text(decoded.into())),
        },
        _ => Seen::Hidden,
    }
}

/// The values of all elements; none if one has none.
pub(crate) fn list<'a, S: Source + ?Sized>(elements: &'a [Operand], event: &'a S) -> Seen<'a> {
    let mut data = Vec::with_capacity(elements.len());
    let mut worst = None;
    for element in elements {
        match element.see(event) {
            Seen::One(datum) => data.push(datum),
            Seen::Null => return Seen::Null,
            Seen::Unknown => worst = Some(Seen::Unknown),
            Seen::Hidden | Seen::Many(_) => worst = worst.or(Some(Seen::Hidden)),
        }
    }
    worst.unwrap_or(Seen::Many(data))
}

/// All parts, one behind the other.
pub(crate) fn concat<'a, S: Source + ?Sized>(parts: &'a [Operand], event: &'a S) -> Seen<'a> {
    match list(parts, event) {
        Seen::Many(data) => glued(&data, b""),
        seen => seen,
    }
}

/// The list as one text.
pub(crate) fn join<'a, S: Source + ?Sized>(
    separator: &'a Operand,
    list: &'a Operand,
    event: &'a S,
) -> Seen<'a> {
    match (separator.see(event), list.see(event)) {
        (Seen::Null, _) | (_, Seen::Null) => Seen::Null,
        (Seen::One(Datum::Text(separator)), Seen::Many(data)) => glued(&data, &separator),
        (Seen::Unknown, _) | (_, Seen::Unknown) => Seen::Unknown,
        _ => Seen::Hidden,
    }
}

fn glued<'a>(data: &[Datum<'_>], separator: &[u8]) -> Seen<'a> {
    let mut text = Vec::new();
    for (index, datum) in data.iter().enumerate() {
        let Datum::Text(part) = datum else { return Seen::Hidden };
        if index > 0 {
            text.extend_from_slice(separator);
        }
        text.extend_from_slice(part);
    }
    Seen::One(Datum::Text(text.into()))
}

/// The options that the arguments give, each followed by its value if it takes one; or, for one option, its
/// last value.
pub(crate) fn getopt<'a>(arguments: &Seen<'_>, options: &Seen<'_>, option: Option<u8>) -> Seen<'a> {
    let (arguments, options) = match (arguments, options) {
        (Seen::Null, _) | (_, Seen::Null) => return Seen::Null,
        (Seen::Many(arguments), Seen::One(Datum::Text(options))) => (arguments, options),
        (Seen::Unknown, _) | (_, Seen::Unknown) => return Seen::Unknown,
        _ => return Seen::Hidden,
    };
    let texts: Option<Vec<&[u8]>> = arguments
        .iter()
        .map(|datum| match datum {
            Datum::Text(text) => Some(text.as_ref()),
            _ => None,
        })
        .collect();
    let Some(texts) = texts else { return Seen::Hidden };
    let Some(found) = given_options(&texts, options) else { return Seen::Hidden };
    let text = |bytes: Vec<u8>| Datum::Text(bytes.into());
    match option {
        None => {
            let listed = found.into_iter().flat_map(|(name, value)| [Some(vec![name]), value]);
            Seen::Many(listed.flatten().map(text).collect())
        }
        Some(wanted) => match found.into_iter().rfind(|(name, _)| *name == wanted) {
            Some((name, value)) => Seen::One(text(value.unwrap_or_else(|| vec![name]))),
            None => Seen::Null,
        },
    }
}

/// Options in the order given, `?` for one that is not known. Nothing where the value of an option is missing:
/// what that yields has changed between versions.
fn given_options(arguments: &[&[u8]], options: &[u8]) -> Option<Vec<(u8, Option<Vec<u8>>)>> {
    let place = |letter: u8| options.iter().position(|option| *option == letter).filter(|_| letter != b':');
    let takes_value = |place: usize| options.get(place + 1) == Some(&b':');
    let mut found = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument {
            [b'-', b'-', _, ..] => continue,
            [b'-', b'-'] | [b'-'] | [] => break,
            [b'-', ..] => {}
            _ => break,
        }
        for (index, letter) in argument.iter().enumerate().skip(1) {
            match place(*letter) {
                None => found.push((b'?', None)),
                Some(place) if !takes_value(place) => found.push((*letter, None)),
                Some(_) => {
                    let attached = argument.get(index + 1..).filter(|rest| !rest.is_empty());
                    let value = attached.or_else(|| arguments.next().copied())?;
                    found.push((*letter, Some(value.to_vec())));
                    break;
                }
            }
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arguments: &[&str], options: &str, expected: &[(char, Option<&str>)]) {
        let arguments: Vec<&[u8]> = arguments.iter().map(|argument| argument.as_bytes()).collect();
        let found: Vec<(char, Option<String>)> = given_options(&arguments, options.as_bytes())
            .unwrap()
            .into_iter()
            .map(|(name, value)| (name.into(), value.map(|value| String::from_utf8(value).unwrap())))
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(name, value)| (*name, value.map(str::to_owned))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn options_are_read_as_getopt_reads_them() {
        check(&["-p", "600", "-v"], "p:v", &[('p', Some("600")), ('v', None)]);
        check(&["-vp600"], "p:v", &[('v', None), ('p', Some("600"))]);
        check(&["-x", "-v"], "v", &[('?', None), ('v', None)]);
        check(&["--long", "-v", "stop", "-v"], "v", &[('v', None)]);
        check(&["-v", "--", "-v"], "v", &[('v', None)]);
        assert_eq!(given_options(&[b"-p"], b"p:"), None);
    }
}
