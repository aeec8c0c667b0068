use leptos::{html, prelude::*};

/// A dialog that owns the keyboard while it is open; the browser gives the focus back afterwards.
#[component]
pub fn Dialog(
    /// For tests and labels; the heading gets `{id}-title`.
    id: &'static str,
    /// What it is about.
    title: &'static str,
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Called when it was closed by Escape.
    #[prop(into)]
    on_close: Callback<()>,
    /// Its content.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let (Some(element), open) = (dialog.get(), open.get()) else { return };
        if open && !element.open() {
            // Refused only for a dialog that is open already.
            let _ = element.show_modal();
        } else if !open && element.open() {
            element.close();
        }
    });
    let (title_id, labelled_by) = (format!("{id}-title"), format!("{id}-title"));
    view! {
        <dialog class="dialog" id=id node_ref=dialog aria-labelledby=labelled_by on:close=move |_| on_close.run(())>
            <h2 class="dialog__title" id=title_id>{title}</h2>
            {children()}
        </dialog>
    }
}
