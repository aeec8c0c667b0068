//! The page around the screens: header, main, and everything that listens to the whole window.

use leptos::{ev, html, prelude::*};

use crate::{
    commands::Commands,
    platform::{launch, location, page, storage, transfer},
    state::{AppState, Screen, Theme},
    ui::{DropHint, ThemeToggle, Wordmark},
    views::{Cancelled, Loading, Offer, ProblemView, ReportView, Welcome},
};

/// The app.
#[component]
pub fn App() -> impl IntoView {
    let state = AppState::new(stored_theme());
    let commands = Commands::new(state);
    provide_context(state);
    provide_context(commands);

    let main = NodeRef::<html::Main>::new();
    reflect_in_document(state);
    show_from_the_top(state, main);
    let over = listen_to_window(state, commands);

    let screen = move || match state.screen().get() {
        Screen::Welcome => view! { <Welcome/> }.into_any(),
        Screen::Loading => view! { <Loading/> }.into_any(),
        Screen::Cancelled => view! { <Cancelled/> }.into_any(),
        Screen::Problem(problem) => view! { <ProblemView problem/> }.into_any(),
        Screen::Report => view! { <ReportView/> }.into_any(),
    };
    let status = state.status();
    view! {
        <a class="skip-link" href="#main">"Skip to the content"</a>
        <header class="masthead">
            <Wordmark/>
            <p class="masthead__promise">"Nothing leaves this page"</p>
            <ThemeToggle theme=state.theme() on_press=move |()| state.cycle_theme()/>
        </header>
        <main id="main" class="main" tabindex="-1" node_ref=main>{screen}</main>
        <p class="visually-hidden" role="status" id="status">{move || status.get()}</p>
        <Offer/>
        <DropHint over/>
    }
}

/// The theme that was chosen on an earlier visit.
fn stored_theme() -> Theme {
    storage::get(storage::Key::Theme).and_then(|name| Theme::from_name(&name)).unwrap_or_default()
}

/// Keeps the title, `data-state` and `data-theme` in step with the state.
fn reflect_in_document(state: AppState) {
    let title = state.title();
    Effect::new(move |_| page::set_title(&title.read()));
    Effect::new(move |_| page::set_state(state.screen().read().name()));
    Effect::new(move |_| page::set_theme(state.theme().get().name()));
    Effect::watch(
        move || state.theme().get(),
        |theme, _, _| storage::set(storage::Key::Theme, theme.name()),
        false,
    );
}

/// A new screen is read from its beginning, by eye and by ear.
fn show_from_the_top(state: AppState, main: NodeRef<html::Main>) {
    let arrive = move |_: &Screen, _: Option<&Screen>, _: Option<()>| {
        if let Some(main) = main.get_untracked() {
            // An element in the document can always be focused.
            let _ = main.focus();
        }
        page::scroll_to_top();
    };
    Effect::watch(move || state.screen().get(), arrive, false);
}

/// Drops, pastes, links and Escape, wherever the focus is. Returns whether files are held over the window.
fn listen_to_window(state: AppState, commands: Commands) -> ReadSignal<bool> {
    let (over, set_over) = signal(false);
    let listeners = transfer::listen(move |held| set_over.set(held), move |arrival| commands.take(arrival));
    let links = location::on_fragment(move |fragment| commands.fragment_arrived(fragment));
    // They live as long as the app.
    StoredValue::new_local((listeners, links));
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape"
            && state.screen().get_untracked() == Screen::Loading
            && !page::dialog_is_open()
        {
            commands.cancel();
        }
    });
    on_cleanup(move || escape.remove());
    launch::on_files(move |files| commands.files(files));
    commands.fragment_arrived(location::fragment());
    commands.reflect_in_address();
    over
}
