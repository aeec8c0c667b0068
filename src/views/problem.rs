use leptos::{ev, prelude::*};

use super::{cancelled::WaysOut, skipped::SkippedList};
use crate::{
    commands::Commands,
    state::{
        problem_title,
        words::{accounting, counted},
    },
    ui::{Button, Kind},
    worker::protocol::{Problem, Skipped},
};

/// Why there is no report, and what to do about it.
#[component]
pub fn ProblemView(
    /// What happened.
    problem: Problem,
) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let title = problem_title(&problem);
    let may_retry = matches!(problem, Problem::File { .. } | Problem::Worker(_));
    view! {
        <section class="notice-page" id="problem">
            <h1 class="notice-page__title">{title}</h1>
            {explanation(problem)}
            <div class="notice-page__actions">
                <Show when=move || may_retry>
                    <Button id="again" kind=Kind::Primary on_press=move |()| commands.again()>"Try again"</Button>
                </Show>
                <WaysOut/>
            </div>
        </section>
    }
}

/// Asks for the password of an encrypted link.
#[component]
fn Unlock(refused: bool) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let password = RwSignal::new(String::new());
    let open = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let password = password.get_untracked();
        if !password.is_empty() {
            commands.unlock(password);
        }
    };
    view! {
        {refused.then(|| view! {
            <p class="notice-page__fact" id="password-refused" role="alert">"The password is wrong, or the link was changed. Nothing of it is shown."</p>
        })}
        <form on:submit=open>
            <label class="share__label" for="password">"Whoever sent it has the password. Opening takes a moment."</label>
            <div class="share__row">
                <input class="share__link" id="password" type="password" autocomplete="off" bind:value=password/>
                <button class="button" data-kind="primary" id="unlock" type="submit">"Open"</button>
            </div>
        </form>
    }
}

fn places(skipped: Vec<Skipped>) -> AnyView {
    if skipped.is_empty() {
        return view! { <p>"There is no JSON in it at all."</p> }.into_any();
    }
    view! {
        <h2 class="notice-page__subtitle">"Where reading failed"</h2>
        <SkippedList skipped/>
    }
    .into_any()
}

fn explanation(problem: Problem) -> AnyView {
    match problem {
        Problem::Empty => view! {
            <p>"The text or file was empty. Paste an alert as Falco wrote it, choose a file, or try one of the examples."</p>
        }
        .into_any(),
        Problem::Unrecognised { input, skipped } => {
            let rest = input.skipped.saturating_sub(u64::try_from(skipped.len()).unwrap_or(u64::MAX));
            view! {
                <p>
                    "This page reads alerts as JSON, the way Falco writes them with "
                    <code>"json_output: true"</code>
                    " in falco.yaml, or as Falcosidekick passes them on. Nothing like that was found."
                </p>
                <p class="notice-page__fact">{accounting(&input)}</p>
                {places(skipped)}
                {(rest > 0).then(|| view! { <p class="notice-page__fact">{format!("And {}.", counted(rest, "more place", "more places"))}</p> })}
            }
            .into_any()
        }
        Problem::File { reason, .. } => view! {
            <p>"The browser gave this reason:"</p>
            <p class="notice-page__fact">{reason}</p>
            <p>"Folders cannot be read, and neither can files that were moved or changed since you chose them. Check the file and try again."</p>
        }
        .into_any(),
        Problem::Link(sentence) => view! {
            <p class="notice-page__fact">{sentence}</p>
            <p>"Nothing of it is shown, because it would not be what was shared. Programs that send messages sometimes cut or change long links; the alerts as a file are the safer way."</p>
        }
        .into_any(),
        Problem::Password { refused } => view! { <Unlock refused/> }.into_any(),
        Problem::Worker(reason) => view! {
            <p>"The part of this page that reads alerts stopped in the middle of it. Your alerts were not changed, and the page has put a new one in its place."</p>
            <p class="notice-page__fact">{reason}</p>
            <p>"Try again. If it stops at the same place, load a smaller part of the file."</p>
        }
        .into_any(),
    }
}
