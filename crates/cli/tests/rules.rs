//! `check` and `simulate` as a user runs them.

#[cfg(test)]
mod rules {
    use std::fs;
    use std::process::{Command, Output};

    use serde_json::{Value, json};
    use tempfile::TempDir;

    const BASE: &str = "- rule: Open\n  desc: d\n  condition: evt.type = open and proc.name in (a, b)\n  \
                        output: open %proc.name\n  priority: INFO\n";
    const OVERLAY: &str = "- rule: Open\n  exceptions:\n    - name: e\n      fields: [user.name]\n      comps: [=]\n      \
                           values: [[root]]\n  override: {exceptions: append}\n";

    /// A folder with files, and the command run in it.
    struct Folder(TempDir);

    impl Folder {
        fn with(files: &[(&str, &str)]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            for (name, content) in files {
                fs::write(folder.path().join(name), content).unwrap();
            }
            Self(folder)
        }

        /// Standard output of a run with an exit code.
        #[track_caller]
        fn runs(&self, arguments: &[&str], code: i32) -> String {
            let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_falco-report"))
                .args(arguments)
                .current_dir(&self.0)
                .output()
                .unwrap();
            assert_eq!(status.code(), Some(code), "{}", String::from_utf8_lossy(&stderr));
            String::from_utf8(stdout).unwrap()
        }

        #[track_caller]
        fn json(&self, arguments: &[&str], code: i32) -> Value {
            serde_json::from_str(&self.runs(arguments, code)).unwrap()
        }
    }

    #[test]
    fn files_that_load_are_said_to() {
        let folder = Folder::with(&[("base.yaml", BASE), ("overlay.yaml", OVERLAY)]);
        let report = folder.json(&["check", "base.yaml", "overlay.yaml", "--json"], 0);
        let clean =
            |name| json!({ "name": name, "successful": true, "errors": [], "warnings": [], "notes": [] });
        assert_eq!(report, json!({ "files": [clean("base.yaml"), clean("overlay.yaml")] }));
        let words = folder.runs(&["check", "base.yaml", "overlay.yaml"], 0);
        assert_eq!(words, "base.yaml: loads\noverlay.yaml: loads\n");
    }

    #[test]
    fn an_error_has_its_code_its_place_and_advice() {
        let folder = Folder::with(&[("base.yaml", BASE), ("overlay.yaml", &OVERLAY.replace("user", "usr"))]);
        let report = folder.json(&["check", "base.yaml", "overlay.yaml", "--json"], 1);
        assert_eq!(report["files"][0]["successful"], true);
        assert_eq!(
            report["files"][1]["errors"],
            json!([{
                "code": "LOAD_ERR_VALIDATE",
                "message": "'usr.name' is not a supported filter field",
                "hint": "write `user.name` instead",
                "item_type": "exception",
                "item_name": "e",
                "file": "overlay.yaml",
                "line": 4,
                "column": 16,
            }])
        );
        let words = folder.runs(&["check", "base.yaml", "overlay.yaml"], 1);
        let shown = "4 |       fields: [usr.name]\n  |                ^^^^^^^^\n  = in exception `e`\n";
        assert!(words.contains(shown), "{words}");
        assert!(words.ends_with("overlay.yaml: does not load\n"), "{words}");
    }

    #[test]
    fn a_file_alone_can_count_on_what_falco_ships() {
        let text = "- rule: Terminal shell in container\n  enabled: false\n  override: {enabled: replace}\n";
        let folder = Folder::with(&[("local.yaml", text)]);
        let alone = folder.json(&["check", "local.yaml", "--json"], 1);
        assert_eq!(alone["files"][0]["errors"][0]["code"], "LOAD_ERR_VALIDATE");
        let assumed = folder.json(&["check", "--assume-shipped", "local.yaml", "--json"], 0);
        assert_eq!(assumed["files"][0]["notes"][0]["code"], "SHIPPED_ELSEWHERE");
    }

