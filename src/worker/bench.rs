//! What page and worker say to each other about tunings: the workbench.

use analysis::{Outcome, mitigation::Grade, report};
use serde::{Deserialize, Serialize};

/// A tuning with its candidates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bench {
    /// The mitigation's identifier.
    pub id: String,
    /// What it tunes.
    pub title: String,
    /// The name of its file.
    pub name: String,
    /// From narrow to broad, at least one.
    pub candidates: Vec<BenchCandidate>,
    /// The first candidate in other forms, with their names: for older releases.
    pub forms: Vec<(String, String)>,
}

/// A candidate with its proof over the alerts of the rules that it changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenchCandidate {
    /// `narrow`, `medium` or `broad`.
    pub grade: String,
    /// The rule file.
    pub content: String,
    /// What an attacker has to do to be hidden, to follow "have to".
    pub hiding: String,
    /// How many alerts it hides that are to be hidden.
    pub hides: u64,
    /// How many it also hides.
    pub also_hides: u64,
    /// How many it keeps.
    pub keeps: u64,
    /// How many are not decided.
    pub undecided: u64,
}

/// Another content for a tuning's file, or none to leave it out.
pub type Changes = Vec<(String, Option<String>)>;

/// The tunings of a report, as it has them.
pub(super) fn benches(outcome: &Outcome) -> Vec<Bench> {
    let plan = &outcome.report.plan;
    let bench = |tuning: &analysis::mitigation::Tuning| {
        let mitigation = plan.mitigations.iter().find(|one| one.id == tuning.id)?;
        let name = mitigation.file.as_ref()?.name.clone();
        let base = name.rsplit('/').next().unwrap_or_default();
        let is_form = |other: &str| other != name && other.rsplit('/').next() == Some(base);
        let forms = plan.companions.iter().filter(|file| is_form(&file.name));
        Some(Bench {
            id: tuning.id.clone(),
            title: mitigation.title.clone().into_owned(),
            candidates: tuning.candidates.iter().map(candidate).collect(),
            forms: forms.map(|file| (file.name.clone(), file.content.clone())).collect(),
            name,
        })
    };
    plan.tunings.iter().filter_map(bench).collect()
}

fn candidate(candidate: &analysis::mitigation::Candidate) -> BenchCandidate {
    let grade: Grade = candidate.grade;
    let proof = &candidate.proof;
    BenchCandidate {
        grade: grade.name().to_owned(),
        content: candidate.content.clone(),
        hiding: candidate.hiding.clone(),
        hides: proof.hides_total,
        also_hides: proof.also_hides_total,
        keeps: proof.keeps_total,
        undecided: proof.undecided_total,
    }
}

/// The record numbers of the findings that a tuning rests on, sorted.
pub(super) fn wanted(outcome: &Outcome, id: &str) -> Vec<u64> {
    let report = &outcome.report;
    let Some(mitigation) = report.plan.mitigations.iter().find(|one| one.id == id) else { return Vec::new() };
    let groups = report.insight.groups.iter().enumerate();
    let based = groups.filter(|(_, group)| mitigation.basis.contains(&group.id));
    let mut records: Vec<u64> = based.flat_map(|(at, _)| report.insight.members(at)).collect();
    records.sort_unstable();
    records
}

/// All mitigation files with other contents for some tunings, zipped.
pub(super) fn archive(outcome: &Outcome, changes: &Changes) -> Vec<u8> {
    if changes.is_empty() {
        return report::archive(&outcome.report);
    }
    let mut report = outcome.report.clone();
    for (id, content) in changes {
        report.plan.choose(id, content.as_deref());
    }
    report::archive(&report)
}
