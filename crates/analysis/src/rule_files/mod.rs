//! Falco rule files beside the alerts: known by their content, checked, and asked about the alerts' rules.

mod intake;
mod sniff;

use std::collections::BTreeMap;

use rules::{Engine, FileReport, Item, Ruleset, line_column};

use crate::limits;
pub(crate) use intake::{Fed, Intake};
pub(crate) use sniff::{Sniff, sniff};

/// Whether these bytes are a rule file: a YAML sequence of mappings that begins with a rule, macro, list
/// or requirement. Alerts never are.
///
/// ```
/// use analysis::rule_files::is_rule_file;
///
/// assert!(is_rule_file(b"# mine\n- macro: in_ci\n  condition: k8s.ns.name = ci\n"));
/// assert!(!is_rule_file(br#"{"rule":"R","output":"o"}"#));
/// ```
pub fn is_rule_file(bytes: &[u8]) -> bool {
    sniff(bytes, true) == Sniff::Rules
}

/// Whether the beginning of a file says that it belongs beside alerts: rules, a user's knowledge, or a review.
pub fn is_beside_alerts(bytes: &[u8]) -> bool {
    matches!(sniff(bytes, true), Sniff::Rules | Sniff::Knowledge | Sniff::Review)
}

/// Whether a beginning shows that a file is none, whatever comes after.
pub(crate) fn is_other_file(beginning: &[u8]) -> bool {
    sniff(beginning, false) == Sniff::Other
}

/// A file beside the alerts as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What reports call it.
    pub name: String,
    /// Its bytes; none where [`Source::is_too_long`].
    pub bytes: Vec<u8>,
    /// How many bytes it has.
    pub size: u64,
}

impl Source {
    /// Whether it was left unread because rule files are longer than [`limits::RULE_BYTES`] in all.
    pub fn is_too_long(&self) -> bool {
        self.size != self.bytes.len() as u64
    }
}

/// What rule files say, as reports tell of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// The files, in the order of loading.
    pub files: Vec<CheckedFile>,
    /// Rules that the files define, by name.
    pub own: BTreeMap<String, OwnRule>,
}

/// A rule file after checking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Whether Falco loads it after the files before it, with Falco's own files at hand.
    pub loads: bool,
    /// Rules that it defines or adds to first.
    pub rules: u64,
    /// Macros that it defines or adds to first.
    pub macros: u64,
    /// Lists that it defines or adds to first.
    pub lists: u64,
    /// What keeps Falco from loading it.
    pub errors: Vec<Finding>,
    /// What Falco warns of.
    pub warnings: Vec<Finding>,
    /// What Falco says nothing about.
    pub notes: Vec<Finding>,
}

impl CheckedFile {
    /// Errors, warnings and notes, with the word for each.
    pub fn findings(&self) -> impl Iterator<Item = (&'static str, &Finding)> {
        let kinds = [("error", &self.errors), ("warning", &self.warnings), ("note", &self.notes)];
        kinds.into_iter().flat_map(|(kind, findings)| findings.iter().map(move |finding| (kind, finding)))
    }
}

/// Something about a rule file, at a place of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Falco's code, or one of ours.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What kind of thing it concerns, in Falco's words.
    pub item_type: &'static str,
    /// The name of that thing; may be empty.
    pub item_name: String,
    /// The file that the place is in.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column in bytes, from 1.
    pub column: u64,
}

/// A rule as one of the files defines it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRule {
    /// The file.
    pub file: String,
    /// What its author says it is for.
    pub desc: String,
    /// Its tags, sorted.
    pub tags: Vec<String>,
    /// Its condition as it was written.
    pub condition: String,
    /// Whether it is switched on.
    pub enabled: bool,
}

/// Falco 0.44.1 with all plugins, for files whose base may not be at hand.
pub(crate) fn engine() -> Engine {
    Engine::falco_0_44().with_all_plugins()
}

/// The files that are not too long, as the loader takes them.
pub(crate) fn loadable(sources: &[Source]) -> Vec<rules::RuleFile<'_>> {
    let readable = sources.iter().filter(|source| !source.is_too_long());
    readable.map(|source| rules::RuleFile { name: &source.name, bytes: &source.bytes }).collect()
}

/// Puts files that were found among the input into the order in which an installed Falco loads them: its
/// own rules, what is added to them, its local rules, everything else by name.
pub(crate) fn in_load_order(sources: &mut [Source]) {
    let rank = |name: &str| match name.rsplit('/').next().unwrap_or_default() {
        "falco_rules.yaml" => 0,
        "falco_rules.local.yaml" => 2,
        name if name.starts_with("falco") && name.ends_with("_rules.yaml") => 1,
        _ => 3,
    };
    sources.sort_by(|left, right| {
        (rank(&left.name), left.name.as_bytes()).cmp(&(rank(&right.name), right.name.as_bytes()))
    });
}

/// Checks files in their order. What Falco ships counts as loaded before them.
pub(crate) fn check(sources: &[Source]) -> Rules {
    if sources.is_empty() {
        return Rules::default();
    }
    let loaded = rules::load(&loadable(sources), &engine().assuming_base());
    let mut reports = loaded.files.iter().enumerate();
    let file = |source: &Source| {
        if source.is_too_long() {
            return Some(too_long(source));
        }
        let (at, report) = reports.next()?;
        Some(checked(source, at, report, &loaded.files, &loaded.ruleset))
    };
    Rules { files: sources.iter().filter_map(file).collect(), own: own(&loaded.files, &loaded.ruleset) }
}

