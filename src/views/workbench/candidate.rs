use leptos::prelude::*;

use crate::{
    commands::Commands,
    state::{AppState, words::count},
    ui::{Button, Kind, Shares},
    worker::bench::BenchCandidate,
};

/// One way to tune a rule, with its proof and what an attacker would have to do.
#[component]
pub fn CandidateView(
    /// The tuning that it is of.
    id: StoredValue<String>,
    /// The candidate.
    candidate: BenchCandidate,
) -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let workbench = state.desk().workbench();
    let BenchCandidate { grade, content, hiding, hides, also_hides, keeps, undecided } = candidate;
    let content = StoredValue::new(content);
    let is_chosen = Memo::new(move |_| {
        id.with_value(|id| {
            !workbench.is_left_out(id) && content.with_value(|content| workbench.text(id) == *content)
        })
    });
    let choose = move |()| {
        id.with_value(|id| workbench.write(id, content.get_value()));
        if workbench.open().get_untracked() == Some(id.get_value()) {
            id.with_value(|id| commands.prove(id));
        }
    };
    let figures = [
        ("hit", "hidden, as wanted", hides),
        ("unwanted", "hidden beside them", also_hides),
        ("miss", "still alert", keeps),
        ("undecided", "undecided", undecided),
    ];
    view! {
        <li class="candidate" data-grade=grade.clone() data-chosen=move || is_chosen.get().to_string()>
            <h3 class="candidate__grade">{grade.clone()}</h3>
            {proof(&figures)}
            <p class="candidate__hiding">{format!("To hide in it, an attacker would have to {hiding}.")}</p>
            <Button kind=Kind::Quiet on_press=choose resting=is_chosen>
                {move || if is_chosen.get() { "Chosen" } else { "Choose" }}
            </Button>
        </li>
    }
}

/// Figures as a bar and as numbers.
pub fn proof(figures: &[(&'static str, &'static str, u64)]) -> AnyView {
    let label: Vec<String> =
        figures.iter().map(|(_, title, size)| format!("{} {title}", count(*size))).collect();
    let shares = figures.iter().map(|(kind, _, size)| (*kind, *size)).collect();
    let cells = figures.iter().map(|(kind, title, size)| {
        view! { <div class="effect__figure" data-share=*kind><dt>{*title}</dt><dd>{count(*size)}</dd></div> }
    });
    view! {
        <Shares label=label.join(", ") parts=shares/>
        <dl class="effect__figures">{cells.collect_view()}</dl>
    }
    .into_any()
}
