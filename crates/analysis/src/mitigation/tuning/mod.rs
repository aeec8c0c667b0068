//! Falco tuning: what hides expected alerts, or makes a rule say more, with proof over the loaded alerts.
//!
//! A rule that has a hook for it is tuned by its hook, any other by exceptions. Of the selectors that fit
//! alerts of one actor at one place ([`term`]) the narrowest is exported that hides nothing it must not
//! ([`cases::Wish`]); the broader ones stand beside it with their proofs. What a selector names is the same
//! whenever the same thing happens again ([`crate::insight::portrait`]), and its values are ones that Falco
//! compares as the alert shows them ([`literal`]).

mod attacks;
mod cases;
mod file;
mod ground;
mod literal;
mod output;
mod overlay;
mod proof;
mod response;
mod term;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use super::{Choice, File, Heading, Mitigation, Plan, Proof};
use crate::insight::{Class, Group, Held, Insight};
use crate::limits;
use crate::shelf::Shelf;
pub(super) use attacks::{attacks, counted, insisted};
use cases::{Case, Wish};
use file::Header;
pub use ground::Ground;
use overlay::Via;
pub use term::Grade;
use term::Selector;

/// A file that tunes a rule, as broad as its grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// How broad it is.
    pub grade: Grade,
    /// The rule file.
    pub content: String,
    /// What an attacker has to do to be hidden, to follow "have to".
    pub hiding: String,
    /// What it does to the loaded alerts.
    pub proof: Proof,
}

/// What can be hidden of one rule, or of the rules of one hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tuning {
    /// The mitigation that it is about.
    pub id: String,
    /// From narrow to broad, at least one; the mitigation has the file of the first.
    pub candidates: Vec<Candidate>,
}

/// Alerts of one actor at one place, and what selects them from narrow to broad.
struct Cluster {
    alerts: u64,
    basis: BTreeSet<usize>,
    selectors: Vec<Selector>,
}

/// A rule or hook that was tuned.
struct Tuned {
    mitigation: Mitigation,
    tuning: Tuning,
}

impl Tuned {
    fn hidden(&self) -> u64 {
        self.mitigation.proof.as_ref().map_or(0, |proof| proof.hides_total)
    }
}

/// Adds what applies to the findings.
pub fn propose(insight: &Insight, choice: &Choice, ground: &Ground, plan: &mut Plan) {
    let rules = cases::by_rule(insight);
    let wish = Wish::new(insight, &choice.select, choice.insist);
    let setting = Setting { insight, choice, ground, wish };
    let mut reasons = Reasons::of(insight, &setting.wish);
    let mut speechless: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    let mut tuned: Vec<Tuned> = Vec::new();
    for (via, touched) in units(&rules, &setting.wish, ground, &mut reasons) {
        let cases: Vec<&Case<'_>> = touched.iter().filter_map(|rule| rules.get(rule)).flatten().collect();
        let clusters = clusters(&cases, &setting.wish, &mut reasons, &mut speechless);
        tuned.extend(tune(via, &touched, &clusters, &cases, &setting));
    }
    if keep_what_loads(&mut tuned, ground) {
        reasons.add(words::DOES_NOT_LOAD.to_owned());
    }
    tuned.sort_by(|left, right| {
        right.hidden().cmp(&left.hidden()).then_with(|| left.tuning.id.cmp(&right.tuning.id))
    });
    if tuned.len() > limits::TUNED {
        reasons.add(format!(
            "{} rules more could be tuned; only those with the most alerts are.",
            tuned.len() - limits::TUNED
        ));
        tuned.truncate(limits::TUNED);
    }
    for Tuned { mitigation, tuning } in tuned {
        plan.companions.extend(file::old_form(&mitigation));
        plan.mitigations.push(mitigation);
        plan.tunings.push(tuning);
    }
    let groups =
        |places: BTreeSet<usize>| places.into_iter().filter_map(|at| insight.groups.get(at)).collect();
    let speechless: BTreeMap<&str, Vec<&Group>> =
        speechless.into_iter().map(|(rule, places)| (rule, groups(places))).collect();
    output::propose(insight, &speechless, plan);
    plan.companions.extend(file::helm_values(&plan.mitigations));
    response::propose(insight, &speechless, plan);
    plan.withheld.extend(reasons.0.into_iter().map(|reason| (Heading::Configuration, reason)));
}

