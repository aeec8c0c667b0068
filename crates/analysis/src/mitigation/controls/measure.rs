//! Files that are the same in every report, and steps without a file: the knowledge base holds them whole.

use std::borrow::Cow;

use super::case::{Case, Offer, Served};
use crate::knowledge::{self, Sheet};
use crate::mitigation::{File, Heading, Language, Mitigation};

/// Adds those that act on one of these cases.
pub fn propose(cases: &[Case<'_>], offers: &mut Vec<Offer>) {
    for sheet in knowledge::measures() {
        let served = Served::of(cases, &|case| case.directness_in_place(sheet));
        if !served.is_empty() {
            offers.push(Offer { rank: served.rank, mitigation: mitigation(sheet, &served) });
        }
    }
}

fn mitigation(sheet: Sheet, served: &Served<'_>) -> Mitigation {
    let table = sheet.all('g').map(|row| row.split('\t').map(Cow::Borrowed).collect()).collect();
    Mitigation {
        id: sheet.name.to_owned(),
        kind: sheet.one('i'),
        heading: heading(sheet.one('h')),
        title: sheet.one('t').into(),
        file: file(sheet),
        effect: sheet.one('e').to_owned(),
        table,
        may_break: sheet.one('m').into(),
        apply: sheet.one('a').into(),
        roll_back: sheet.one('r').into(),
        afterwards: match sheet.one('w') {
            "" => served.afterwards().into(),
            text => text.into(),
        },
        basis: served.basis(),
        proof: None,
    }
}

fn heading(name: &str) -> Heading {
    Heading::ALL.into_iter().find(|heading| heading.name() == name).unwrap_or(Heading::Configuration)
}

fn file(sheet: Sheet) -> Option<File> {
    let name = sheet.one('f');
    let language = match name.rsplit_once('.')?.1 {
        "yaml" => Language::Yaml,
        "json" => Language::Json,
        _ => Language::Conf,
    };
    let mut content = String::new();
    for line in sheet.all('c') {
        content.push_str(line);
        content.push('\n');
    }
    Some(File { name: name.to_owned(), language, content })
}