fn checked(
    source: &Source,
    at: usize,
    report: &FileReport,
    files: &[FileReport],
    ruleset: &Ruleset,
) -> CheckedFile {
    let count = |places: &mut dyn Iterator<Item = usize>| places.filter(|file| *file == at).count() as u64;
    let findings = |items: &[Item]| items.iter().map(|item| finding(item, files)).collect();
    CheckedFile {
        name: source.name.clone(),
        size: source.size,
        loads: report.successful,
        rules: count(&mut ruleset.rules.iter().map(|rule| rule.file)),
        macros: count(&mut ruleset.macros.iter().map(|item| item.file)),
        lists: count(&mut ruleset.lists.iter().map(|list| list.file)),
        errors: findings(&report.errors),
        warnings: findings(&report.warnings),
        notes: findings(&report.notes),
    }
}

fn finding(item: &Item, files: &[FileReport]) -> Finding {
    let file = files.get(item.file);
    let (line, column) = file.map_or((1, 1), |file| line_column(&file.text, item.span.start));
    Finding {
        code: item.code.name(),
        message: item.message.clone(),
        hint: item.hint.clone(),
        item_type: item.item_type,
        item_name: item.item_name.clone(),
        file: file.map(|file| file.name.clone()).unwrap_or_default(),
        line,
        column,
    }
}

fn too_long(source: &Source) -> CheckedFile {
    let finding = Finding {
        code: "RULE_FILE_TOO_LONG",
        message: format!("rule files longer than {} bytes in all are not read", limits::RULE_BYTES),
        hint: Some("load only the files that define or change rules of the alerts".to_owned()),
        item_type: "rules content",
        item_name: String::new(),
        file: source.name.clone(),
        line: 1,
        column: 1,
    };
    CheckedFile {
        name: source.name.clone(),
        size: source.size,
        loads: false,
        rules: 0,
        macros: 0,
        lists: 0,
        errors: vec![finding],
        warnings: Vec::new(),
        notes: Vec::new(),
    }
}

fn own(files: &[FileReport], ruleset: &Ruleset) -> BTreeMap<String, OwnRule> {
    let defined = ruleset.rules.iter().filter(|rule| !rule.is_incomplete);
    let own = |rule: &rules::LoadedRule| OwnRule {
        file: files.get(rule.file).map(|file| file.name.clone()).unwrap_or_default(),
        desc: rule.desc.trim().to_owned(),
        tags: rule.tags.clone(),
        condition: rule.condition_text.trim().to_owned(),
        enabled: rule.enabled,
    };
    defined.map(|rule| (rule.name.clone(), own(rule))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, text: &str) -> Source {
        Source { name: name.to_owned(), bytes: text.into(), size: text.len() as u64 }
    }

    #[test]
    fn a_file_is_counted_and_its_findings_have_places() {
        let text = "- list: shells\n  items: [bash]\n- rule: Shell\n  desc: A shell.\n  condition: proc.nmae in (shells)\n  output: x\n  priority: INFO\n";
        let rules = check(&[source("mine.yaml", text)]);
        let [file] = rules.files.as_slice() else { panic!("one file") };
        assert_eq!((file.loads, file.rules, file.lists, file.macros), (false, 1, 1, 0));
        let [error] = file.errors.as_slice() else { panic!("one error") };
        assert_eq!((error.line, error.file.as_str()), (5, "mine.yaml"));
        assert_eq!(error.code, "LOAD_ERR_COMPILE_CONDITION");
    }

    #[test]
    fn a_rule_that_is_only_extended_is_not_its_own() {
        let extended = "- rule: Run shell untrusted\n  enabled: false\n  override: {enabled: replace}\n";
        let defined = "- rule: Mine\n  desc: 'Ours. '\n  condition: evt.type = open\n  output: x\n  priority: INFO\n  tags: [b, a]\n";
        let rules = check(&[source("a.yaml", extended), source("b.yaml", defined)]);
        assert!(rules.files.iter().all(|file| file.loads), "{rules:?}");
        assert!(rules.own.keys().eq(["Mine"]));
        let mine = &rules.own["Mine"];
        assert_eq!((mine.desc.as_str(), mine.file.as_str()), ("Ours.", "b.yaml"));
        assert_eq!(mine.tags, ["a", "b"]);
    }

    #[test]
    fn falcos_own_files_come_first() {
        let names =
            ["a.yaml", "etc/falco_rules.local.yaml", "falco-incubating_rules.yaml", "falco_rules.yaml"];
        let mut sources: Vec<Source> = names.iter().map(|name| source(name, "")).collect();
        in_load_order(&mut sources);
        let order: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
        assert_eq!(order, [names[3], names[2], names[1], names[0]]);
    }

    #[test]
    fn what_is_too_long_is_said() {
        let long = Source { size: 9, ..source("long.yaml", "") };
        let rules = check(&[long, source("b.yaml", "- list: l\n  items: []\n")]);
        assert_eq!(rules.files[0].errors[0].code, "RULE_FILE_TOO_LONG");
        assert_eq!((rules.files[1].name.as_str(), rules.files[1].lists), ("b.yaml", 1));
    }
}
