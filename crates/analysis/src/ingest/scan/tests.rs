use super::*;

/// Shows parts as text, and takes as records what `serde_json` takes.
#[derive(Default)]
struct Shown {
    found: Vec<String>,
    reach: u64,
}

impl Shown {
    fn show(&mut self, located: &Located<'_>) {
        assert_eq!(located.start.offset, self.reach, "parts are adjacent");
        self.reach += located.bytes;
        let stale = if located.fresh { "" } else { "~" };
        let text = |bytes: &[u8]| format!("{stale}{}", String::from_utf8_lossy(bytes));
        match &located.part {
            Part::Record(bytes) => self.found.push(text(bytes)),
            Part::Broken(code, bytes) => self.found.push(format!("!{} {}", code.name(), text(bytes))),
            Part::Line(bytes) => self.found.push(format!("# {}", text(bytes))),
            Part::Open(head, closers) => self.found.push(format!("< {}|{}", text(head), text(closers))),
            Part::Close => self.found.push(">".to_owned()),
            Part::Tail => self.found.push("tail".to_owned()),
            Part::Separator => {}
        }
    }
}

impl Sink for Shown {
    fn attempt(&mut self, record: &Located<'_>) -> bool {
        let Part::Record(bytes) = record.part else { panic!("only records are attempted") };
        let joined: Vec<u8> = bytes.iter().copied().filter(|byte| !b"\r\n".contains(byte)).collect();
        let Ok(value) = serde_json::from_slice::<serde_json::Value>(&joined) else { return false };
        let is_container =
            value.as_object().is_some_and(|object| object.keys().any(|key| may_hold_records(key)));
        if is_container {
            return false;
        }
        let record = Located { part: Part::Record(&joined), ..*record };
        self.show(&record);
        true
    }

    fn part(&mut self, part: &Located<'_>) {
        self.show(part);
    }
}

fn scan(chunks: &[&[u8]]) -> Vec<String> {
    let mut shown = Shown::default();
    let mut scanner = Scanner::new(Encoding::Utf8, Position::START);
    for chunk in chunks {
        scanner.feed(chunk, &mut shown);
    }
    scanner.finish(&mut shown);
    assert_eq!(shown.reach, chunks.iter().map(|chunk| chunk.len() as u64).sum::<u64>(), "nothing is lost");
    shown.found
}

