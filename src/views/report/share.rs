use analysis::redact::{Hit, Wishes};
use leptos::prelude::*;

use crate::{
    commands::Commands,
    platform::{clipboard, location},
    state::{AppState, words::count},
    ui::{Button, CopyButton, Dialog, Kind},
};

/// What a person chose about the link.
#[derive(Clone, Copy)]
struct Choice {
    redact: RwSignal<bool>,
    compact: RwSignal<bool>,
    /// Hits to leave as they are.
    kept: RwSignal<Vec<Hit>>,
    added: RwSignal<Vec<String>>,
    /// Empty for a link that opens without one.
    password: RwSignal<String>,
}

impl Choice {
    fn password(self) -> Option<String> {
        Some(self.password.get()).filter(|password| !password.is_empty())
    }

    fn ask(self, commands: Commands) {
        let wishes = || Wishes {
            add: self.added.get(),
            keep: self.kept.get().into_iter().map(|hit| hit.value).collect(),
        };
        commands.share(self.redact.get().then(wishes), self.compact.get(), self.password());
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
        kept: RwSignal::default(),
        added: RwSignal::default(),
        password: RwSignal::default(),
    };
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
            <p><label><input id="share-redact" type="checkbox" bind:checked=choice.redact/>" Replace secrets, people, hosts and internal addresses by pseudonyms"</label></p>
            <p><label><input id="share-compact" type="checkbox" bind:checked=choice.compact/>" Shorter: leave out the output of each alert"</label></p>
            <label class="share__label" for="share-password">"Password, if only those who have it may open the link"</label>
            <input class="share__link" id="share-password" type="password" autocomplete="new-password" prop:value=choice.password on:change=move |event| choice.password.set(event_target_value(&event))/>
            <Show when=move || choice.redact.get() fallback=|| view! {
                <p><strong>"The link contains the alerts as they are. "</strong>"Any secret among them is in it. Give it only to people who may see these alerts."</p>
            }>
                <Hits choice/>
            </Show>
            {link}
            <div class="dialog__actions">
                <Button id="share-close" on_press=move |()| open.set(false)>"Close"</Button>
            </div>
        </Dialog>
    }
}

/// What is replaced, each hit where it was first seen, and what is left as it is.
#[component]
fn Hits(choice: Choice) -> impl IntoView {
    let shared = expect_context::<AppState>().desk().shared();
    let hits = move || shared.get().map(|shared| shared.hits).unwrap_or_default();
    let text = RwSignal::new(String::new());
    let add = move |()| {
        let wanted = text.get_untracked();
        if !wanted.is_empty() {
            choice.added.update(|added| added.push(wanted));
            text.set(String::new());
        }
    };
    let rows = move || {
        let kept = choice.kept.get().into_iter().map(|hit| row(choice, hit, false));
        hits().into_iter().take(HITS).map(|hit| row(choice, hit, true)).chain(kept).collect_view()
    };
    let more = move || {
        hits()
            .len()
            .checked_sub(HITS)
            .filter(|more| *more > 0)
            .map(|more| format!("{more} further values are replaced, too."))
    };
    view! {
        <details id="share-hits" open>
            <summary>{move || format!("Values with pseudonyms: {}", hits().len())}</summary>
            <ul class="share__hits">{rows}</ul>
            <p>{more}</p>
        </details>
        <div class="share__row">
            <input class="share__link" id="share-add" type="text" aria-label="Also replace this text" placeholder="Also replace this text" bind:value=text/>
            <Button id="share-add-button" on_press=add>"Replace"</Button>
        </div>
    }
}

fn row(choice: Choice, hit: Hit, replaced: bool) -> impl IntoView {
    let label = format!("Replace {}", hit.value);
    let (kind, field, value) = (hit.kind.name(), hit.field.clone(), hit.value.clone());
    let (before, after) = hit.context.clone();
    let pseudonym = replaced.then(|| format!(" → {}", hit.pseudonym));
    let toggle = move |_| {
        let hit = hit.clone();
        choice.kept.update(|kept| {
            if replaced { kept.push(hit) } else { kept.retain(|other| other.value != hit.value) }
        });
    };
    view! {
        <li>
            <input type="checkbox" aria-label=label prop:checked=replaced on:change=toggle/>
            " " {kind} " in " {field} ": " <code>{before}<mark>{value}</mark>{after}</code> {pseudonym}
        </li>
    }
}

/// Hits that are listed; all are replaced.
const HITS: usize = 200;

#[component]
fn Link(address: String) -> impl IntoView {
    let length = u64::try_from(address.chars().count()).unwrap_or(u64::MAX);
    view! {
        <label class="share__label" for="share-link">{format!("Link, {} characters: {}", count(length), reach(length))}</label>
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
        <p class="share__note">
            "The data stands after the # of the address, a part that browsers do not send to any server. Whoever opens the link sees this report; there is no copy of it anywhere else."
        </p>
    }
}

/// Where a link of so many characters arrives whole.
fn reach(characters: u64) -> &'static str {
    match characters {
        0..=2_000 => "works anywhere",
        2_001..=8_000 => "too long for some mail programs, fine in chats",
        8_001..=60_000 => "for browsers only",
        _ => "too long for most programs; better save the report as a file",
    }
}
