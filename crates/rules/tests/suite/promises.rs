//! What must hold for any bytes whatever. Tests check it for some, the fuzzer for many.

use rules::{Engine, Level, RuleFile, Simulation, load, render};

/// A file that others can extend and override.
pub const VALID: &str = "- required_engine_version: 0.31.0
- list: shells
  items: [bash, \"a b\"]
- macro: m
  condition: >
    proc.name in (shells)
    and not fd.name startswith \"/x\"
- rule: R
  desc: d
  condition: evt.type = open and m
  output: \"a %proc.name\"
  priority: INFO
  tags: [t]
  exceptions:
    - name: e
      fields: [proc.name, fd.name]
      comps: [in, startswith]
      values:
        - [[a, b], /etc]
- rule: R
  condition: or m
  override: {condition: append}
";

/// Loads a file in every way, prints everything that is found, and tries it as an overlay.
pub fn check(bytes: &[u8]) {
    let file = RuleFile { name: "r.yaml", bytes };
    let valid = RuleFile { name: "v.yaml", bytes: VALID.as_bytes() };
    for engine in [Engine::falco_0_44(), Engine::falco_0_44().with_all_plugins().assuming_base()] {
        let loaded = load(&[file, valid, file], &engine);
        for report in &loaded.files {
            assert_eq!(report.successful, report.errors.is_empty());
            assert!(report.errors.len() <= 1);
            for item in report.errors.iter().chain(&report.warnings).chain(&report.notes) {
                let rendered = render(item, Level::Note, &loaded.files, false);
                assert!(rendered.chars().all(|symbol| symbol == '\n' || !symbol.is_control()));
            }
        }
        let simulation = Simulation::new(&[valid], &[file], &engine);
        simulation.judge(Some("R"), &vec![condition::Lookup::Null; simulation.fields().len()]);
    }
}
