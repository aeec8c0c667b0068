//! The files that tuning is exported as.

use std::borrow::Cow;
use std::fmt::Write;

use super::attacks::warning;
use super::overlay::{Via, before_override};
use super::term::{Grade, Selector};
use super::{Candidate, words};
use crate::alert::Timestamp;
use crate::insight::Group;
use crate::limits;
use crate::mitigation::{File, Heading, Language, Mitigation, Proof};

/// What the comment above a file's items tells: words, counts and hashes of ours, never a value.
pub struct Header<'a> {
    pub via: Via<'a>,
    pub grade: Grade,
    pub proof: &'a Proof,
    pub basis: &'a [&'a Group],
    /// Alerts judged likely malicious that it hides.
    pub attacks: u64,
    pub now: Option<Timestamp>,
}

/// How many hashes a line of the comment has.
const BASIS_A_LINE: usize = 5;

impl Header<'_> {
    /// Comment lines, none longer than 80 characters.
    pub fn text(&self) -> String {
        let mut out = format!("# Falco tuning by Falco Report. Grade: {}.\n", self.grade.name());
        if let Some(now) = self.now {
            let _ = writeln!(out, "# Made at {now}.");
        }
        if self.attacks > 0 {
            out.push_str(&warning(self.attacks));
        }
        let proof = self.proof;
        let _ = write!(
            out,
            "# Proof over the loaded alerts of what it changes:\n\
             #   hides      {}\n#   also hides {} that were not selected\n\
             #   keeps      {}\n#   undecided  {}\n",
            proof.hides_total, proof.also_hides_total, proof.keeps_total, proof.undecided_total
        );
        out.push_str("# Rests on the findings:\n");
        let named: Vec<&str> =
            self.basis.iter().take(limits::BASIS_NAMED).map(|group| group.id.as_str()).collect();
        for line in named.chunks(BASIS_A_LINE) {
            let _ = writeln!(out, "#   {}", line.join(" "));
        }
        if self.basis.len() > named.len() {
            let _ = writeln!(out, "#   and {} more", self.basis.len() - named.len());
        }
        out.push_str(if self.via.is_shipped() {
            "# Load it after Falco's own rule files.\n"
        } else {
            "# Load it after the file that defines the rule.\n"
        });
        out.push_str("# To roll back, remove this file and restart Falco.\n");
        out
    }
}

pub const APPLY: &str = "Copy it to Falco's `rules.d` folder, or list it in `rules_files` after the file that defines what it extends; \
     needs Falco 0.37 or later. Check it first with `falco -V falco_rules.yaml -V FILE`.";
pub const ROLL_BACK: &str = "Remove the file and restart Falco.";

/// The folder of files in the current form; those for rules that Falco does not ship lie one deeper.
pub const CURRENT: &str = "falco/";
pub const OWN_RULES: &str = "falco/own-rules/";
/// The rule files of the current form as values of a chart.
pub const HELM: &str = "helm/falco-values.yaml";
const OLD: &str = "falco-before-0.37/";

/// The mitigation, with the narrowest candidate as its file; nothing without a candidate.
pub fn mitigation(
    via: Via<'_>,
    rules: &[&str],
    selectors: &[Selector],
    candidates: &[Candidate],
    basis: &[&Group],
) -> Option<Mitigation> {
    let first = candidates.first()?;
    let folder = if via.is_shipped() { CURRENT } else { OWN_RULES };
    let slug = via.slug();
    Some(Mitigation {
        id: format!("falco-tuning-{slug}"),
        kind: match via {
            Via::Macro(_) => "falco_macro_override",
            Via::Rule(..) => "falco_exception",
        },
        heading: Heading::Configuration,
        title: words::title(via, rules).into(),
        file: Some(File {
            name: format!("{folder}{slug}.yaml"),
            language: Language::Yaml,
            content: first.content.clone(),
        }),
        effect: words::effect(via, first.grade, selectors),
        table: if candidates.len() > 1 { table(candidates) } else { Vec::new() },
        may_break: "Nothing is blocked. Real attacks that look exactly like this would go unseen.".into(),
        apply: APPLY.into(),
        roll_back: ROLL_BACK.into(),
        afterwards: "Falco no longer alerts on what the proof lists as hidden.".into(),
        basis: basis.iter().map(|group| group.id.clone()).collect(),
        proof: Some(first.proof.clone()),
    })
}

fn table(candidates: &[Candidate]) -> Vec<Vec<Cow<'static, str>>> {
    let head = ["Grade", "Hides", "Also hides", "Keeps", "Undecided"];
    let mut rows = vec![head.map(Into::into).to_vec()];
    rows.extend(candidates.iter().map(|Candidate { grade, proof, .. }| {
        let counts = [proof.hides_total, proof.also_hides_total, proof.keeps_total, proof.undecided_total];
        let counts = counts.map(|count| count.to_string().into());
        [vec![grade.name().into()], counts.to_vec()].concat()
    }));
    rows
}

/// The same for Falco before 0.37, beside it in a folder of its own; nothing where it has no such form.
pub fn old_form(mitigation: &Mitigation) -> Option<File> {
    let file = mitigation.file.as_ref()?;
    let name = file.name.strip_prefix(CURRENT)?;
    let content = before_override(&file.content)?;
    Some(File { name: format!("{OLD}{name}"), language: Language::Yaml, content })
}

/// Whether a file is another form of tunings.
pub fn follows(file: &File) -> bool {
    file.name == HELM || file.name.starts_with(OLD)
}

/// All rule files of these mitigations as values for Falco's Helm chart; nothing without any.
pub fn helm_values(mitigations: &[Mitigation]) -> Option<File> {
    let files = mitigations.iter().filter_map(|mitigation| mitigation.file.as_ref());
    let files: Vec<&File> = files.filter(|file| file.name.starts_with(CURRENT)).collect();
    if files.is_empty() {
        return None;
    }
    let mut content = "# Falco rule files by Falco Report, as values for Falco's Helm chart:\n\
         # helm upgrade --reuse-values -f FILE. Leave out what you do not want.\n\
         # To roll back, set the same keys to null.\n\
         customRules:\n"
        .to_owned();
    for file in files {
        let name = file.name.rsplit('/').next().unwrap_or_default();
        let _ = writeln!(content, "  zz_report_{name}: |");
        for line in file.content.lines() {
            let _ = writeln!(content, "    {line}");
        }
    }
    Some(File { name: HELM.to_owned(), language: Language::Yaml, content })
}
