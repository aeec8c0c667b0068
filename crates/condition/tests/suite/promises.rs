//! What must hold for any text whatever. Tests check it for some, the fuzzer for many.

use condition::{Context, Lookup, Slots, Value, check_all, compile, complete, parse};

/// Parses a text and, where it is a condition, prints, checks, compiles and evaluates it.
pub fn check(text: &str) {
    for cursor in (0..=text.len()).step_by(text.len() / 16 + 1) {
        complete(text, cursor, &Context::any());
    }
    let condition = match parse(text) {
        Ok(condition) => condition,
        Err(error) => {
            assert!(error.span.start <= text.len() && error.falco_offset <= text.len());
            assert!(!error.falco_message().is_empty() && !error.hint().is_empty());
            return;
        }
    };
    assert!(condition.span.end <= text.len());
    let printed = condition.to_string();
    assert_eq!(parse(&printed).unwrap().without_spans(), condition.without_spans(), "{printed}");
    check_all(&condition, &Context::any());
    let mut slots = Slots::new();
    let Ok(filter) = compile(&condition, &Context::any(), &mut slots) else { return };
    let twice = compile(&condition.negated().negated(), &Context::any(), &mut slots).unwrap();
    for value in values(text) {
        let row = vec![value; slots.names().len()];
        let truth = filter.evaluate(&row);
        assert_eq!(filter.explain(&row).truth, truth);
        assert_eq!(twice.evaluate(&row), truth);
        filter.ends_falco(&row);
    }
}

/// Values of every kind; the text itself is one that its condition may compare with.
fn values(text: &str) -> [Lookup<'_>; 7] {
    [
        Lookup::Absent,
        Lookup::Null,
        Lookup::Value(Value::Text(text)),
        Lookup::Value(Value::Text("10.0.0.1")),
        Lookup::Value(Value::Int(-1)),
        Lookup::Value(Value::Uint(u64::MAX)),
        Lookup::Value(Value::Bool(true)),
    ]
}
