//! Where the process of an alert comes from, as a tree.

use analysis::shelf::Ancestor;
use leptos::prelude::*;

use crate::state::words::counted;

/// The process below its ancestors, as far as the alert names them.
pub fn lineage(ancestors: Vec<Ancestor>) -> Option<AnyView> {
    let is_whole = ancestors.first()?.pid.as_deref() == Some("1");
    let begin = (!is_whole).then(|| said("Nothing is said of older ancestors.".to_owned()));
    let mut tree: Option<AnyView> = None;
    let mut unknown = 0;
    // From the process up, each around what is below it.
    for ancestor in ancestors.into_iter().rev() {
        if ancestor.level > 0 && !ancestor.is_known() {
            unknown += 1;
            continue;
        }
        tree = below(gap(unknown), tree);
        unknown = 0;
        tree = below(Some(one(ancestor)), tree);
    }
    Some(
        view! {
            <h3 class="detail__group" id="lineage-title">"Where the process comes from"</h3>
            <div class="lineage" id="lineage" role="group" aria-labelledby="lineage-title">{begin} {tree}</div>
        }
        .into_any(),
    )
}

fn below(parent: Option<AnyView>, tree: Option<AnyView>) -> Option<AnyView> {
    match parent {
        None => tree,
        Some(parent) => Some(view! { <ul><li>{parent} {tree}</li></ul> }.into_any()),
    }
}

/// Ancestors of which an alert says nothing.
fn gap(unknown: u64) -> Option<AnyView> {
    (unknown > 0)
        .then(|| said(format!("{} of which nothing is said", counted(unknown, "ancestor", "ancestors"))))
}

fn said(words: String) -> AnyView {
    view! { <span class="detail__meaning">{words}</span> }.into_any()
}

fn one(ancestor: Ancestor) -> AnyView {
    let is_self = ancestor.level == 0;
    let Ancestor { name, may_be_cut, exe, cmdline, pid, .. } = ancestor;
    let name = name.unwrap_or_else(|| "without a name".to_owned());
    let number = pid.map(|pid| said(format!(" {pid}")));
    let cut = may_be_cut.then(|| said(" the name may be cut".to_owned()));
    let further = [exe, cmdline].into_iter().flatten().filter(|text| *text != name);
    let further: Vec<AnyView> =
        further.map(|text| view! { <code class="lineage__further">{text}</code> }.into_any()).collect();
    view! {
        <span data-self=is_self.to_string()><code class="lineage__name">{name}</code> {number} {cut}</span>
        {further}
    }
    .into_any()
}