/// Makes what goes with tunings follow another choice of them: their forms for older releases, and the
/// values of the Helm chart.
pub(super) fn follow(plan: &mut Plan) {
    let is_tuning = |one: &&Mitigation| plan.tunings.iter().any(|tuning| tuning.id == one.id);
    let old_forms = plan.mitigations.iter().filter(is_tuning).filter_map(file::old_form);
    let others = plan.companions.iter().filter(|file| !file::follows(file)).cloned();
    plan.companions = old_forms.chain(others).chain(file::helm_values(&plan.mitigations)).collect();
}

/// The file of a tuning in every form.
pub(super) fn forms(tuning: &Mitigation) -> Vec<File> {
    let current = tuning.file.clone();
    current
        .into_iter()
        .chain(file::old_form(tuning))
        .chain(file::helm_values(slice::from_ref(tuning)))
        .collect()
}

/// Sentences, each once, in the order in which they come up.
struct Reasons(Vec<String>);

impl Reasons {
    fn of(insight: &Insight, wish: &Wish) -> Self {
        let mut reasons = Self(Vec::new());
        for (at, group) in insight.groups.iter().enumerate().filter(|(_, group)| !group.forgeable) {
            let reason = match group.verdict.class {
                _ if wish.wants(at) => continue,
                Class::LikelyMalicious => words::MALICIOUS,
                Class::TestActivity => words::TEST,
                Class::NeedsReview => words::SUSPICIOUS,
                Class::LikelyBenign | Class::BlindSpot => continue,
            };
            reasons.add(reason.to_owned());
        }
        reasons
    }

    fn add(&mut self, reason: String) {
        if !self.0.contains(&reason) {
            self.0.push(reason);
        }
    }
}

/// What there is to extend for the wanted findings, each with the rules that it changes.
fn units<'a>(
    rules: &BTreeMap<&'a str, Vec<Case<'a>>>,
    wish: &Wish,
    ground: &Ground,
    reasons: &mut Reasons,
) -> BTreeMap<Via<'a>, Vec<&'a str>> {
    let mut units = BTreeMap::new();
    for (rule, cases) in rules {
        let Some(case) = cases.iter().find(|case| wish.wants(case.at)) else { continue };
        if !case.group.example.names_its_rule() {
            continue;
        }
        match Via::of(rule, case.group.source.as_deref(), ground.standing()) {
            Some(via) => {
                units.entry(via).or_insert_with(|| via.rules(rules.keys().copied(), ground.standing()));
            }
            None => reasons.add(words::UNNAMEABLE.to_owned()),
        }
    }
    units
}