/// Every cut of the input into two chunks, and into single bytes, gives the same parts, and they add up
/// to the input.
#[track_caller]
fn check(input: &str, expected: &[&str]) {
    let bytes = input.as_bytes();
    for cut in 0..=bytes.len() {
        let (left, right) = bytes.split_at(cut);
        assert_eq!(scan(&[left, right]), expected, "cut at {cut}");
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(scan(&single), expected, "byte by byte");
}

#[test]
fn lines_arrays_and_concatenated_objects() {
    check("{\"a\":1}\n{\"b\":2}\n", &[r#"{"a":1}"#, r#"{"b":2}"#]);
    check(r#"[{"a":1},{"b":[{"c":2}]}] "#, &["< [|]", r#"{"a":1}"#, r#"{"b":[{"c":2}]}"#, ">"]);
    check("{\"a\":\n1}{\"b\":2}", &["{\"a\":\n1}", r#"{"b":2}"#]);
    check("\u{FEFF}{}", &["{}"]);
    check("[\n]", &["< [\n|]", ">"]);
}

#[test]
fn quotes_and_brackets_inside_strings_are_text() {
    check(r#"{"a":"}{\"]\\"}{"b":"\\\""}"#, &[r#"{"a":"}{\"]\\"}"#, r#"{"b":"\\\""}"#]);
}

#[test]
fn text_around_records() {
    check("Falco 0.44\n{}\n[libs]: x {\n", &["# Falco 0.44", "{}", "# [libs]: x {"]);
    check("[", &["# ["]);
    check("\0x\n", &["# x"]);
}

#[test]
fn a_torn_line_costs_one_line() {
    check("{\"a\":\"x\n{\"b\":1}", &["!cut_string {\"a\":\"x", r#"{"b":1}"#]);
    check("{\"a\":\"x\\\n{\"b\":1}", &["!cut_string {\"a\":\"x\\", r#"{"b":1}"#]);
    check(
        "{\"a\":\"x\nEvents: \"1\"\n{\"b\":1}",
        &["!cut_string {\"a\":\"x", "# Events: \"1\"", r#"{"b":1}"#],
    );
    check("{\"a\":1,\n{\"b\":1}", &["!torn_record {\"a\":1,\n", r#"{"b":1}"#]);
    check("{\"a\":[1}\n{\"b\":1}", &["!torn_record {\"a\":[1}\n", r#"{"b":1}"#]);
    check(r#"{"a":"#, &[r#"!truncated {"a":"#]);
}

#[test]
fn what_follows_a_torn_record_in_its_line_is_not_fresh() {
    check("{\"a\":1 {\"b\":1} x\n{}", &["!torn_record {\"a\":1 ", r#"~{"b":1}"#, "# ~x", "{}"]);
}

#[test]
fn lines_wrapped_by_a_terminal_are_one_record() {
    check("{\"a\":\"xx\r\ny\",\"b\":\"\r\nz\"}\n{}", &[r#"{"a":"xxy","b":"z"}"#, "{}"]);
    check("{\"a\":\"x\\\n\"y\"}", &[r#"{"a":"x\"y"}"#]);
    check("{\"a\":\"xy\nz\n\"}", &["!cut_string {\"a\":\"xy", "# z", "# \"}"]);
    check("{\"a\":\"x\ny\" {\"b\":1}", &["!cut_string {\"a\":\"x", "# y\" {\"b\":1}"]);
    check("{\"a\":\"x\ny\"z}", &["!cut_string {\"a\":\"x", "# y\"z}"]);
    check("{\"a\":\"x\ny", &["!cut_string {\"a\":\"x", "# y"]);
}

#[test]
fn elements_of_an_array_that_are_no_objects() {
    check(
        r#"[{}, 5, "x,]", [1], {}]"#,
        &["< [|]", "{}", "!not_an_alert 5", "!not_an_alert \"x,]\"", "[1]", "{}", ">"],
    );
}

#[test]
fn lists_in_containers_are_streamed() {
    check(
        r#"{"took":1,"hits":{"total":2,"hits":[{"a":1},{"b":2}],"x":[]}}{}"#,
        &[r#"< {"took":1,"hits":{"total":2,"hits":[|]}}"#, r#"{"a":1}"#, r#"{"b":2}"#, ">", "tail", "{}"],
    );
    check(
        "{\"streams\":[{\"stream\":{},\"values\":[[\"1\",\"x\"]]}]}\n",
        &[
            "< {\"streams\":[|]}",
            "< {\"stream\":{},\"values\":[|]}",
            "[\"1\",\"x\"]",
            ">",
            "tail",
            ">",
            "tail",
        ],
    );
    check(r#"{"rule":"R","events":[{}]}"#, &[r#"{"rule":"R","events":[{}]}"#]);
    check(r#"{"a":{"events":[{}]}}"#, &[r#"{"a":{"events":[{}]}}"#]);
}

#[test]
fn a_list_that_is_never_closed() {
    check(r#"{"events":[{},"#, &[r#"< {"events":[|]}"#, "{}", "!open_list "]);
    check(r#"{"events":[{}]"#, &[r#"< {"events":[|]}"#, "{}", ">", "!open_list "]);
    check("[{}", &["< [|]", "{}", "!open_list "]);
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
    let found = scan(&[b"\n ", deep.as_bytes()]);
    assert!(found[0].starts_with("!nested_too_deep"), "{found:?}");
}

#[test]
fn a_record_that_is_too_long_is_counted_and_not_held() {
    let long = format!("{{\"a\":\"{}\"}}\n{{}}", "x".repeat(limits::RECORD_BYTES));
    for chunk in [1 << 16, long.len()] {
        let found = scan(&long.as_bytes().chunks(chunk).collect::<Vec<_>>());
        assert!(found[0].starts_with("!record_too_long"));
        assert_eq!(found[1], "{}");
    }
}

#[test]
fn a_wrap_that_grows_too_long_is_given_up() {
    let long = format!("{{\"a\":\"x\n{}", "y".repeat(limits::RECORD_BYTES));
    for chunk in [1 << 16, long.len()] {
        let found = scan(&long.as_bytes().chunks(chunk).collect::<Vec<_>>());
        assert_eq!(found[0], "!cut_string {\"a\":\"x");
        assert!(found[1].starts_with("# y"));
    }
}
