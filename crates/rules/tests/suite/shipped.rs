//! The rule files that Falco's authors ship, where they lie beside the project.

use std::path::Path;

use rules::{Engine, RuleFile, load};

#[test]
fn shipped_files_load_without_a_word() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/rules");
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there", folder.display());
        return;
    }
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let sets: [&[&str]; 6] = [
        &["falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"],
        &["k8s_audit_rules.yaml"],
        &["aws_cloudtrail_rules.yaml"],
        &["gcp_auditlog_rules.yaml"],
        &["github.yaml"],
        &["okta_rules.yaml"],
    ];
    for set in sets {
        let contents: Vec<(&str, Vec<u8>)> = set.iter().map(|name| (*name, read(name))).collect();
        let files: Vec<RuleFile> = contents.iter().map(|(name, bytes)| RuleFile { name, bytes }).collect();
        let loaded = load(&files, &Engine::falco_0_44().with_all_plugins());
        for report in &loaded.files {
            assert!(report.errors.is_empty(), "{}: {:?}", report.name, report.errors);
            assert!(report.warnings.is_empty(), "{}: {:?}", report.name, report.warnings);
        }
        assert!(loaded.ruleset.rules.iter().all(|rule| rule.condition.is_some()));
    }
}
