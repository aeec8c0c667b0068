//! The rule lab: a condition, an exception or an overlay, and what it does to the alerts of the report.

mod diagnostics;
mod effect;
mod examples;
mod rule_files;

use analysis::lab::Kind as TextKind;
use leptos::{html, prelude::*};

pub use self::diagnostics::Diagnostics;
use self::{effect::EffectView, examples::EXAMPLES, rule_files::RuleFiles};
use super::alerts::Lost;
use crate::{
    commands::Commands,
    state::AppState,
    ui::{Button, Kind},
    worker::protocol::RuleFile,
};

/// The text area, what is wrong with the text, and what it does.
#[component]
pub fn Lab(
    /// The rule files beside the alerts.
    files: Vec<RuleFile>,
) -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let desk = state.desk();
    let draft = desk.draft();
    let field = NodeRef::<html::Textarea>::new();
    commands.try_draft();
    let begin = move |text: &str| {
        draft.set(text.to_owned());
        commands.try_draft();
    };
    let kind = move || {
        desk.tried().read().as_ref().map_or("", |tried| match tried.findings.kind {
            TextKind::Nothing => "",
            TextKind::Condition => "Read as a condition.",
            TextKind::Exception => "Read as an exception, tried under every rule of these alerts.",
            TextKind::Overlay => "Read as an overlay of rules.",
        })
    };
    let examples = EXAMPLES.map(|example| {
        view! { <Button id=example.id kind=Kind::Quiet on_press=move |()| begin(example.text)>{example.title}</Button> }
    });
    view! {
        <section class="lab" aria-labelledby="lab-title">
            <div class="lab__write">
                <h1 class="panel__title" id="lab-title">"Rule lab"</h1>
                <p class="lab__lead" id="lab-hint">
                    "Write a condition, an exception or an overlay of rules. It is checked as Falco 0.44.1 does, and tried on the alerts of this report while you type."
                </p>
                <label class="lab__label" for="lab-text">"Condition, exception or overlay"</label>
                <textarea
                    class="intake__text"
                    id="lab-text"
                    rows="12"
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="off"
                    aria-describedby="lab-hint lab-kind"
                    node_ref=field
                    bind:value=draft
                    on:input=move |_| commands.draft_changed()
                ></textarea>
                <div class="lab__examples" role="group" aria-label="Examples">"Begin with " {examples.collect_view()}</div>
                <p class="lab__kind" id="lab-kind">{kind}</p>
                <Lost/>
                <div id="lab-diagnostics" role="status">
                    {move || desk.tried().get().map(|tried| view! {
                        <Diagnostics text=draft.get_untracked() diagnostics=tried.findings.diagnostics field/>
                    })}
                </div>
            </div>
            <div class="lab__effect" id="lab-effect">
                {move || desk.tried().get().map(|tried| view! { <EffectView tried/> })}
            </div>
            <RuleFiles files/>
        </section>
    }
}
