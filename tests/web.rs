//! The parts and the browser's door, in a real browser.
#![cfg(target_arch = "wasm32")]
#![cfg_attr(
    target_arch = "wasm32",
    expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where its ground is missing")
)]

use analysis::mitigation::Language;
use app::{
    platform::{
        blobs::{NamedBlob, read_slice},
        clipboard, location, storage,
    },
    state::Theme,
    ui::{
        Button, CodeView, CopyButton, Dialog, MarkdownView, ProgressBar, Quoting, ThemeToggle, VerdictBadge,
    },
    worker::protocol::CodeFile,
};
use leptos::{mount::mount_to, prelude::*, task::tick};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Element, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

const HOSTILE: &str = "<img src=x onerror=\"document.title='owned'\"><script>1</script>&lt;b&gt;\u{202e}";

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// Shows a view in a box of its own and returns the box.
fn show<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> HtmlElement {
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&place).unwrap();
    mount_to(place.clone(), view).forget();
    place
}

fn find(place: &Element, selector: &str) -> HtmlElement {
    place.query_selector(selector).unwrap().unwrap_or_else(|| panic!("no {selector}")).unchecked_into()
}

fn text(place: &Element, selector: &str) -> String {
    find(place, selector).text_content().unwrap_or_default()
}

fn code(language: Language, content: &str) -> CodeFile {
    CodeFile {
        id: "m".to_owned(),
        title: HOSTILE.to_owned(),
        name: HOSTILE.to_owned(),
        language,
        content: content.to_owned(),
    }
}

#[wasm_bindgen_test]
fn code_is_shown_as_it_is_and_never_as_markup() {
    for language in [Language::Yaml, Language::Json, Language::Conf] {
        let content = format!("# {HOSTILE}\nkey: \"{HOSTILE}\"\n- {HOSTILE}\n");
        let shown = content.clone();
        let place = show(move || view! { <CodeView file=code(language, &shown) on_save=|_| ()/> });
        assert_eq!(text(&place, "code"), content);
        assert_eq!(text(&place, ".code__name"), HOSTILE);
        assert!(place.query_selector("img, script, b").unwrap().is_none());
    }
}

#[wasm_bindgen_test]
async fn a_file_is_saved_on_request() {
    let saved = RwSignal::new(None::<String>);
    let file = code(Language::Yaml, "a: 1\n");
    let place =
        show(move || view! { <CodeView file on_save=move |file: CodeFile| saved.set(Some(file.content))/> });
    find(&place, ".code__actions .button:last-child").click();
    tick().await;
    assert_eq!(saved.get_untracked().as_deref(), Some("a: 1\n"));
}

#[wasm_bindgen_test]
fn the_report_writers_html_becomes_nodes() {
    let place = show(|| view! { <MarkdownView html="<h2 id=\"summary\">Summary</h2>".to_owned()/> });
    assert_eq!(text(&place, "h2#summary"), "Summary");
}

#[wasm_bindgen_test]
fn messages_quote_input_as_text() {
    let place = show(|| view! { <p><Quoting text=format!("no `{HOSTILE}` here")/></p> });
    assert_eq!(text(&place, "p > code"), HOSTILE);
    assert_eq!(text(&place, "p"), format!("no {HOSTILE} here"));
}

#[wasm_bindgen_test]
async fn copy_says_what_happened() {
    let place =
        show(|| view! { <code id="copy-source">"abc"</code><CopyButton text="abc" source="copy-source"/> });
    assert_eq!(text(&place, "button"), "Copy");
    find(&place, "button").click();
    let mut words = text(&place, "button");
    for _ in 0..50 {
        if words != "Copy" {
            break;
        }
        pause(20).await;
        words = text(&place, "button");
    }
    // A browser without permission to write refuses; then the text is selected instead.
    assert!(words == "Copied" || words == "Press Ctrl+C", "{words}");
}

#[wasm_bindgen_test]
fn what_is_to_be_copied_by_hand_is_selected() {
    show(|| view! { <code id="by-hand">"select me"</code> });
    clipboard::select_contents("by-hand");
    let selection = web_sys::window().unwrap().get_selection().unwrap().unwrap();
    assert_eq!(String::from(selection.to_string()), "select me");
}

