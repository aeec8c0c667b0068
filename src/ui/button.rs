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
    /// While this holds, the button rests. It keeps the focus, so that the keyboard stays where it was.
    #[prop(optional, into)]
    resting: Signal<bool>,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let press = move |_| {
        if !resting.get_untracked() {
            on_press.run(());
        }
    };
    view! {
        <button
            type="button"
            class="button"
            id=id
            data-kind=kind.name()
            aria-disabled=move || resting.get().then_some("true")
            on:click=press
        >
            {children()}
        </button>
    }
}
