use leptos::prelude::*;

use crate::{
    platform::{clipboard, location},
    state::words::count,
    ui::{Button, CopyButton, Dialog, Kind},
};

/// The report as a link, with what a person should know before handing it on.
#[component]
pub fn ShareDialog(
    /// Whether it is open; closing sets it.
    open: RwSignal<bool>,
    /// The part of the link from `#` on, or the sentence that says why there is none.
    link: Result<String, String>,
) -> impl IntoView {
    let content = match link {
        Ok(fragment) => {
            let address = location::without_fragment().unwrap_or_default() + &fragment;
            view! { <Link address/> }.into_any()
        }
        Err(sentence) => view! {
            <p class="notice-page__fact">{sentence}</p>
            <p>"Save the report as a web page instead, and hand on the file."</p>
        }
        .into_any(),
    };
    view! {
        <Dialog id="share-dialog" title="Share this report" open=open on_close=move |()| open.set(false)>
            {content}
            <div class="dialog__actions">
                <Button id="share-close" on_press=move |()| open.set(false)>"Close"</Button>
            </div>
        </Dialog>
    }
}

#[component]
fn Link(address: String) -> impl IntoView {
    let length = u64::try_from(address.chars().count()).unwrap_or(u64::MAX);
    view! {
        <p>
            <strong>"The link contains the alerts as they are. "</strong>
            "Command lines, user names and host names are in it, and so is any secret among them; nothing is blacked out. Give it only to people who may see these alerts."
        </p>
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
        <p class="share__note">
            "The data stands after the # of the address, a part that browsers do not send to any server. Whoever opens the link sees this report; there is no copy of it anywhere else."
        </p>
    }
}
