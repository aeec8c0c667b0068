use analysis::insight::overview::Count;
use leptos::prelude::*;

use super::Number;

/// ATT&CK as a matrix: a column for each tactic, a cell for each technique, darker for more alerts.
pub fn matrix(columns: Vec<(String, Vec<Count>)>) -> AnyView {
    if columns.is_empty() {
        let none = "Neither knowledge nor the rules\u{2019} tags name an ATT&CK tactic or technique for these alerts.";
        return view! { <p class="overview__more">{none}</p> }.into_any();
    }
    let most = columns.iter().flat_map(|(_, cells)| cells).map(|cell| cell.alerts).max().unwrap_or_default();
    let column = |(title, cells): (String, Vec<Count>)| {
        let cells: Vec<AnyView> = cells.into_iter().map(|count| cell(count, most)).collect();
        view! { <li class="matrix__column"><h3>{title}</h3><ul>{cells}</ul></li> }.into_any()
    };
    let columns: Vec<AnyView> = columns.into_iter().map(column).collect();
    view! { <ol class="matrix" id="matrix" tabindex="0" aria-label="ATT&CK tactics and their techniques">{columns}</ol> }
        .into_any()
}

fn cell(count: Count, most: u64) -> AnyView {
    let shade = shade(count.alerts, most).to_string();
    let label = count.label.clone();
    view! { <li class="matrix__cell" data-shade=shade><span>{label}</span><Number count/></li> }.into_any()
}

/// One less for each factor of about ten below the most, from 4 to 0.
fn shade(alerts: u64, most: u64) -> u32 {
    4_u32.saturating_sub(most.checked_div(alerts).map_or(4, |ratio| ratio.max(1).ilog10()))
}

#[cfg(test)]
mod tests {
    use super::shade;

    #[test]
    fn shades_fall_with_each_factor_of_ten() {
        for (alerts, expected) in [(5000, 4), (501, 4), (500, 3), (50, 2), (5, 1), (0, 0)] {
            assert_eq!(shade(alerts, 5000), expected, "{alerts}");
        }
    }
}
