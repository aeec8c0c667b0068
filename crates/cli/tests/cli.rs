//! The command as a user runs it: arguments, streams, files and exit codes.

#[cfg(test)]
mod command;

#[cfg(test)]
mod cli {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use super::command::{fails, fixture, succeeds, text};

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
