//! The report as JSON, in the form `falco-report/1`. Keys may be added, never renamed.

mod own_knowledge;
mod review;
mod rule_files;
#[cfg(feature = "schema")]
mod schema;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Report, compose};
use crate::insight::Group;
use crate::insight::incidents::{Incident, Link, Step};
use crate::insight::signals::{Direction, Piece};
use crate::knowledge;
use crate::limits;
use crate::mitigation::{Candidate, Mitigation, Plan, Proof};
use crate::review::Standing;

/// The JSON text, indented, with a line end.
pub fn write(report: &Report) -> String {
    let review = report.review.borrow();
    let findings = report.insight.groups.iter().zip(review.standings(&report.insight));
    let out = Out {
        schema: "falco-report/1",
        knowledge: knowledge::VERSION,
        now: report.now.map(|now| now.to_string()),
        redaction: report.redaction.as_ref().map(|redaction| &redaction.counts),
        input: input(report),
        findings: findings.map(|(group, standing)| finding(report, group, standing)).collect(),
        incidents: report.insight.incidents.listed.iter().map(|one| incident(report, one)).collect(),
        mitigations: measures(&report.plan),
        skipped: report.skipped.iter().map(skipped).collect(),
        rule_files: rule_files::files(&report.rules),
        knowledge_files: own_knowledge::files(&report.own),
        review_files: review::files(&review),
    };
    pretty(&out)
}

/// What each mitigation was proved to do, as JSON beside the mitigation files.
pub fn proofs(report: &Report) -> String {
    let mitigations = measures(&report.plan);
    let out = Proofs { schema: "falco-report-proof/1", knowledge: knowledge::VERSION, mitigations };
    pretty(&out)
}

#[cfg(feature = "schema")]
pub use schema::schema;

/// Indented, with a line end.
pub fn pretty(out: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(out).unwrap_or_default();
    text.push('\n');
    text
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Proofs<'a> {
    schema: &'static str,
    knowledge: &'static str,
    mitigations: Vec<Measure<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Out<'a> {
    schema: &'static str,
    knowledge: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<String>,
    /// What was replaced by pseudonyms before anything was read: how many different values of each kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    redaction: Option<&'a BTreeMap<&'static str, u64>>,
    input: Input<'a>,
    findings: Vec<Finding<'a>>,
    incidents: Vec<IncidentOut<'a>>,
    mitigations: Vec<Measure<'a>>,
    skipped: Vec<Skipped<'a>>,
    /// Left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rule_files: Vec<rule_files::RuleFile<'a>>,
    /// Left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    knowledge_files: Vec<own_knowledge::KnowledgeFile<'a>>,
    /// Left out where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    review_files: Vec<review::File<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Input<'a> {
    /// How far reading came, if it was stopped, in bytes of the input as it is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    partial: Option<Partial>,
    records: u64,
    alerts: u64,
    duplicates: u64,
    skipped: u64,
    noise: u64,
    first: Option<String>,
    last: Option<String>,
    rules: &'a BTreeMap<String, u64>,
    hosts: &'a BTreeMap<String, u64>,
    files: Vec<File<'a>>,
    notes: Vec<Note<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Partial {
    read: u64,
    total: u64,
}

/// What there is to say about how some of the alerts were read.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Note<'a> {
    code: &'static str,
    alerts: u64,
    file: &'a str,
    line: u64,
    text: &'static str,
}

