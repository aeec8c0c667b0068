use super::*;

fn ingest(chunks: &[&[u8]]) -> (Summary, Vec<Alert>) {
    let (mut ingest, mut alerts) = (Ingest::default(), Vec::new());
    let mut each = |found: Found| alerts.push(found.alert);
    ingest.open("a.log");
    for chunk in chunks {
        ingest.feed(chunk, &mut each);
    }
    ingest.close(&mut each);
    (ingest.seal().unwrap(), alerts)
}

/// Shape, the four counts, and the skipped records of an input, the same for every cut.
#[track_caller]
fn check(input: &str, shape: Shape, counts: [u64; 4], skipped: &[&str]) {
    let bytes = input.as_bytes();
    for cut in 0..=bytes.len() {
        let (left, right) = bytes.split_at(cut);
        let (read, alerts) = ingest(&[left, right]);
        let [file] = read.files.as_slice() else { panic!("one file") };
        let Tally { alerts: a, duplicates, skipped: s, noise } = file.records;
        let listed: Vec<_> = read.skipped.iter().map(ToString::to_string).collect();
        assert_eq!([a, duplicates, s, noise], counts, "cut at {cut}: {listed:?}");
        assert_eq!(alerts.len() as u64, a);
        assert_eq!(file.shape, shape, "cut at {cut}");
        assert_eq!(file.size, bytes.len() as u64);
        assert_eq!(listed.len(), skipped.len(), "{listed:?}");
        for (got, want) in listed.iter().zip(skipped) {
            assert!(got.starts_with(want), "{got} should begin with {want}, cut at {cut}");
        }
    }
}

#[test]
fn one_alert() {
    check(r#"{"rule":"R","output":"x"}"#, Shape::JsonObject, [1, 0, 0, 0], &[]);
}

#[test]
fn an_array() {
    check(r#"[{"rule":"R","output":"x"}, {"rule":"S","output":"y"}]"#, Shape::JsonArray, [2, 0, 0, 0], &[]);
}

#[test]
fn lines_with_noise_and_rubbish() {
    check(
        "Falco starts\n{\"rule\":\"R\",\"output\":\"x\"}\n{\"rule\":}\n{\"a\":1}\n",
        Shape::JsonLines,
        [1, 0, 2, 1],
        &[
            "a.log:3:9: not valid JSON: expected value [malformed_json]",
            "a.log:4:1: JSON, but not an alert: it has no `rule`",
        ],
    );
}

#[test]
fn a_position_inside_a_record_of_several_lines() {
    check("\n{\n \"rule\": x\n}", Shape::JsonObject, [0, 0, 1, 0], &["a.log:3:10: not valid JSON"]);
}

#[test]
fn the_same_uuid_and_bytes_count_once() {
    let alert = r#"{"uuid":"u","rule":"R","output":"x"}"#;
    let other = r#"{"uuid":"u","rule":"R","output":"y"}"#;
    check(&format!("{alert}\n{other}\n{alert}"), Shape::JsonLines, [2, 1, 0, 0], &[]);
    let (read, _) = ingest(&[alert.as_bytes(), b"\n", other.as_bytes()]);
    let reused = read.notes.iter().find(|noted| noted.note == Note::UuidReused).unwrap();
    assert_eq!((reused.alerts, reused.position.line), (1, 2));
}

#[test]
fn identical_lines_without_uuid_are_repeats() {
    check(&r#"{"rule":"R","output":"x"}"#.repeat(3), Shape::JsonStream, [3, 0, 0, 0], &[]);
}

#[test]
fn a_cut_tail() {
    let whole = r#"{"rule":"R","output":"x"}"#;
    check(
        &format!("{whole}\n{}", whole.split_at(10).0),
        Shape::JsonObject,
        [1, 0, 1, 0],
        &["a.log:2:11: the input ends"],
    );
}

#[test]
fn nothing_at_all() {
    check("", Shape::Empty, [0; 4], &[]);
    check("\n \n", Shape::Text, [0; 4], &[]);
}
