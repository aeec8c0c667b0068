use leptos::prelude::*;

use crate::{
    commands::Commands,
    state::words::{accounting, bytes, count, counted},
    ui::{Button, Kind},
    views::skipped::SkippedList,
    worker::protocol::{Accounting, FileAccount, Skipped},
};

/// Where every record went, and which could not be read.
#[component]
pub fn AccountingLine(
    /// What was read.
    input: Accounting,
    /// The first records that could not be read.
    skipped: Vec<Skipped>,
) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let is_hashed = input.files.iter().all(|file| file.sha256.is_some());
    let can_hash = !is_hashed && commands.has_files();
    let line = accounting(&input);
    let unread = input.skipped;
    let rest = unread.saturating_sub(u64::try_from(skipped.len()).unwrap_or(u64::MAX));
    view! {
        <details class="account" id="accounting">
            <summary class="account__line">{line}</summary>
            <FileTable files=input.files/>
            {can_hash.then(|| view! {
                <p><Button id="hash" kind=Kind::Quiet on_press=move |()| commands.hash()>"Hash these files"</Button></p>
            })}
        </details>
        {(unread > 0).then(|| view! {
            <details class="account account--partial" id="skipped">
                <summary class="account__line">
                    {partly(unread)}
                </summary>
                <SkippedList skipped/>
                {(rest > 0).then(|| view! { <p>{format!("{} more are counted but not listed.", count(rest))}</p> })}
            </details>
        })}
    }
}

fn partly(unread: u64) -> String {
    let records = counted(unread, "record", "records");
    format!(
        "Partly readable: {records} could not be read and {} not in this report",
        if unread == 1 { "is" } else { "are" }
    )
}

#[component]
fn FileTable(files: Vec<FileAccount>) -> impl IntoView {
    let rows = files
        .into_iter()
        .map(|file| {
            view! {
                <tr>
                    <th scope="row">
                        {file.name}
                        {file.sha256.map(|sha256| view! { <code class="account__hash">"SHA-256 "{sha256}</code> })}
                    </th>
                    <td>{file.shape}</td>
                    <td>{bytes(file.bytes)}</td>
                    <td>{count(file.alerts)}</td>
                    <td>{count(file.duplicates)}</td>
                    <td>{count(file.skipped)}</td>
                    <td>{count(file.noise)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-box" tabindex="0" role="region" aria-label="Files">
            <table class="account__files">
                <thead>
                    <tr>
                        <th scope="col">"File"</th>
                        <th scope="col">"Written as"</th>
                        <th scope="col">"Size"</th>
                        <th scope="col">"Alerts"</th>
                        <th scope="col">"Duplicates"</th>
                        <th scope="col">"Skipped"</th>
                        <th scope="col">"Not from Falco"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
