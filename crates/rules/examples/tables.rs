//! Makes `data/` of Falco's own rule files: `tables RULES_FOLDER CATALOGUE`.
//!
//! The catalogue names the hooks of each rule. How a hook stands in a rule is found by filling it with
//! something that cannot be overlooked and looking for that in the rule's condition.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use condition::Expr;
use condition::ast::{Check, ExprKind, Operand, Right, Test};
use rules::{Engine, Loaded, RuleFile, Ruleset, conjuncts, load};

/// The files that are loaded together, in their order.
const SETS: [&[&str]; 6] = [
    &["falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"],
    &["aws_cloudtrail_rules.yaml"],
    &["gcp_auditlog_rules.yaml"],
    &["github.yaml"],
    &["k8s_audit_rules.yaml"],
    &["okta_rules.yaml"],
];

/// What a hook that is a macro is filled with.
const MACRO_MARK: &str = "evt.num = 4242424242";

/// What a hook that is a list is filled with: one of these fits the field that it is compared with.
const LIST_MARKS: [&str; 4] = ["zz_hook", "42424242", "10.99.99.99", "10.99.99.0/24"];

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(catalogue)) = (arguments.next(), arguments.next()) else {
        return Err("usage: tables RULES_FOLDER CATALOGUE".into());
    };
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let sets: Vec<Set> = SETS.iter().map(|names| Set::read(&folder, names)).collect::<io::Result<_>>()?;
    fs::write(data.join("shipped.txt"), shipped(&sets))?;
    fs::write(data.join("hooks.txt"), hooks(&sets, &fs::read_to_string(catalogue)?))?;
    Ok(())
}

/// Files that are loaded together.
struct Set {
    files: Vec<(&'static str, Vec<u8>)>,
}

impl Set {
    fn read(folder: &Path, names: &[&'static str]) -> io::Result<Self> {
        let file = |name: &&'static str| Ok((*name, fs::read(folder.join(name))?));
        Ok(Self { files: names.iter().map(file).collect::<io::Result<_>>()? })
    }

    fn load(&self, overlay: &str) -> Loaded {
        let mut files: Vec<RuleFile> =
            self.files.iter().map(|(name, bytes)| RuleFile { name, bytes }).collect();
        if !overlay.is_empty() {
            files.push(RuleFile { name: "overlay", bytes: overlay.as_bytes() });
        }
        load(&files, &Engine::falco_0_44().with_all_plugins())
    }

    /// What the first files define, for every file.
    fn prefixes(&self) -> impl Iterator<Item = (&'static str, Ruleset)> {
        self.files.iter().enumerate().map(|(index, (name, _))| {
            let files: Vec<RuleFile> =
                self.files.iter().take(index + 1).map(|(name, bytes)| RuleFile { name, bytes }).collect();
            (*name, load(&files, &Engine::falco_0_44().with_all_plugins()).ruleset)
        })
    }
}

/// `@ KIND FILE SOURCE` and the names that the file is the first to define.
fn shipped(sets: &[Set]) -> String {
    let mut out = String::new();
    for set in sets {
        let mut seen: Vec<(&str, String)> = Vec::new();
        for (file, ruleset) in set.prefixes() {
            let lists = ruleset.lists.iter().map(|list| ("list", list.name.clone(), "-"));
            let macros = ruleset.macros.iter().map(|item| ("macro", item.name.clone(), "-"));
            let rules = ruleset.rules.iter().map(|rule| ("rule", rule.name.clone(), rule.source.as_str()));
            let mut groups: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
            for (kind, name, source) in lists.chain(macros).chain(rules) {
                if !seen.contains(&(kind, name.clone())) {
                    groups.entry((kind, source)).or_default().push(name.clone());
                    seen.push((kind, name));
                }
            }
            for ((kind, source), mut names) in groups {
                names.sort();
                let _ = writeln!(out, "@ {kind} {file} {source}\n{}", names.join("\n"));
            }
        }
    }
    out
}

/// `KIND HOOK PLACE FIELD OPERATOR DEFAULT SINCE RULE|RULE…`.
fn hooks(sets: &[Set], catalogue: &str) -> String {
    let mut lines = catalogue.lines();
    let heading: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let column = |name: &str| heading.iter().position(|cell| *cell == name).unwrap_or(usize::MAX);
    let (rule, first_seen, tuning) = (column("rule"), column("first_seen"), column("tuning_hooks"));
    let mut names: Vec<&str> = Vec::new();
    let mut since: BTreeMap<&str, &str> = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |index: usize| cells.get(index).copied().unwrap_or("-");
        since.insert(cell(rule), cell(first_seen));
        names.extend(cell(tuning).split(',').map(|hook| hook.split(['[', '(']).next().unwrap_or(hook)));
    }
    names.sort_unstable();
    names.dedup();
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for set in sets {
        let base = set.load("").ruleset;
        for name in &names {
            let default = default_of(&base, name);
            for (rule, place) in places(set, &base, name) {
                let row = format!("{place}\t{default}");
                rows.entry(row).or_default().push(rule);
            }
        }
    }
    let mut out = String::new();
    for (row, mut rules) in rows {
        rules.sort();
        let first = rules.iter().filter_map(|rule| since.get(rule.as_str())).min_by_key(|text| version(text));
        let _ = writeln!(out, "{row}\t{}\t{}", first.unwrap_or(&""), rules.join("|"));
    }
    out
}

/// What a hook is as it is shipped: `never` or `always` true, `empty`, or something of its `own`.
fn default_of(base: &Ruleset, name: &str) -> &'static str {
    let condition = base.macro_named(name).and_then(|item| item.condition.as_ref()).map(ToString::to_string);
    match condition.as_deref() {
        Some("evt.num = 0") => "never",
        Some("evt.num >= 0") => "always",
        None if base.list(name).is_some_and(|list| list.items.is_empty()) => "empty",
        _ => "own",
    }
}