fn clusters<'a>(
    cases: &[&Case<'a>],
    wish: &Wish,
    reasons: &mut Reasons,
    speechless: &mut BTreeMap<&'a str, BTreeSet<usize>>,
) -> Vec<Cluster> {
    let mut alike: BTreeMap<Vec<(&str, &Held)>, Vec<&Case<'a>>> = BTreeMap::new();
    for case in cases.iter().filter(|case| wish.wants(case.at)) {
        alike.entry(term::identity(case.portrait)).or_default().push(case);
    }
    let mut clusters = Vec::new();
    for members in alike.into_values() {
        let portraits: Vec<_> = members.iter().map(|case| case.portrait).collect();
        match term::selectors(&portraits) {
            Ok(selectors) => {
                let alerts = members.iter().map(|case| case.count).sum();
                let basis = members.iter().map(|case| case.at).collect();
                clusters.push(Cluster { alerts, basis, selectors });
            }
            Err(missing) => {
                reasons.add(missing.reason().to_owned());
                if missing.lacks_fields() {
                    for case in &members {
                        speechless.entry(&case.group.rule).or_default().insert(case.at);
                    }
                }
            }
        }
    }
    clusters.sort_by(|left, right| right.alerts.cmp(&left.alerts).then_with(|| left.basis.cmp(&right.basis)));
    let mut harmless = Vec::new();
    let mut clusters = clusters.into_iter();
    while harmless.len() < limits::TUNED_ACTORS
        && let Some(mut cluster) = clusters.next()
    {
        let before = cluster.selectors.len();
        cluster
            .selectors
            .retain(|selector| proof::is_danger(selector, cases, wish).is_some_and(|danger| !danger));
        if cluster.selectors.is_empty() && before > 0 {
            reasons.add(words::SHARED_WITH_ATTACK.to_owned());
        } else {
            harmless.push(cluster);
        }
    }
    if clusters.len() > 0 {
        reasons.add(words::more_actors(clusters.len()));
    }
    harmless
}

/// Drops what Falco does not load after the user's files and what is kept of the others; whether there was
/// any. All at once first, because every load is a compilation of all rules.
fn keep_what_loads(tuned: &mut Vec<Tuned>, ground: &Ground) -> bool {
    let content = |tuned: &Tuned| -> String {
        let first = tuned.tuning.candidates.first();
        first.map(|candidate| candidate.content.clone()).unwrap_or_default()
    };
    let all: Vec<String> = tuned.iter().map(content).collect();
    if ground.takes(&all.concat()) {
        return false;
    }
    let (before, mut kept) = (tuned.len(), String::new());
    tuned.retain(|one| {
        let longer = format!("{kept}{}", content(one));
        let loads = ground.takes(&longer);
        if loads {
            kept = longer;
        }
        loads
    });
    tuned.len() < before
}

/// What every tuning is made from.
struct Setting<'a> {
    insight: &'a Insight,
    choice: &'a Choice,
    ground: &'a Ground,
    wish: Wish,
}

fn tune(
    via: Via<'_>,
    rules: &[&str],
    clusters: &[Cluster],
    cases: &[&Case<'_>],
    setting: &Setting<'_>,
) -> Option<Tuned> {
    let Setting { insight, choice, ground, wish } = setting;
    let places: BTreeSet<usize> = clusters.iter().flat_map(|cluster| &cluster.basis).copied().collect();
    let basis: Vec<&Group> = places.iter().filter_map(|at| insight.groups.get(*at)).collect();
    let steps = clusters.iter().map(|cluster| cluster.selectors.len()).max()?;
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut chosen = Vec::new();
    for step in 0..steps {
        let mut selectors: Vec<Selector> = clusters
            .iter()
            .filter_map(|cluster| cluster.selectors.get(step).or(cluster.selectors.last()))
            .cloned()
            .collect();
        selectors.sort_unstable();
        selectors.dedup();
        let grade = selectors.iter().map(|selector| selector.grade).max()?;
        let items = overlay::items(via, &selectors);
        // The proof is of the items; the comment above them tells it.
        let Some(proof) = proof::of_file(&items, ground, cases, wish) else { continue };
        // Without insisting, all that is malicious is guarded.
        let attacks =
            if choice.insist { attacks(insight, &ground.simulate(&items), &Shelf::default()) } else { 0 };
        let header = Header { via, grade, proof: &proof, basis: &basis, attacks, now: choice.now };
        let comment = header.text();
        let hiding = words::hiding(&selectors);
        if candidates.is_empty() {
            chosen = selectors;
        }
        let content = format!("{comment}{items}");
        candidates.push(Candidate { grade, content, hiding, proof });
    }
    let mitigation = file::mitigation(via, rules, &chosen, candidates.as_slice(), &basis)?;
    let tuning = Tuning { id: mitigation.id.clone(), candidates };
    Some(Tuned { mitigation, tuning })
}
