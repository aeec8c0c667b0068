//! The table of alerts: however many there are, only the rows that show are in the document.
//!
//! The element that scrolls holds one tall element, in which the rows stick to the view; where the browser
//! scrolled to says which rows they are.

use leptos::{ev, html, prelude::*};

use super::keys;
use crate::{
    commands::Commands,
    platform::{frame, pointer, storage},
    state::{
        AppState, Column,
        table::{ROW, Scroll, Selection, wanted},
    },
};

/// Pixels that an arrow key makes a column wider.
const WIDEN: i32 = 16;

/// Where the view of the table is.
#[derive(Clone, Copy)]
pub struct Place {
    frame: NodeRef<html::Div>,
    /// In pixels of the table, which may be more than the browser's.
    at: RwSignal<f64>,
    height: RwSignal<f64>,
    rows: Memo<u64>,
    /// The end of a selection that stays when it is extended.
    anchor: RwSignal<u64>,
}

impl Place {
    fn scroll(self) -> Scroll {
        Scroll { rows: self.rows.get(), height: self.height.get() }
    }

    fn scroll_untracked(self) -> Scroll {
        Scroll { rows: self.rows.get_untracked(), height: self.height.get_untracked() }
    }

    fn move_to(self, at: f64) {
        let scroll = self.scroll_untracked();
        self.at.set(scroll.within(at));
        if let Some(frame) = self.frame.get_untracked() {
            frame::scroll_to(&frame, scroll.scrolled(at));
        }
    }

    /// Takes in where the browser scrolled to, unless that is where it was sent.
    fn scrolled(self) {
        let Some(frame) = self.frame.get_untracked() else { return };
        self.height.set((frame::height(&frame) - ROW).max(0.0));
        let (scroll, scrolled) = (self.scroll_untracked(), frame::scrolled(&frame));
        if (scroll.scrolled(self.at.get_untracked()) - scrolled).abs() > 1.0 {
            self.at.set(scroll.place(scrolled));
        }
    }

    /// Makes a row the one that keys act on; with `extend` it is selected up to there.
    pub fn go_to(self, state: AppState, row: u64, extend: bool) {
        let row = row.min(self.rows.get_untracked().saturating_sub(1));
        state.desk().active().set(row);
        let scroll = self.scroll_untracked();
        self.move_to(scroll.showing(row, self.at.get_untracked()));
        if extend {
            state.desk().selection().set(Selection::between(self.anchor.get_untracked(), row));
        } else {
            self.anchor.set(row);
        }
    }

    /// How many rows a page is, and how many there are.
    pub fn extent(self) -> (u64, u64) {
        (self.scroll_untracked().page(), self.rows.get_untracked())
    }
}

/// The table.
#[component]
pub fn Grid(sheet: RwSignal<bool>) -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let desk = state.desk();
    let rows = Memo::new(move |_| desk.found().read().as_ref().map_or(0, |window| window.total));
    let place = Place {
        frame: NodeRef::new(),
        at: RwSignal::new(0.0),
        height: RwSignal::new(0.0),
        rows,
        anchor: RwSignal::new(0),
    };
    if let Some(columns) = storage::get(storage::Key::Columns) {
        desk.columns().set(Column::read(&columns));
        commands.search(0);
    } else if desk.columns().read_untracked().is_empty() {
        desk.columns().set(Column::usual());
        commands.search(0);
    }
    let first = Memo::new(move |_| place.scroll().first(place.scroll().within(place.at.get())).0);
    let shown = Memo::new(move |_| place.scroll().rows_in_view());
    ask_for_what_shows(state, commands, first, shown);
    Effect::new(move |_| {
        desk.found().track();
        place.scrolled();
    });
    // Rows mean something else where a query or an order is another one.
    Effect::watch(move || (desk.query().get(), desk.order().get()), move |_, _, _| place.move_to(0.0), false);
    // The alert that is shown may be another one by other ways than the table.
    Effect::new(move |_| {
        let shown = desk.details().with(|details| details.as_ref().map(|details| details.record));
        let row = shown.and_then(|record| desk.row_of(record));
        if let Some(row) = row.filter(|row| *row != desk.active().get_untracked()) {
            place.go_to(state, row, false);
        }
    });
    Effect::watch(move || desk.selection().get(), move |_, _, _| desk.note_setup(false), false);
    let resized = window_event_listener(ev::resize, move |_| place.scrolled());
    on_cleanup(move || resized.remove());
    keys::listen(state, commands, place, sheet);

    let on_wheel = move |event: ev::WheelEvent| {
        if place.scroll_untracked().is_scaled() && event.delta_x() == 0.0 && !event.ctrl_key() {
            event.prevent_default();
            // Lines, where the browser counts in them.
            let by = if event.delta_mode() == 1 { ROW } else { 1.0 };
            place.move_to(place.at.get_untracked() + event.delta_y() * by);
        }
    };
    let above = move || {
        let scroll = place.scroll();
        format!("translateY(-{}px)", scroll.first(scroll.within(place.at.get())).1)
    };
    let template = move || {
        let widths = desk.columns().get().into_iter().map(|column| format!(" {}px", column.width));
        format!("80px{}", widths.collect::<String>())
    };
    let active = move || {
        let (active, first) = (desk.active().get(), first.get());
        active
            .checked_sub(first)
            .filter(|slot| *slot < shown.get() && rows.get() > 0)
            .map(|slot| format!("row-{slot}"))
    };
    let names =
        Memo::new(move |_| desk.columns().get().into_iter().map(|column| column.name).collect::<Vec<_>>());
    let head = move || names.get().into_iter().enumerate().map(head_cell).collect_view();
    let slots = move || {
        let columns = names.read().len();
        (0..shown.get()).map(|slot| row(slot, columns, first, place)).collect_view()
    };
    view! {
        <div
            class="grid"
            id="rows"
            role="grid"
            tabindex="0"
            aria-label="Alerts"
            aria-multiselectable="true"
            aria-rowcount=move || rows.get() + 1
            aria-colcount=move || names.read().len() + 1
            aria-activedescendant=active
            node_ref=place.frame
            on:scroll=move |_| place.scrolled()
            on:wheel=on_wheel
        >
            <div class="grid__tall" role="presentation" style:height=move || format!("{}px", place.scroll().tall() + ROW)>
                <div class="grid__view" role="presentation" style:--columns=template>
                    <div class="grid__row grid__row--head" role="row" aria-rowindex="1">
                        <span class="grid__cell" role="columnheader">"Alert"</span>
                        {head}
                    </div>
                    <div class="grid__slide" role="presentation" style:transform=above>{slots}</div>
                </div>
            </div>
        </div>
    }
}