    #[test]
    fn plugins_are_loaded_by_name() {
        let text = "- required_plugin_versions:\n  - {name: okta, version: 0.1.0}\n";
        let folder = Folder::with(&[("okta.yaml", text)]);
        let alone = folder.json(&["check", "okta.yaml", "--json"], 1);
        assert_eq!(alone["files"][0]["errors"][0]["code"], "ENGINE_EXIT");
        folder.runs(&["check", "okta.yaml", "--plugin", "okta"], 0);
    }

    #[test]
    fn events_are_sorted_by_what_becomes_of_them() {
        let event = |number: u64, process: &str, user: &str| {
            json!({ "event": number, "fields": { "evt.type": "open", "proc.name": process, "user.name": user } })
                .to_string()
                + "\n"
        };
        let events = [
            event(3, "a", "root"),
            event(5, "a", "bob"),
            event(8, "c", "root"),
            "{\"event\":9,\"fields\":{\"evt.type\":\"open\",\"proc.name\":\"b\"}}\n".to_owned(),
        ];
        let folder = Folder::with(&[
            ("base.yaml", BASE),
            ("overlay.yaml", OVERLAY),
            ("events.jsonl", &events.concat()),
        ]);
        let arguments =
            ["simulate", "--rules", "base.yaml", "--overlay", "overlay.yaml", "--events", "events.jsonl"];
        let result = folder.json(&[&arguments[..], &["--json"]].concat(), 0);
        let expected = json!({
            "loads": true, "errors": [], "warnings": [], "notes": [],
            "hidden": [3], "kept": [5], "added": [], "undecided": [9],
        });
        assert_eq!(result, expected);
        assert_eq!(folder.runs(&arguments, 0), "hides 1: 3\nkeeps 1: 5\nundecided 1: 9\n");
    }

    #[test]
    fn alerts_are_tried_without_the_rules() {
        let alert = |user: &str| {
            json!({
                "output": "o", "priority": "Notice", "rule": "Open", "time": "2026-01-31T08:00:00.000000000Z",
                "output_fields": { "user.name": user },
            })
            .to_string()
                + "\n"
        };
        let folder = Folder::with(&[
            ("overlay.yaml", OVERLAY),
            ("alerts.jsonl", &[alert("root"), alert("bob")].concat()),
        ]);
        for input in [&["alerts.jsonl"][..], &["--events", "alerts.jsonl"]] {
            let arguments = [&["simulate", "--overlay", "overlay.yaml"], input, &["--json"]].concat();
            let result = folder.json(&arguments, 0);
            assert_eq!((&result["hidden"], &result["kept"]), (&json!([1]), &json!([2])));
            assert_eq!(result["notes"][0]["code"], "BASE_NOT_LOADED");
        }
    }

    #[test]
    fn an_overlay_that_does_not_load_hides_nothing() {
        let folder = Folder::with(&[
            ("base.yaml", BASE),
            ("overlay.yaml", "- {rule: Open, exceptions: []}\n"),
            ("events.jsonl", "{\"event\":1,\"fields\":{}}\n"),
        ]);
        let arguments = [
            "simulate",
            "--rules",
            "base.yaml",
            "--overlay",
            "overlay.yaml",
            "--events",
            "events.jsonl",
            "--json",
        ];
        let result = folder.json(&arguments, 1);
        assert_eq!((&result["loads"], &result["hidden"]), (&json!(false), &json!([])));
        assert_eq!(result["errors"][0]["code"], "LOAD_ERR_YAML_VALIDATE");
    }

    #[test]
    fn what_cannot_be_read_is_a_usage_error() {
        let folder = Folder::with(&[("overlay.yaml", OVERLAY), ("empty.jsonl", "")]);
        folder.runs(&["check", "missing.yaml"], 2);
        folder.runs(&["check"], 2);
        folder.runs(&["simulate", "--overlay", "overlay.yaml", "--events", "empty.jsonl"], 2);
    }
}