#[wasm_bindgen_test]
async fn buttons_answer_and_rest() {
    let (presses, resting) = (RwSignal::new(0), RwSignal::new(false));
    let place = show(move || {
        view! { <Button id="press" resting=resting on_press=move |()| *presses.write() += 1>"Press"</Button> }
    });
    let button = find(&place, "#press");
    button.click();
    resting.set(true);
    tick().await;
    button.click();
    assert_eq!(presses.get_untracked(), 1);
}

#[wasm_bindgen_test]
async fn a_dialog_opens_closes_and_says_so() {
    let (open, closed) = (RwSignal::new(false), RwSignal::new(0));
    let place = show(move || {
        view! { <Dialog id="d" title="Title" open=open on_close=move |()| *closed.write() += 1>"Content"</Dialog> }
    });
    let dialog = find(&place, "dialog");
    assert!(!dialog.has_attribute("open"));
    open.set(true);
    tick().await;
    assert!(dialog.has_attribute("open"));
    assert_eq!(text(&place, "#d-title"), "Title");
    open.set(false);
    pause(20).await;
    assert!(!dialog.has_attribute("open"));
    assert_eq!(closed.get_untracked(), 1);
}

#[wasm_bindgen_test]
async fn progress_is_undecided_until_the_total_is_known() {
    let (done, total) = (RwSignal::new(0_u64), RwSignal::new(0_u64));
    let place = show(move || view! { <ProgressBar id="bar" label="Bytes" done=done total=total/> });
    let bar = find(&place, "progress");
    assert!(!bar.has_attribute("value"));
    total.set(200);
    done.set(50);
    tick().await;
    assert_eq!(
        (bar.get_attribute("value"), bar.get_attribute("max")),
        (Some("50".into()), Some("200".into()))
    );
}

#[wasm_bindgen_test]
fn a_verdict_is_words_first() {
    let place = show(|| {
        view! { <VerdictBadge class="needs_review".to_owned() words="This needs review".to_owned() confidence=40/> }
    });
    assert_eq!(text(&place, ".verdict"), "This needs review confidence 40 of 100");
    assert_eq!(find(&place, ".verdict__mark").get_attribute("aria-hidden").as_deref(), Some("true"));
}

#[wasm_bindgen_test]
async fn the_toggle_names_the_colours() {
    let theme = RwSignal::new(Theme::System);
    let place = show(
        move || view! { <ThemeToggle theme=theme on_press=move |()| theme.update(|theme| *theme = theme.next())/> },
    );
    find(&place, "#theme").click();
    tick().await;
    assert_eq!(text(&place, "#theme"), "Light");
    let label = find(&place, "#theme").get_attribute("aria-label").unwrap();
    assert_eq!(label, "Colours: Light. Change to Dark.");
}

#[wasm_bindgen_test]
fn preferences_are_kept() {
    for theme in [Theme::System, Theme::Light, Theme::Dark] {
        storage::set(storage::Key::Theme, theme.name());
        let stored = storage::get(storage::Key::Theme).unwrap();
        assert_eq!(Theme::from_name(&stored), Some(theme));
    }
    let stored = web_sys::window().unwrap().local_storage().unwrap().unwrap();
    assert_eq!(Theme::from_name("not a theme"), None);
    stored.remove_item("falco-report/theme").unwrap();
    assert_eq!(storage::get(storage::Key::Theme), None);
}

#[wasm_bindgen_test]
async fn pasted_text_is_read_as_its_bytes() {
    let blob = NamedBlob::from_text("input", "a\u{e9}\n");
    assert_eq!((blob.name.as_str(), blob.size()), ("input", 4));
    assert_eq!(read_slice(&blob.blob, 0).await.unwrap(), "a\u{e9}\n".as_bytes());
    assert_eq!(read_slice(&blob.blob, 3).await.unwrap(), b"\n");
    assert_eq!(read_slice(&blob.blob, 4).await.unwrap(), b"");
}

#[wasm_bindgen_test]
fn a_payload_is_taken_out_of_the_address() {
    let window = web_sys::window().unwrap();
    window.location().set_hash("r1.abc").unwrap();
    assert_eq!(location::fragment(), "#r1.abc");
    location::forget_fragment();
    assert_eq!(location::fragment(), "");
    assert!(!location::without_fragment().unwrap().contains('#'));
}

async fn pause(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        web_sys::window()
            .unwrap()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds)
            .unwrap();
    });
    wasm_bindgen_futures::JsFuture::from(promise).await.unwrap();
}