/// Asks for rows that show and are not there, one question at a time.
fn ask_for_what_shows(state: AppState, commands: Commands, first: Memo<u64>, shown: Memo<u64>) {
    let desk = state.desk();
    Effect::new(move |_| {
        let (first, shown) = (first.get(), shown.get());
        let from = desk.found().with(|found| {
            let window = found.as_ref()?;
            let from = wanted(first, shown, window.total, Some((window.offset, window.rows.len() as u64)))?;
            (from != window.offset).then_some(from)
        });
        if let Some(from) = from.filter(|_| !desk.is_searching()) {
            commands.search(from);
        }
    });
}

fn head_cell((at, name): (usize, String)) -> AnyView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let desk = state.desk();
    let (by, sorted, label) = (name.clone(), name.clone(), format!("Width of {name}"));
    let direction = move || {
        desk.order()
            .get()
            .filter(|order| order.by == sorted)
            .map(|order| if order.descending { "descending" } else { "ascending" })
    };
    let widen = move |by: i32| {
        desk.columns().update(|columns| {
            if let Some(column) = columns.get_mut(at) {
                column.widened(by);
            }
        });
        storage::set(storage::Key::Columns, &Column::written(&desk.columns().read_untracked()));
    };
    let key = move |event: ev::KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowLeft" => -WIDEN,
            "ArrowRight" => WIDEN,
            _ => return,
        };
        event.prevent_default();
        widen(by);
    };
    let drag = move |event: ev::PointerEvent| {
        if event.buttons() == 1 {
            widen(event.movement_x());
        }
    };
    let width = move || desk.columns().with(|columns| columns.get(at).map_or(0, |column| column.width));
    view! {
        <span class="grid__cell" role="columnheader" aria-sort=direction>
            <button type="button" class="grid__sort" on:click=move |_| commands.sort_by(&by)>{title(&name)}</button>
            <span
                class="grid__grip"
                role="separator"
                tabindex="0"
                aria-orientation="vertical"
                aria-label=label
                aria-valuenow=width
                aria-valuemin="48"
                aria-valuemax="2000"
                on:keydown=key
                on:pointerdown=|event| pointer::capture(&event)
                on:pointermove=drag
            ></span>
        </span>
    }
    .into_any()
}

/// What a column is called: keys of alerts by their words, fields by their names.
pub fn title(name: &str) -> String {
    match name {
        "time" => "Time".to_owned(),
        "priority" => "Priority".to_owned(),
        "rule" => "Rule".to_owned(),
        "hostname" => "Host".to_owned(),
        "output" => "Output".to_owned(),
        field => field.to_owned(),
    }
}

/// A row that shows whichever alert is at its place now.
fn row(slot: u64, columns: usize, first: Memo<u64>, place: Place) -> AnyView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let desk = state.desk();
    let at = Memo::new(move |_| first.get() + slot);
    let line = Memo::new(move |_| {
        let at = at.get();
        desk.found().with(|found| {
            let found = found.as_ref()?;
            found.rows.get(usize::try_from(at.checked_sub(found.offset)?).ok()?).cloned()
        })
    });
    let cell = move |column: usize| {
        let text = move || line.with(|line| line.as_ref().and_then(|line| line.cells.get(column).cloned()));
        let name =
            desk.columns().with_untracked(|columns| columns.get(column).map(|column| column.name.clone()));
        let is_time = name.as_deref() == Some("time");
        let text = move || text().map(|text| if is_time { short(&text) } else { text });
        view! { <span class="grid__cell" role="gridcell">{text}</span> }
    };
    let is_beyond = move || at.get() >= place.rows.get();
    let flag = |flag: bool| if flag { "true" } else { "false" };
    let click = move |event: ev::MouseEvent| {
        let row = at.get_untracked();
        if event.ctrl_key() || event.meta_key() {
            desk.selection().update(|selection| selection.toggle(row));
            place.go_to(state, row, false);
        } else {
            place.go_to(state, row, event.shift_key());
            keys::open(state, commands);
        }
    };
    view! {
        <div
            class="grid__row"
            role="row"
            id=format!("row-{slot}")
            hidden=is_beyond
            aria-rowindex=move || at.get() + 2
            aria-selected=move || flag(desk.selection().read().has(at.get()))
            data-active=move || flag(desk.active().get() == at.get())
            on:click=click
        >
            <span class="grid__cell rows__number" role="rowheader">
                {move || line.with(|line| line.as_ref().map_or("\u{2026}".to_owned(), |line| format!("#{}", line.record)))}
            </span>
            {(0..columns).map(cell).collect_view()}
        </div>
    }
    .into_any()
}

/// A time to the second: `2026-01-02 09:00:00`.
pub fn short(time: &str) -> String {
    time.get(..19).map(|time| time.replace('T', " ")).unwrap_or_default()
}
