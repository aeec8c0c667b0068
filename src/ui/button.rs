use leptos::prelude::*;

/// How much a button stands out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// The one thing to do here.
    Primary,
    /// One of several things to do.
    #[default]
    Plain,
    /// Beside the point, but at hand.
    Quiet,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Plain => "plain",
            Self::Quiet => "quiet",
        }
    }
}

/// A button that does something on this page.
#[component]
pub fn Button(
    /// Called on a click, Enter or Space.
    #[prop(into)]
    on_press: Callback<()>,
    /// For tests and labels.
    #[prop(optional)]
    id: Option<&'static str>,
    /// How much it stands out.
    #[prop(optional)]
    kind: Kind,
    /// While this holds, the button rests.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What it says.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button"
            id=id
            data-kind=kind.name()
            disabled=move || disabled.get()
            on:click=move |_| on_press.run(())
        >
            {children()}
        </button>
    }
}
