//! What page and worker say to each other about tunings: the workbench.

use analysis::{
    Outcome,
    lab::{Base, Findings},
    mitigation::{Change, File, Grade, Plan, Refused},
    report,
};
use serde::{Deserialize, Serialize};

use super::protocol::CodeFile;

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

/// What the text of a tuning does, and what comes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proved {
    /// What it does to the alerts.
    pub findings: Findings,
    /// Why nobody gets a file of it without insisting.
    pub refused: Option<Refused>,
    /// The file in every form, as it is exported; none while it is refused.
    pub forms: Vec<CodeFile>,
}

/// The tunings of a report, as it has them.
pub(super) fn benches(outcome: &Outcome) -> Vec<Bench> {
    let plan = &outcome.report.plan;
    let bench = |tuning: &analysis::mitigation::Tuning| {
        let mitigation = plan.mitigations.iter().find(|one| one.id == tuning.id)?;
        let name = mitigation.file.as_ref()?.name.clone();
        Some(Bench {
            id: tuning.id.clone(),
            title: mitigation.title.clone().into_owned(),
            candidates: tuning.candidates.iter().map(candidate).collect(),
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

/// What comes of a change, beside what its text does.
pub(super) fn prove(outcome: &Outcome, base: &Base, change: &Change, findings: Findings) -> Proved {
    let (plan, refused) = Plan::tried(outcome, base, change);
    let is_made = refused.is_none() || change.insist;
    let forms = if is_made { plan.forms(&change.id) } else { Vec::new() };
    Proved { findings, refused, forms: forms.into_iter().map(form).collect() }
}

fn form(file: File) -> CodeFile {
    let File { name, language, content } = file;
    let (id, title) = match name.split_once('/').map(|(folder, _)| folder) {
        Some("helm") => ("bench-helm", "This tuning as values for Falco's Helm chart"),
        Some("falco") => ("bench-current", "For Falco 0.37 and later"),
        _ => ("bench-old", "For Falco before 0.37"),
    };
    CodeFile { id: id.to_owned(), title: title.to_owned(), name, language, content }
}

/// All mitigation files with other contents for some tunings, zipped.
pub(super) fn archive(outcome: &Outcome, base: &Base, changes: &[Change]) -> Result<Vec<u8>, Refused> {
    let mut report = outcome.report.clone();
    report.plan = Plan::changed(outcome, base, changes)?;
    Ok(report::archive(&report))
}
