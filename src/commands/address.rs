//! The address of the page: what is shown stands in it, and what it says is shown.

use analysis::share::{Fragment, View};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use super::Commands;
use crate::{
    platform::location,
    state::{Screen, Tab},
};

/// How long the address waits for the next change of the same view, in milliseconds: browsers refuse to
/// have it changed hundreds of times in a few seconds.
const ADDRESS_PAUSE: u32 = 150;

impl Commands {
    /// Keeps the address in step with what is shown. Another tab is a step that the browser's Back undoes.
    pub fn reflect_in_address(self) {
        let waiting: StoredValue<Option<Timeout>, LocalStorage> = StoredValue::new_local(None);
        let state = self.state;
        Effect::watch(
            move || state.looks_at(),
            move |now, _, _| {
                let Some(view) = now else { return };
                waiting.set_value(None);
                if is_another_entry(view.as_ref()) {
                    write(view.as_ref(), true);
                } else {
                    let view = view.clone();
                    waiting.set_value(Some(Timeout::new(ADDRESS_PAUSE, move || write(view.as_ref(), false))));
                }
            },
            false,
        );
    }

    /// The address has another fragment, or the first one.
    pub fn fragment_arrived(self, fragment: String) {
        let is_report = *self.state.screen().read_untracked() == Screen::Report;
        match Fragment::of(&fragment) {
            Fragment::Link => {
                self.tidy_address();
                self.link_arrived(fragment);
            }
            Fragment::View(None) => self.tidy_address(),
            Fragment::View(Some(view)) if is_report => self.go_to(&view),
            Fragment::View(Some(view)) if self.state.report().read_untracked().is_some() => {
                self.state.back_to_report();
                self.go_to(&view);
            }
            Fragment::View(Some(view)) => self.state.desk().begin_with(view),
            // Back from the first view of a report; it stays within reach.
            Fragment::Place if is_report && fragment.is_empty() => self.state.begin_anew(),
            Fragment::Place if is_report && location::is_hidden(&fragment) => {
                self.state.desk().show(Tab::Report);
                Timeout::new(0, move || location::scroll_to(&fragment)).forget();
            }
            Fragment::Place => {}
        }
    }

    /// Shows what an address says.
    fn go_to(self, view: &View) {
        if self.state.desk().arrange(view) {
            self.search(0);
        }
        if let Some(record) = view.alert {
            self.show_details(record);
        }
    }

    /// A payload never stays in the address, nor what nobody can read; what is shown takes its place.
    fn tidy_address(self) {
        location::forget_fragment();
        let view = untrack(|| self.state.looks_at()).flatten();
        if let Some(text) = view.and_then(|view| view.written()) {
            location::show(&text, false);
        }
    }
}

/// Whether a view is a further step from the one in the address, rather than the same one changed.
fn is_another_entry(view: Option<&View>) -> bool {
    match Fragment::of(&location::fragment()) {
        Fragment::View(Some(there)) => view.is_none_or(|view| view.tab != there.tab),
        _ => true,
    }
}

fn write(view: Option<&View>, is_new: bool) {
    let now = location::fragment();
    // A place in the report says where somebody is more closely than its tab.
    let is_at_place = !now.is_empty() && Fragment::of(&now) == Fragment::Place;
    if is_at_place && view.is_some_and(|view| view.tab == Tab::Report.name()) {
        return;
    }
    let Some(text) = view.map_or(Some(String::new()), View::written) else { return };
    if text != now {
        location::show(&text, is_new);
    }
}
