use leptos::{ev, prelude::*};

use super::hits::{Hits, Wanted};
use crate::{
    commands::Commands,
    platform::{clipboard, location},
    state::{
        AppState,
        reach::{self, Reach},
        words::count,
    },
    ui::{Button, CopyButton, Dialog, Kind, qr_code},
};

/// What a person chose about the link.
#[derive(Clone, Copy)]
struct Choice {
    redact: RwSignal<bool>,
    compact: RwSignal<bool>,
    wanted: Wanted,
    /// Empty for a link that opens without one.
    password: RwSignal<String>,
}

impl Choice {
    fn password(self) -> Option<String> {
        Some(self.password.get()).filter(|password| !password.is_empty())
    }

    fn ask(self, commands: Commands) {
        let wishes = self.redact.get().then(|| self.wanted.wishes());
        commands.share(wishes, self.compact.get(), self.password());
    }
}

/// The report as a link, with what a person should see before handing it on.
#[component]
pub fn ShareDialog(
    /// Whether it is open; closing sets it.
    open: RwSignal<bool>,
) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let shared = expect_context::<AppState>().desk().shared();
    let choice = Choice {
        redact: RwSignal::new(true),
        compact: RwSignal::new(false),
        wanted: Wanted::default(),
        password: RwSignal::default(),
    };
    let hits = Signal::derive(move || shared.get().map(|shared| shared.hits).unwrap_or_default());
    Effect::new(move || {
        if open.get() {
            choice.ask(commands);
        }
    });
    let link = move || match shared.get().map(|shared| shared.link) {
        None => {
            let doing =
                if choice.password().is_some() { "Encrypting the link …" } else { "Making the link …" };
            view! { <p id="share-wait" role="status">{doing}</p> }.into_any()
        }
        Some(Ok(fragment)) => {
            let address = location::without_fragment().unwrap_or_default() + &fragment;
            view! { <Link address/> }.into_any()
        }
        Some(Err(sentence)) => view! {
            <p class="notice-page__fact">{sentence}</p>
            <p>"Save the report as a web page instead, and hand on the file."</p>
        }
        .into_any(),
    };
    view! {
        <Dialog id="share-dialog" title="Share this report" open=open on_close=move |()| open.set(false)>
            // Browsers expect a password in a form; this one is never sent.
            <form class="share__options" on:submit=|event: ev::SubmitEvent| event.prevent_default()>
                <p><label><input id="share-redact" type="checkbox" bind:checked=choice.redact/>" Replace secrets, people, hosts and internal addresses by pseudonyms"</label></p>
                <p><label><input id="share-compact" type="checkbox" bind:checked=choice.compact/>" Shorter: leave out the output of each alert"</label></p>
                <label class="share__label" for="share-password">"Password, if only those who have it may open the link"</label>
                <input class="share__link" id="share-password" type="password" autocomplete="new-password" prop:value=choice.password on:change=move |event| choice.password.set(event_target_value(&event))/>
            </form>
            <Show when=move || choice.redact.get() fallback=|| view! {
                <p><strong>"The link contains the alerts as they are. "</strong>"Any secret among them is in it. Give it only to people who may see these alerts."</p>
            }>
                <Hits wanted=choice.wanted hits name="share"/>
            </Show>
            {link}
            <div class="dialog__actions">
                <Button id="share-close" on_press=move |()| open.set(false)>"Close"</Button>
            </div>
        </Dialog>
    }
}

#[component]
fn Link(address: String) -> impl IntoView {
    let length = u64::try_from(address.chars().count()).unwrap_or(u64::MAX);
    let reach = Reach::of(length);
    let steps = Reach::ALL.map(|step| {
        let current = (step == reach).then_some("step");
        view! { <li class="reach__step" aria-current=current>{step.name()}</li> }
    });
    let qr = (length <= reach::QR).then(|| {
        view! {
            <details id="share-qr">
                <summary>"As a QR code, for a phone"</summary>
                {qr_code(&address, "The link as a QR code")}
            </details>
        }
    });
    view! {
        <label class="share__label" for="share-link">{format!("Link, {} characters", count(length))}</label>
        <div class="share__row">
            <input
                class="share__link"
                id="share-link"
                type="text"
                readonly
                value=address.clone()
                on:focus=|_| clipboard::select_contents("share-link")
            />
            <CopyButton id="share-copy" kind=Kind::Primary text=address source="share-link"/>
        </div>
        <ol class="reach" id="share-reach" aria-label="How far a link of this length gets">{steps}</ol>
        <p class="share__note">{reach.advice()}</p>
        {qr}
        <p class="share__note">
            "The data stands after the # of the address, a part that browsers do not send to any server. Whoever opens the link sees this report; there is no copy of it anywhere else."
        </p>
    }
    .into_any()
}
