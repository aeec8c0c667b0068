use analysis::shelf::Row;
use leptos::prelude::*;

use crate::{commands::Commands, state::AppState};

/// Alerts as a table. The number of an alert opens everything that it consists of.
#[component]
pub fn Rows(
    /// The alerts.
    rows: Vec<Row>,
) -> impl IntoView {
    let rows = rows.into_iter().map(|row| view! { <AlertRow row/> }).collect_view();
    view! {
        <table class="rows">
            <thead>
                <tr>
                    <th scope="col">"Alert"</th>
                    <th scope="col">"Time"</th>
                    <th scope="col">"Priority"</th>
                    <th scope="col">"Rule"</th>
                    <th scope="col">"Host"</th>
                    <th scope="col">"Output"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[component]
fn AlertRow(row: Row) -> impl IntoView {
    let (state, commands) = (expect_context::<AppState>(), expect_context::<Commands>());
    let Row { record, time, priority, rule, host, output } = row;
    let details = Memo::new(move |_| {
        let details = state.desk().details();
        let details = details.read();
        details.as_ref().filter(|shown| shown.record == record).map(|shown| shown.values.clone())
    });
    let whole = output.clone();
    view! {
        <tr>
            <th scope="row">
                <button
                    type="button"
                    class="rows__number"
                    aria-expanded=move || if details.read().is_some() { "true" } else { "false" }
                    on:click=move |_| commands.toggle_details(record)
                >
                    {format!("#{record}")}
                </button>
            </th>
            <td class="rows__time">{short(&time)}</td>
            <td>{priority}</td>
            <td>{rule}</td>
            <td>{host}</td>
            <td><span class="rows__output">{output}</span></td>
        </tr>
        {move || details.get().map(|values| view! {
            <tr class="rows__details"><td colspan="6"><Fields output=whole.clone() values/></td></tr>
        })}
    }
}

/// Everything that an alert consists of.
#[component]
fn Fields(output: String, values: Vec<(String, String)>) -> impl IntoView {
    let field = |(name, value): (String, String)| view! { <dt>{name}</dt><dd>{value}</dd> };
    let output = (!output.is_empty()).then(|| ("output".to_owned(), output));
    view! { <dl class="fields">{output.into_iter().chain(values).map(field).collect_view()}</dl> }
}

/// A time to the second: `2026-01-02 09:00:00`.
pub fn short(time: &str) -> String {
    time.get(..19).map(|time| time.replace('T', " ")).unwrap_or_default()
}
