use analysis::{
    lab::{Effect, Explanation, Kind, Part},
    shelf::Row,
};
use leptos::prelude::*;

use crate::{
    commands::Commands,
    state::{
        AppState,
        words::{count, counted},
    },
    ui::Shares,
    worker::protocol::Tried,
};

/// What the text does to the alerts, in figures and one by one.
#[component]
pub fn EffectView(
    /// What was found out.
    tried: Tried,
) -> impl IntoView {
    let Tried { findings, rows } = tried;
    let kind = findings.kind;
    let Some(effect) = findings.effect else {
        let words = if kind == Kind::Nothing {
            "Nothing is tried yet."
        } else {
            "It does not load, so it does nothing."
        };
        return view! { <p class="effect__none">{words}</p> }.into_any();
    };
    let Effect { hits, misses, undecided, contradicted, beyond, with_rule_files, .. } = effect;
    let hides = kind != Kind::Condition;
    let titles = if hides {
        ["hidden", "still alert", "undecided", "not from these rule files"]
    } else {
        ["match", "do not match", "undecided", ""]
    };
    let parts = [("hit", hits), ("miss", misses), ("undecided", undecided), ("contradicted", contradicted)];
    let total: u64 = parts.iter().map(|(_, part)| part.count).sum();
    let shares = parts.iter().map(|(kind, part)| (*kind, part.count)).collect();
    let figures: Vec<(&str, &str, u64)> =
        parts.iter().zip(titles).map(|((kind, part), title)| (*kind, title, part.count)).collect();
    let shown = |(kind, _, count): &(&str, &str, u64)| *count > 0 || *kind != "contradicted";
    let label: Vec<String> = figures
        .iter()
        .filter(|figure| shown(figure))
        .map(|(_, title, size)| format!("{} {title}", count(*size)))
        .collect();
    let lists = parts.into_iter().zip(titles).map(|((_, part), title)| listed(title, &part, &rows));
    let lists = lists.collect_view();
    view! {
        <h2 class="effect__title">{format!("Of {}", counted(total, "alert", "alerts"))}</h2>
        <Shares label=label.join(", ") parts=shares/>
        <dl class="effect__figures">
            {figures.into_iter().filter(shown).map(|(kind, title, size)| view! {
                <div class="effect__figure" data-share=kind><dt>{title}</dt><dd>{count(size)}</dd></div>
            }).collect_view()}
        </dl>
        {(beyond > 0).then(|| view! {
            <p class="effect__note">{format!("{} more are not kept in memory and not tried.", count(beyond))}</p>
        })}
        {with_rule_files.then(|| view! { <p class="effect__note">"Tried with the rule files below."</p> })}
        {lists}
    }
    .into_any()
}

/// The first alerts of a part, folded away.
fn listed(title: &'static str, part: &Part, rows: &[Row]) -> Option<AnyView> {
    let items: Vec<Row> = part
        .records
        .iter()
        .filter_map(|record| rows.iter().find(|row| row.record == *record))
        .cloned()
        .collect();
    let all = items.len() as u64 == part.count;
    let summary = match (all, part.count) {
        (_, 0) => return None,
        (true, size) => format!("{}: {title}", counted(size, "alert", "alerts")),
        (false, size) => format!("{}: {title}, the first {}", counted(size, "alert", "alerts"), items.len()),
    };
    let items = items.into_iter().map(|row| view! { <AffectedAlert row/> }).collect_view();
    Some(
        view! {
            <details class="affected" open=title == "hidden" || title == "match">
                <summary>{summary}</summary>
                <ol class="affected__list">{items}</ol>
            </details>
        }
        .into_any(),
    )
}

#[component]
fn AffectedAlert(row: Row) -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let record = row.record;
    let explanation = Memo::new(move |_| {
        let shown = state.desk().explanation();
        let shown = shown.read();
        shown.as_ref().filter(|shown| shown.record == record).cloned()
    });
    view! {
        <li class="affected__alert">
            <p class="affected__head">
                <span class="affected__record">{format!("#{record}")}</span>
                " "
                <span class="affected__rule">{row.rule}</span>
                <button
                    type="button"
                    class="button"
                    data-kind="quiet"
                    aria-expanded=move || if explanation.read().is_some() { "true" } else { "false" }
                    aria-label=format!("Why alert {record}?")
                    on:click=move |_| commands.toggle_explanation(record)
                >
                    "Why?"
                </button>
            </p>
            <p class="affected__output">{row.output}</p>
            {move || explanation.get().map(|explanation| view! { <Why explanation/> })}
        </li>
    }
}

/// The parts of the condition with their answers, indented as they nest.
#[component]
fn Why(explanation: Explanation) -> impl IntoView {
    if explanation.steps.is_empty() {
        return view! { <p class="why__none">"The text says nothing about this alert\u{2019}s rule."</p> }
            .into_any();
    }
    let step = |step: analysis::lab::Step| {
        let indent = "\u{2003}".repeat(usize::try_from(step.depth.min(12)).unwrap_or_default());
        let values = step.values.into_iter().map(|(name, value)| {
            view! { <span class="why__value">{format!("{name}: {value}")}</span> }
        });
        view! {
            <li class="why__step" data-answer=step.answer.name()>
                <span aria-hidden="true">{indent}</span>
                <strong class="why__answer">{step.answer.name()}</strong>
                " "
                <code>{step.text}</code>
                {values.collect_view()}
            </li>
        }
    };
    view! { <ol class="why">{explanation.steps.into_iter().map(step).collect_view()}</ol> }.into_any()
}
