use analysis::redact::{Hit, Wishes};
use leptos::prelude::*;

use crate::ui::Button;

/// Hits that are listed; all are replaced.
const LISTED: usize = 200;

/// What a person wants replaced otherwise than the detectors say.
#[derive(Clone, Copy, Default)]
pub struct Wanted {
    /// Hits to leave as they are.
    kept: RwSignal<Vec<Hit>>,
    added: RwSignal<Vec<String>>,
}

impl Wanted {
    /// The same as the analysis takes it.
    pub fn wishes(self) -> Wishes {
        Wishes { add: self.added.get(), keep: self.kept.get().into_iter().map(|hit| hit.value).collect() }
    }
}

/// What is replaced, each hit where it was first seen, and what is left as it is.
#[component]
pub fn Hits(
    wanted: Wanted,
    /// What is replaced now.
    hits: Signal<Vec<Hit>>,
    /// How the ids of its parts begin.
    name: &'static str,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let add = move |()| {
        let new = text.get_untracked();
        if !new.is_empty() {
            wanted.added.update(|added| added.push(new));
            text.set(String::new());
        }
    };
    let rows = move || {
        let kept = wanted.kept.get().into_iter().map(|hit| row(wanted, hit, false));
        hits.get()
            .into_iter()
            .take(LISTED)
            .map(|hit| row(wanted, hit, true))
            .chain(kept)
            .collect_view()
            .into_any()
    };
    let more = move || {
        let more = hits.read().len().checked_sub(LISTED).filter(|more| *more > 0)?;
        Some(format!("{more} further values are replaced, too."))
    };
    view! {
        <details id=format!("{name}-hits") open>
            <summary>{move || format!("Values with pseudonyms: {}", hits.read().len())}</summary>
            <ul class="share__hits">{rows}</ul>
            <p>{more}</p>
        </details>
        <div class="share__row">
            <input class="share__link" id=format!("{name}-add") type="text" aria-label="Also replace this text" placeholder="Also replace this text" bind:value=text/>
            <Button on_press=add>"Replace"</Button>
        </div>
    }
    .into_any()
}

fn row(wanted: Wanted, hit: Hit, replaced: bool) -> AnyView {
    let label = format!("Replace {}", hit.value);
    let (kind, field, value) = (hit.kind.name(), hit.field.clone(), hit.value.clone());
    let (before, after) = hit.context.clone();
    let pseudonym = replaced.then(|| format!(" → {}", hit.pseudonym));
    let toggle = move |_| {
        let hit = hit.clone();
        wanted.kept.update(|kept| {
            if replaced { kept.push(hit) } else { kept.retain(|other| other.value != hit.value) }
        });
    };
    view! {
        <li>
            <input type="checkbox" aria-label=label prop:checked=replaced on:change=toggle/>
            " " {kind} " in " {field} ": " <code>{before}<mark>{value}</mark>{after}</code> {pseudonym}
        </li>
    }
    .into_any()
}
