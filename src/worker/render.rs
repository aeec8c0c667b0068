//! An outcome as the page shows it: the writer's pieces, with files in their places.

use analysis::{
    Outcome,
    finding::Finding,
    ingest::{FileSummary, Shape},
    insight::Group,
    limits, mitigation,
    report::{self, Report},
    rule_files::CheckedFile,
};

use super::protocol::{
    Accounting, CodeFile, FileAccount, Format, Piece, Problem, Rendered, RuleFile, Skipped, Verdict,
};

/// How many places an unreadable input is shown with.
const PLACES: usize = 5;

/// Why this is no report; `None` when it is one, be it without alerts.
pub fn problem(report: &Report) -> Option<Problem> {
    let beside = !(report.rules.files.is_empty() && report.own.files.is_empty());
    if !beside && report.files.iter().all(|file| file.shape == Shape::Empty) {
        return Some(Problem::Empty);
    }
    (!report.recognised).then(|| Problem::Unrecognised {
        input: accounting(report),
        skipped: report.skipped.iter().take(PLACES).map(skipped).collect(),
    })
}

/// A report as a file; none where there are too many alerts to put them into it.
pub fn as_file(Outcome { report, parcel, .. }: &Outcome, format: Format) -> Option<Vec<u8>> {
    Some(match format {
        Format::Markdown => report::markdown(report).into_bytes(),
        Format::Html => report::page(report).into_bytes(),
        Format::HtmlWithAlerts => report::page_with_alerts(report, parcel)?.into_bytes(),
        Format::Json => report::json(report).into_bytes(),
        Format::Archive => report::archive(report),
        // Rows are asked for by a question.
        Format::Csv | Format::Lines => Vec::new(),
    })
}

/// The report for the page.
pub fn report(outcome: &Outcome, remarks: Vec<String>) -> Rendered {
    let report = &outcome.report;
    let mitigations = &report.plan.mitigations;
    Rendered {
        headline: report::headline(report),
        verdict: verdict(&report.insight.groups),
        pieces: report::pieces(report).into_iter().filter_map(|piece| place(piece, mitigations)).collect(),
        contents: report::contents(report),
        files: report.plan.files().len(),
        input: accounting(report),
        skipped: report.skipped.iter().map(skipped).collect(),
        can_embed: !outcome.parcel.is_full(),
        rule_files: report.rules.files.iter().map(rule_file).collect(),
        markdown: report::markdown(report),
        remarks,
    }
}

/// The verdict on the most urgent finding.
fn verdict(groups: &[Group]) -> Option<Verdict> {
    let verdict = &groups.first()?.verdict;
    let phrase = verdict.class.phrase();
    let words = if groups.len() == 1 {
        format!("This {phrase}")
    } else {
        format!("The most urgent finding {phrase}")
    };
    Some(Verdict { class: verdict.class.name().to_owned(), words, confidence: verdict.confidence })
}

fn place(piece: report::Piece, mitigations: &[mitigation::Mitigation]) -> Option<Piece> {
    match piece {
        report::Piece::Html(html) => Some(Piece::Html(html)),
        report::Piece::Review(id) => Some(Piece::Review(id)),
        report::Piece::Members(id, count) => Some(Piece::Members(id, count)),
        report::Piece::File(id) => {
            let mitigation = mitigations.iter().find(|mitigation| mitigation.id == id)?;
            let file = mitigation.file.as_ref()?;
            Some(Piece::Code(CodeFile {
                id,
                title: mitigation.title.clone().into_owned(),
                name: file.name.clone(),
                language: file.language,
                content: file.content.clone(),
            }))
        }
    }
}

fn accounting(report: &Report) -> Accounting {
    Accounting {
        records: report.total.total(),
        alerts: report.total.alerts,
        duplicates: report.total.duplicates,
        skipped: report.total.skipped,
        noise: report.total.noise,
        files: report.files.iter().map(file).collect(),
    }
}

fn file(file: &FileSummary) -> FileAccount {
    FileAccount {
        name: file.name.clone(),
        shape: shape(file.shape).to_owned(),
        bytes: file.size,
        alerts: file.records.alerts,
        duplicates: file.records.duplicates,
        skipped: file.records.skipped,
        noise: file.records.noise,
        sha256: file.sha256.clone(),
    }
}

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Empty => "nothing",
        Shape::JsonObject => "one JSON object",
        Shape::JsonArray => "a JSON array",
        Shape::JsonLines => "JSON lines",
        Shape::JsonStream => "JSON objects",
        Shape::Text => "text",
    }
}

fn skipped(finding: &Finding) -> Skipped {
    Skipped {
        file: finding.file.clone(),
        line: finding.position.line,
        column: finding.position.column,
        code: finding.code.name().to_owned(),
        message: finding.message.clone(),
        help: finding.code.help().to_owned(),
    }
}

fn rule_file(file: &CheckedFile) -> RuleFile {
    let counted = |count: u64, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let finding = |(kind, finding): (&str, &analysis::rule_files::Finding)| Skipped {
        file: finding.file.clone(),
        line: finding.line,
        column: finding.column,
        code: format!("{kind} {}", finding.code),
        message: finding.message.clone(),
        help: finding.hint.clone().unwrap_or_default(),
    };
    RuleFile {
        name: file.name.clone(),
        loads: file.loads,
        content: [(file.rules, "rule"), (file.macros, "macro"), (file.lists, "list")]
            .map(|(count, noun)| counted(count, noun))
            .join(", "),
        findings: file.findings().take(limits::RULE_FINDINGS_LISTED).map(finding).collect(),
        count: file.findings().count() as u64,
    }
}