/// Names and how many there are of each, as an object.
struct Counts<'a>(&'a [(Cow<'static, str>, u64)]);

impl Serialize for Counts<'_> {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_map(self.0.iter().map(|(name, count)| (name, count)))
    }
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct File<'a> {
    name: &'a str,
    shape: &'static str,
    encoding: &'static str,
    packing: &'a [&'static str],
    envelopes: Counts<'a>,
    bytes: u64,
    sha256: Option<&'a str>,
    alerts: u64,
    duplicates: u64,
    skipped: u64,
    noise: u64,
    alert_bytes: u64,
    duplicate_bytes: u64,
    skipped_bytes: u64,
    noise_bytes: u64,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Finding<'a> {
    id: &'a str,
    rule: &'a str,
    priority: Option<&'static str>,
    source: Option<&'a str>,
    count: u64,
    first: Option<String>,
    last: Option<String>,
    alerts: &'a [u64],
    attack: Vec<Attack>,
    verdict: Verdict<'a>,
    mitigations: Vec<&'a str>,
    /// What a person made of it; left out where nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<review::Reviewed<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Attack {
    technique: String,
    tactic: String,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Verdict<'a> {
    class: &'static str,
    confidence: u8,
    evidence: Vec<Evidence<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Evidence<'a> {
    signal: &'static str,
    direction: &'static str,
    weight: i32,
    fields: Vec<&'a str>,
    text: String,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct IncidentOut<'a> {
    id: &'a str,
    title: String,
    alerts: &'a [u64],
    tactics: &'a [&'static str],
    links: Vec<LinkOut<'a>>,
    class: &'static str,
    count: u64,
    steps: Vec<StepOut<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct LinkOut<'a> {
    kind: &'static str,
    value: &'a str,
    text: String,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct StepOut<'a> {
    finding: &'a str,
    alert: u64,
    first: String,
    last: String,
    count: u64,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Measure<'a> {
    id: &'a str,
    kind: &'static str,
    heading: &'static str,
    title: &'a str,
    file: Option<&'a str>,
    effect: &'a str,
    basis: &'a [String],
    proof: Option<ProofOut<'a>>,
    /// For Falco tuning, from narrow to broad; the file is that of the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<CandidateOut<'a>>,
}

/// One way to tune Falco, and what it does to the loaded alerts of the rules that it changes.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct CandidateOut<'a> {
    grade: &'static str,
    hides_total: u64,
    also_hides_total: u64,
    keeps_total: u64,
    undecided_total: u64,
    /// The rule file.
    content: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct ProofOut<'a> {
    hides: &'a [u64],
    hides_total: u64,
    also_hides: &'a [u64],
    also_hides_total: u64,
    keeps_total: u64,
    undecided_total: u64,
    shadowed_by: &'a [String],
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Skipped<'a> {
    file: &'a str,
    line: u64,
    column: u64,
    offset: u64,
    code: &'static str,
    reason: &'a str,
}

fn input(report: &Report) -> Input<'_> {
    let total = report.total;
    Input {
        partial: report.partial.map(|partial| Partial { read: partial.read, total: partial.total }),
        records: total.total(),
        alerts: total.alerts,
        duplicates: total.duplicates,
        skipped: total.skipped,
        noise: total.noise,
        first: report.insight.first.map(|time| time.to_string()),
        last: report.insight.last.map(|time| time.to_string()),
        rules: &report.insight.rules,
        hosts: &report.insight.hosts,
        files: report.files.iter().map(file).collect(),
        notes: report.notes.iter().map(note).collect(),
    }
}

fn note(noted: &crate::ingest::Noted) -> Note<'_> {
    Note {
        code: noted.note.name(),
        alerts: noted.alerts,
        file: &noted.file,
        line: noted.position.line,
        text: noted.note.meaning(),
    }
}

fn file(file: &crate::ingest::FileSummary) -> File<'_> {
    let (records, bytes) = (file.records, file.in_bytes);
    File {
        name: &file.name,
        shape: file.shape.name(),
        encoding: file.encoding.name(),
        packing: &file.packing,
        envelopes: Counts(&file.envelopes),
        bytes: file.size,
        sha256: file.sha256.as_deref(),
        alerts: records.alerts,
        duplicates: records.duplicates,
        skipped: records.skipped,
        noise: records.noise,
        alert_bytes: bytes.alerts,
        duplicate_bytes: bytes.duplicates,
        skipped_bytes: bytes.skipped,
        noise_bytes: bytes.noise,
    }
}

fn finding<'a>(report: &'a Report, group: &'a Group, standing: Option<Standing<'a>>) -> Finding<'a> {
    let entry = group.entry();
    let attack = entry.iter().flat_map(|entry| &entry.attack);
    let mitigations =
        report.plan.mitigations.iter().filter(|mitigation| mitigation.basis.contains(&group.id));
    Finding {
        id: &group.id,
        rule: &group.rule,
        priority: group.priority.map(crate::alert::Priority::name),
        source: group.source.as_deref(),
        count: group.count,
        first: group.first.map(|time| time.to_string()),
        last: group.last.map(|time| time.to_string()),
        alerts: &group.records,
        attack: attack
            .map(|one| Attack { technique: one.technique.to_owned(), tactic: one.tactic.to_owned() })
            .collect(),
        verdict: Verdict {
            class: group.verdict.class.name(),
            confidence: group.verdict.confidence,
            evidence: evidence(group),
        },
        mitigations: mitigations.map(|mitigation| mitigation.id.as_str()).collect(),
        review: standing.map(review::reviewed),
    }
}

