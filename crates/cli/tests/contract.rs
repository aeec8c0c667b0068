//! What other programs rest on: the schema of the JSON report, exit codes, completions, the manual page.

#[cfg(test)]
mod contract {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Output};

    use serde_json::Value;

    fn run(arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_falco-report")).args(arguments).output().unwrap()
    }

    fn stdout(arguments: &[&str]) -> String {
        let output = run(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn fixtures() -> Vec<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    #[test]
    fn every_report_keeps_to_the_schema() {
        let schema: Value = serde_json::from_str(&stdout(&["schema"])).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let mut reports = Vec::new();
        for path in fixtures() {
            let output = run(&["report", path.to_str().unwrap(), "--format", "json"]);
            // Two of the files hold nothing to report on.
            if output.status.code() != Some(2) {
                reports.push(serde_json::from_slice::<Value>(&output.stdout).unwrap());
            }
        }
        let marked = reports.iter().find_map(|report| report.pointer("/findings/0/id")?.as_str()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let review = folder.path().join("review.toml");
        fs::write(&review, format!("[review]\n{marked} = {{ mark = \"done\", note = \"n\" }}\n")).unwrap();
        let reviewed = fixtures().iter().find_map(|path| {
            let output = run(&[
                "report",
                path.to_str().unwrap(),
                "--review",
                review.to_str().unwrap(),
                "--format",
                "json",
            ]);
            let report: Value = serde_json::from_slice(&output.stdout).ok()?;
            (report.pointer("/findings/0/review/mark")? == "done").then_some(report)
        });
        reports.push(reviewed.unwrap());
        assert!(reports.len() > 25, "{}", reports.len());
        for report in &reports {
            let problems: Vec<String> =
                validator.iter_errors(report).map(|error| error.to_string()).collect();
            assert_eq!(problems, [""; 0]);
        }
        let damaged = |pointer: &str, change: &dyn Fn(&mut Value)| {
            let mut report =
                reports.iter().find(|report| report.pointer("/findings/0").is_some()).unwrap().clone();
            change(report.pointer_mut(pointer).unwrap());
            !validator.is_valid(&report)
        };
        assert!(damaged("", &|report| drop(report.as_object_mut().unwrap().remove("findings"))));
        assert!(damaged("/input/records", &|records| *records = "1".into()));
        assert!(damaged("/findings/0/verdict", &|verdict| drop(
            verdict.as_object_mut().unwrap().remove("class")
        )));
    }

    #[test]
    fn a_pipeline_can_fail_on_what_was_found() {
        let check = |file: &str, class: &str, expected: i32| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(file);
            let output = run(&["report", path.to_str().unwrap(), "--fail-on", class]);
            assert_eq!(output.status.code(), Some(expected), "{file} {class}");
            assert_eq!(output.stdout.is_empty(), expected == 2, "{file} {class}");
        };
        check("ptrace_event_generator_kubernetes.json", "likely_malicious", 0);
        check("ptrace_event_generator_kubernetes.json", "test_activity", 1);
        check("ptrace_program_in_memory.json", "likely_malicious", 1);
        check("dropped_events.json", "blind_spot", 1);
        check("dropped_events.json", "likely_malicious", 0);
        check("dropped_events.json", "grave", 2);
    }

    #[test]
    fn shells_and_man_learn_every_verb() {
        let verbs = [
            "report",
            "mitigate",
            "check",
            "eval",
            "simulate",
            "link",
            "open",
            "diff",
            "schema",
            "completions",
            "man",
        ];
        let manual = stdout(&["man"]);
        for verb in verbs {
            assert!(manual.contains(&format!("\n.SH {}\n", verb.to_uppercase())), "{verb}");
        }
        assert!(manual.contains("fail\\-on"));
        for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
            let script = stdout(&["completions", shell]);
            assert!(verbs.iter().all(|verb| script.contains(verb)) && script.contains("fail-on"), "{shell}");
        }
    }
}
