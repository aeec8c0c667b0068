use leptos::prelude::*;

use crate::state::Theme;

/// Goes through the colours: as the system says, light, dark.
#[component]
pub fn ThemeToggle(
    /// The colours that are chosen.
    #[prop(into)]
    theme: Signal<Theme>,
    /// Called to go to the next ones.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    let label = move || format!("Colours: {}. Change to {}.", theme.get().word(), theme.get().next().word());
    view! {
        <button type="button" class="button" data-kind="quiet" id="theme" aria-label=label on:click=move |_| on_press.run(())>
            <span class="theme-toggle__mark" data-theme-choice=move || theme.get().word() aria-hidden="true"></span>
            <span class="theme-toggle__word" aria-hidden="true">{move || theme.get().word()}</span>
        </button>
    }
}
