//! What the person makes of the findings: at each of them, and over all.

use analysis::{
    limits::NOTE_CHARACTERS,
    review::{Mark, Opinion},
};
use leptos::{ev, prelude::*};

use crate::{
    commands::Commands,
    platform::{keys, storage},
    state::AppState,
    ui::{Button, Kind},
};

/// The button that gives a mark.
fn title(mark: Mark) -> &'static str {
    match mark {
        Mark::Expected => "Expected",
        Mark::Investigate => "Investigate",
        Mark::Done => "Done",
    }
}

/// Buttons for the marks of a finding, and a field for its note once it has one.
#[component]
pub fn Marks(id: String) -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let (review, id) = (state.desk().review(), StoredValue::new(id));
    let standing = Memo::new(move |_| id.with_value(|id| review.of(id)));
    let opinion = move || standing.get().filter(|(_, is_current)| *is_current).map(|(opinion, _)| opinion);
    let is_marked = Memo::new(move |_| opinion().is_some());
    let press = move |mark: Mark| {
        let now = untrack(opinion);
        let note = now.as_ref().map(|now| now.note.clone()).unwrap_or_default();
        let is_taken_back = now.is_some_and(|now| now.mark == mark);
        commands.mark(id.get_value(), (!is_taken_back).then_some(Opinion { mark, note }));
    };
    let buttons = Mark::ALL.map(|mark| {
        let is_pressed = move || if opinion().is_some_and(|now| now.mark == mark) { "true" } else { "false" };
        view! {
            <button type="button" class="review__mark" data-mark=mark.name() aria-pressed=is_pressed on:click=move |_| press(mark)>
                {title(mark)}
            </button>
        }
        .into_any()
    });
    let noted = move |event: ev::Event| {
        if let Some(now) = untrack(opinion) {
            commands.mark(id.get_value(), Some(Opinion { note: event_target_value(&event), ..now }));
        }
    };
    let earlier = move || {
        let (opinion, is_current) = standing.get()?;
        let words = opinion.mark.words();
        (!is_current)
            .then(|| format!("The same was marked {words} when it was judged otherwise; look at it again."))
    };
    view! {
        <div class="review" role="group" aria-label="Review of this finding">
            <span class="review__label">"Review"</span>
            {buttons.into_iter().collect_view()}
            <span class="review__earlier">{earlier}</span>
            <Show when=move || is_marked.get()>
                <input
                    class="review__note"
                    type="text"
                    aria-label="Note"
                    placeholder="Note"
                    maxlength=NOTE_CHARACTERS
                    prop:value=move || opinion().map(|now| now.note).unwrap_or_default()
                    on:change=noted
                />
            </Show>
        </div>
    }
}

/// How many findings are marked, and what can be done with the review.
#[component]
pub fn ReviewLine() -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let known = state.desk().review().known();
    let line = Memo::new(move |_| known.read().line.clone());
    let is_full = move || known.read().is_full.then_some("The review holds no more; this mark was not kept.");
    view! {
        <div class="review" id="review">
            <span role="status">{move || line.get()} {is_full}</span>
            <Show when=move || line.read().is_some()>
                <Button id="save-review" kind=Kind::Quiet on_press=move |()| commands.save_review()>"Save review"</Button>
            </Show>
        </div>
    }
}

/// Takes in the review of earlier visits, keeps what changes, and listens for undo and redo.
pub fn begin(state: AppState, commands: Commands) {
    commands.remember_review();
    let known = state.desk().review().known();
    let text = Memo::new(move |_| known.read().text.clone());
    Effect::watch(move || text.get(), |text, _, _| keep(text), false);
    let listener = window_event_listener(ev::keydown, move |event| {
        let is_undo = (event.ctrl_key() || event.meta_key()) && event.key().eq_ignore_ascii_case("z");
        if is_undo && !event.alt_key() && !keys::takes_keys(&event) {
            event.prevent_default();
            commands.undo(event.shift_key());
        }
    });
    on_cleanup(move || listener.remove());
}

/// An empty text says that nothing is known yet.
fn keep(text: &str) {
    if !text.is_empty() {
        storage::set(storage::Key::Review, text);
    }
}