fn incident<'a>(report: &'a Report, incident: &'a Incident) -> IncidentOut<'a> {
    let step = |step: &'a Step| StepOut {
        finding: report.insight.groups.get(step.group).map(|group| group.id.as_str()).unwrap_or_default(),
        alert: step.record,
        first: step.first.to_string(),
        last: step.last.to_string(),
        count: step.count,
    };
    let link = |link: &'a Link| LinkOut {
        kind: link.kind.name(),
        value: &link.value,
        text: compose::incidents::link(link).plain(),
    };
    IncidentOut {
        id: &incident.id,
        title: compose::incidents::title(report, incident).plain(),
        alerts: &incident.records,
        tactics: &incident.tactics,
        links: incident.links.iter().take(limits::LINKS_LISTED).map(link).collect(),
        class: incident.class.name(),
        count: incident.count,
        steps: incident.steps.iter().take(limits::STEPS_LISTED).map(step).collect(),
    }
}

/// Evidence for the class that was found counts for it, evidence for another class against it.
fn evidence(group: &Group) -> Vec<Evidence<'_>> {
    let verdict = &group.verdict;
    let spoken = verdict.signals.iter().filter(|signal| signal.direction != Direction::Context);
    spoken
        .map(|signal| Evidence {
            signal: signal.name,
            direction: if verdict.class.is_supported_by(signal.direction) { "for" } else { "against" },
            weight: signal.weight,
            fields: signal.fields().collect(),
            text: signal.pieces().into_iter().map(words).collect(),
        })
        .collect()
}

fn words(piece: Piece<'_>) -> Cow<'_, str> {
    match piece {
        Piece::Words(words) => Cow::Borrowed(words),
        Piece::Value(value) => super::escape::visible(value),
    }
}

fn measures(plan: &Plan) -> Vec<Measure<'_>> {
    plan.mitigations.iter().map(|mitigation| measure(plan, mitigation)).collect()
}

fn measure<'a>(plan: &'a Plan, mitigation: &'a Mitigation) -> Measure<'a> {
    let tuning = plan.tunings.iter().find(|tuning| tuning.id == mitigation.id);
    let candidates = tuning.into_iter().flat_map(|tuning| &tuning.candidates);
    Measure {
        id: &mitigation.id,
        kind: mitigation.kind,
        heading: mitigation.heading.name(),
        title: &mitigation.title,
        file: mitigation.file.as_ref().map(|file| file.name.as_str()),
        effect: &mitigation.effect,
        basis: &mitigation.basis,
        proof: mitigation.proof.as_ref().map(proof),
        candidates: candidates.map(candidate).collect(),
    }
}

fn candidate(candidate: &Candidate) -> CandidateOut<'_> {
    let proof = &candidate.proof;
    CandidateOut {
        grade: candidate.grade.name(),
        hides_total: proof.hides_total,
        also_hides_total: proof.also_hides_total,
        keeps_total: proof.keeps_total,
        undecided_total: proof.undecided_total,
        content: &candidate.content,
    }
}

fn proof(proof: &Proof) -> ProofOut<'_> {
    ProofOut {
        hides: &proof.hides,
        hides_total: proof.hides_total,
        also_hides: &proof.also_hides,
        also_hides_total: proof.also_hides_total,
        keeps_total: proof.keeps_total,
        undecided_total: proof.undecided_total,
        shadowed_by: &proof.shadowed_by,
    }
}

fn skipped(finding: &crate::finding::Finding) -> Skipped<'_> {
    let position = finding.position;
    Skipped {
        file: &finding.file,
        line: position.line,
        column: position.column,
        offset: position.offset,
        code: finding.code.name(),
        reason: &finding.message,
    }
}
