//! The techniques of a set as a layer file of the ATT&CK Navigator, format 4.5.
//!
//! Scores are counts of alerts. Only techniques are in it: a layer cannot mark a tactic alone.

use serde_json::json;

use super::Report;
use crate::insight::coverage::{self, TACTICS};

/// The layer, indented, with a line end.
pub fn write(report: &Report) -> String {
    let matrix = coverage::matrix(&report.insight.groups);
    let named = || matrix.iter().filter(|((_, technique), _)| !technique.is_empty());
    let techniques: Vec<serde_json::Value> = named()
        .map(|((tactic, technique), cell)| {
            let mut entry = json!({
                "techniqueID": technique,
                "score": cell.alerts,
                "comment": format!("{} alerts in {} findings", cell.alerts, cell.groups.len()),
                "enabled": true,
            });
            if let (Some((tactic, _)), Some(entry)) = (TACTICS.get(*tactic), entry.as_object_mut()) {
                entry.insert("tactic".to_owned(), json!(tactic));
            }
            entry
        })
        .collect();
    let most = named().map(|(_, cell)| cell.alerts).max().unwrap_or(1);
    let layer = json!({
        "name": "Falco alerts",
        "description": "ATT&CK techniques of the alerts of a Falco report, scored by alerts",
        "domain": "enterprise-attack",
        "versions": {"layer": "4.5", "attack": "17", "navigator": "5.1.0"},
        "techniques": techniques,
        "gradient": {"colors": ["#ffe0dd", "#c5221f"], "minValue": 0, "maxValue": most},
        "sorting": 3,
        "hideDisabled": false,
    });
    let mut text = serde_json::to_string_pretty(&layer).unwrap_or_default();
    text.push('\n');
    text
}