fn version(text: &str) -> Vec<u32> {
    text.split(|symbol: char| !symbol.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

/// The rules that a hook stands in, and how.
fn places(set: &Set, base: &Ruleset, name: &str) -> Vec<(String, String)> {
    if base.macro_named(name).is_some() {
        let filled = set.load(&format!("- macro: {name}\n  condition: {MACRO_MARK}\n")).ruleset;
        return rules_with(&filled, MACRO_MARK)
            .map(|(rule, parts)| (rule, format!("macro\t{name}\t{}\t\t", place_of_macro(&parts))))
            .collect();
    }
    if base.list(name).is_none() {
        return Vec::new();
    }
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for mark in LIST_MARKS {
        let filled = set.load(&format!("- list: {name}\n  items: [{mark}]\n")).ruleset;
        for (rule, parts) in rules_with(&filled, mark) {
            let (place, field, operator) = place_of_list(&parts, mark);
            found.entry(rule).or_insert(format!("list\t{name}\t{place}\t{field}\t{operator}"));
        }
    }
    found.into_iter().collect()
}

/// The rules whose conditions have a mark, with the parts that have it.
fn rules_with<'a>(filled: &'a Ruleset, mark: &'a str) -> impl Iterator<Item = (String, Vec<Expr>)> + 'a {
    filled.rules.iter().filter_map(move |rule| {
        let parts = conjuncts(rule.condition.as_ref()?);
        let marked: Vec<Expr> = parts.into_iter().filter(|part| part.to_string().contains(mark)).collect();
        (!marked.is_empty()).then(|| (rule.name.clone(), marked))
    })
}

fn place_of_macro(parts: &[Expr]) -> &'static str {
    match parts {
        [part] if part.to_string() == MACRO_MARK => "+",
        [part] if part.to_string() == format!("not {MACRO_MARK}") => "-",
        _ => "?",
    }
}

fn place_of_list(parts: &[Expr], mark: &str) -> (&'static str, String, &'static str) {
    let nested = ("?", String::new(), "");
    let [part] = parts else { return nested };
    let (place, check) = match &part.kind {
        ExprKind::Check(check) => ("+", check),
        ExprKind::Not(operand) => match &operand.kind {
            ExprKind::Check(check) => ("-", check),
            _ => return nested,
        },
        _ => return nested,
    };
    match check {
        Check {
            left: Operand::Field(_),
            test: Test::Compare { operator, modifier: None, right: Right::List(literals) },
        } if literals.iter().any(|literal| literal.text == mark) => {
            let text = Expr::new(ExprKind::Check(check.clone())).to_string();
            let field = text.split(' ').next().unwrap_or_default().to_owned();
            (place, field, operator.name())
        }
        _ => nested,
    }
}
