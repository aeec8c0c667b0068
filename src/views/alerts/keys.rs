//! What keys do in the table of alerts.

use leptos::{ev, prelude::*};

use super::grid::Place;
use crate::{
    commands::Commands,
    platform::keys,
    state::{AppState, Tab, table::Selection},
    ui::{Button, Dialog},
    worker::protocol::Topic,
};

/// The keys, as the sheet lists them.
const KEYS: [(&str, &str); 11] = [
    ("/", "To the search"),
    ("j, k, \u{2193}, \u{2191}", "Next and previous row; with Shift, select up to there"),
    ("Page Up, Page Down", "A page up or down"),
    ("Home, End", "First and last row"),
    ("Enter", "Open the alert"),
    ("n, p", "Next and previous alert of the same finding"),
    ("Esc", "Close the alert, then clear the selection"),
    ("x, Space", "Select a row, or no longer"),
    ("Ctrl+A", "Select everything that was found"),
    ("Ctrl+Z, Ctrl+Shift+Z", "Take the last step back, and make it again"),
    ("?", "This sheet"),
];

/// Listens while the table exists. A key that is typed into something, or pressed with Ctrl, Alt or the
/// system's key, is left alone.
pub fn listen(state: AppState, commands: Commands, place: Place, sheet: RwSignal<bool>) {
    let listener = window_event_listener(ev::keydown, move |event| {
        let is_here =
            state.desk().tab().get_untracked() == Tab::Alerts && state.report().read_untracked().is_some();
        if !is_here || event.default_prevented() || event.alt_key() || keys::takes_keys(&event) {
            return;
        }
        let in_table = keys::is_on(&event, "rows");
        let is_done = if event.ctrl_key() || event.meta_key() {
            in_table && event.key() == "a" && select_all(state, place)
        } else {
            press(state, commands, place, &event, in_table) || ask(sheet, &event.key())
        };
        if is_done {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

fn select_all(state: AppState, place: Place) -> bool {
    let (_, rows) = place.extent();
    if rows > 0 {
        state.desk().selection().set(Selection::between(0, rows - 1));
    }
    true
}

fn ask(sheet: RwSignal<bool>, key: &str) -> bool {
    match key {
        "/" => keys::focus("query"),
        "?" => sheet.set(true),
        _ => return false,
    }
    true
}

/// Letters act wherever the focus is, other keys only in the table.
fn press(
    state: AppState,
    commands: Commands,
    place: Place,
    event: &ev::KeyboardEvent,
    in_table: bool,
) -> bool {
    let desk = state.desk();
    let (row, (page, rows)) = (desk.active().get_untracked(), place.extent());
    let next = match event.key().as_str() {
        "j" | "J" => row + 1,
        "k" | "K" => row.saturating_sub(1),
        "ArrowDown" if in_table => row + 1,
        "ArrowUp" if in_table => row.saturating_sub(1),
        "PageDown" if in_table => row + page,
        "PageUp" if in_table => row.saturating_sub(page),
        "Home" if in_table => 0,
        "End" if in_table => rows,
        "x" => return select(state, row, rows),
        " " if in_table => return select(state, row, rows),
        "Enter" if in_table => {
            open(state, commands);
            return true;
        }
        "n" => return go_to_sibling(state, commands, true),
        "p" => return go_to_sibling(state, commands, false),
        "Escape" => return close(state),
        _ => return false,
    };
    place.go_to(state, next, event.shift_key());
    if desk.details().read_untracked().is_some() {
        open(state, commands);
    }
    true
}

fn select(state: AppState, row: u64, rows: u64) -> bool {
    if row < rows {
        state.desk().selection().update(|selection| selection.toggle(row));
    }
    true
}

/// Opens the alert of the row that keys act on.
pub fn open(state: AppState, commands: Commands) {
    if let Some(record) = state.desk().record_of(state.desk().active().get_untracked()) {
        commands.show_details(record);
    }
}

/// Opens the next alert of the same finding, or the one before; whether an alert is open.
pub fn go_to_sibling(state: AppState, commands: Commands, is_next: bool) -> bool {
    let siblings = state.desk().details().with_untracked(|details| details.as_ref()?.siblings.clone());
    let Some(siblings) = siblings else { return false };
    if let Some(record) = if is_next { siblings.next } else { siblings.previous } {
        commands.show_details(record);
    }
    true
}

fn close(state: AppState) -> bool {
    let desk = state.desk();
    if desk.details().read_untracked().is_some() {
        desk.forget(Topic::Details);
        keys::focus("rows");
        return true;
    }
    let is_any = !desk.selection().read_untracked().is_empty();
    if is_any {
        desk.selection().set(Selection::default());
    }
    is_any
}

/// All keys.
#[component]
pub fn KeySheet(open: RwSignal<bool>) -> impl IntoView {
    let keys =
        KEYS.into_iter().map(|(key, does)| view! { <dt><kbd>{key}</kbd></dt><dd>{does}</dd> }).collect_view();
    view! {
        <Dialog id="keys" title="Keys" open on_close=move |()| open.set(false)>
            <dl class="keys">{keys}</dl>
            <div class="dialog__actions"><Button on_press=move |()| open.set(false)>"Close"</Button></div>
        </Dialog>
    }
}
