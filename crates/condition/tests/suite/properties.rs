//! What holds for every condition, event and text.

use condition::ast::{Argument, Check, Expr, ExprKind, Field, Literal, Operand, Right, Test, Transform};
use condition::operator::{Modifier, Operator, Transformer};
use condition::{
    Context, Lookup, MAX_DEPTH, MAX_TREE_DEPTH, Slots, Span, Truth, Value, check_all, compile, parse, tables,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value as Json};

use crate::promises;

/// Any text that a condition can hold: there is no NUL in one.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9./_-]{0,12}",
        "[^\\x00]{0,12}",
        vec(
            select(vec![
                "\\", "\"", "'", " ", "(", ")", ",", "=", "\n", "\t", "é", "oneof", "and", "not", "*", "["
            ]),
            0..6
        )
        .prop_map(|parts| parts.concat()),
    ]
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof!["[+-]?[0-9]{1,20}", "0x[0-9a-f]{1,8}", "[0-9]{1,3}\\.[0-9]{0,3}(e[+-][0-9])?"]
}

fn field() -> impl Strategy<Value = Field> {
    let names: Vec<&str> =
        tables::fields().iter().map(|field| field.name).filter(|name| !name.contains('<')).collect();
    let name = prop_oneof![
        select(names).prop_map(str::to_owned),
        select(vec![
            "proc.name",
            "proc.aname",
            "fd.sip",
            "fd.snet",
            "fd.port",
            "evt.buffer",
            "proc.pid",
            "fd.types"
        ])
        .prop_map(str::to_owned),
        "[a-z]{1,4}(\\.[a-z][a-z0-9_]{0,4}){1,2}",
    ];
    let argument = prop_oneof![3 => Just(None), 1 => "[0-9]{1,2}".prop_map(Some), 1 => text().prop_map(Some)];
    (name, argument).prop_map(|(name, argument)| Field { name, argument, span: Span::default() })
}

fn transform() -> impl Strategy<Value = Transform> {
    let named = select(Transformer::ALL[1..].to_vec());
    let literal = prop_oneof![number(), text()].prop_map(|text| Argument::Literal(Literal::new(text)));
    let leaf = prop_oneof![3 => field().prop_map(Argument::Field), 1 => literal];
    let argument = leaf.prop_recursive(3, 12, 3, move |inner| {
        // In a list, a list is no element.
        let element = inner.clone().prop_filter("no list", |argument| !matches!(argument, Argument::List(_)));
        prop_oneof![
            vec(element, 0..3).prop_map(Argument::List),
            (select(Transformer::ALL[1..].to_vec()), vec(inner, 1..3))
                .prop_map(|(transformer, arguments)| Argument::Transform(made(transformer, arguments, None))),
        ]
    });
    (named, vec(argument, 1..4), proptest::option::of(text()))
        .prop_map(|(transformer, arguments, option)| made(transformer, arguments, option))
}

fn made(transformer: Transformer, arguments: Vec<Argument>, option: Option<String>) -> Transform {
    Transform { transformer, arguments, option, span: Span::default() }
}

fn test() -> impl Strategy<Value = Test> {
    let list = || vec(text(), 0..4).prop_map(Right::list::<String>);
    let computed = prop_oneof![field().prop_map(Right::field), transform().prop_map(Right::Transform),];
    let of = |takes: fn(Operator) -> bool| {
        select(Operator::ALL.into_iter().filter(|operator| takes(*operator)).collect::<Vec<_>>())
    };
    let is_order = |operator: Operator| matches!(operator.name(), "<" | "<=" | ">" | ">=");
    let takes_text =
        |operator: Operator| !operator.takes_list() && !matches!(operator.name(), "<" | "<=" | ">" | ">=");
    let compare = |operator, modifier, right| Test::Compare { operator, modifier, right };
    prop_oneof![
        Just(Test::Exists),
        (of(is_order), number()).prop_map(move |(operator, number)| compare(
            operator,
            None,
            Right::value(number)
        )),
        (of(takes_text), prop_oneof![text(), number()]).prop_map(move |(operator, text)| compare(
            operator,
            None,
            Right::value(text)
        )),
        (of(Operator::takes_list), list()).prop_map(move |(operator, list)| compare(operator, None, list)),
        (of(takes_text), select(Modifier::ALL.to_vec()), list())
            .prop_map(move |(operator, modifier, list)| compare(operator, Some(modifier), list)),
        (select(Operator::ALL.to_vec()), computed)
            .prop_map(move |(operator, right)| compare(operator, None, right)),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    let left = prop_oneof![
        4 => field().prop_map(Operand::Field),
        1 => transform().prop_map(Operand::Transform),
    ];
    let check = (left, test()).prop_map(|(left, test)| Expr::new(ExprKind::Check(Check { left, test })));
    let named = "[a-z][a-z0-9_]{0,6}"
        .prop_filter("no keyword", |name| !matches!(name.as_str(), "and" | "or" | "not"))
        .prop_map(Expr::named);
    let leaf = prop_oneof![6 => check, 1 => named];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(|operands| Expr::new(ExprKind::And(operands))),
            vec(inner.clone(), 2..4).prop_map(|operands| Expr::new(ExprKind::Or(operands))),
            inner.prop_map(Expr::negated),
        ]
    })
}

/// A value as JSON; an object stands for a field that is absent.
fn value() -> impl Strategy<Value = Json> {
    prop_oneof![
        1 => Just(Json::Object(Map::new())),
        1 => Just(Json::Null),
        2 => text().prop_map(Json::from),
        1 => any::<i64>().prop_map(Json::from),
        1 => any::<u64>().prop_map(Json::from),
        1 => any::<bool>().prop_map(Json::from),
        2 => select(vec!["a b c d", "10.0.0.1", "ipv4", "\u{fffd}"]).prop_map(Json::from),
    ]
}

fn lookup(value: &Json) -> Lookup<'_> {
    match value {
        Json::Object(_) | Json::Array(_) => Lookup::Absent,
        Json::Null => Lookup::Null,
        Json::Bool(flag) => Lookup::Value(Value::Bool(*flag)),
        Json::String(text) => Lookup::Value(Value::Text(text)),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Lookup::Value(Value::Int(number)),
            (_, Some(number)) => Lookup::Value(Value::Uint(number)),
            _ => Lookup::Value(Value::Decimal("0.5")),
        },
    }
}

/// The condition with every check that does not compile replaced by one that does.
fn loadable(condition: &Expr) -> Expr {
    let all = |operands: &[Expr]| operands.iter().map(loadable).collect();
    Expr::new(match &condition.kind {
        ExprKind::And(operands) => ExprKind::And(all(operands)),
        ExprKind::Or(operands) => ExprKind::Or(all(operands)),
        ExprKind::Not(operand) => ExprKind::Not(Box::new(loadable(operand))),
        _ => match compile(condition, &Context::any(), &mut Slots::new()) {
            Ok(_) => return condition.clone(),
            Err(_) => return Expr::check(Field::new("proc.name"), Operator::Equal, Right::value("a")),
        },
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_parses_to_the_same_tree(condition in expr()) {
        let printed = condition.to_string();
        let parsed = parse(&printed).map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?;
        prop_assert_eq!(parsed.without_spans(), condition, "{}", printed);
        prop_assert_eq!(parse(&printed).unwrap().to_string(), printed);
    }

    #[test]
    fn spans_cover_what_they_stand_for(condition in expr()) {
        let printed = condition.to_string();
        let parsed = parse(&printed).unwrap();
        parsed.walk(&mut |part| {
            let covered = part.span.of(&printed);
            assert_eq!(parse(covered).unwrap().without_spans(), part.without_spans(), "{covered} in {printed}");
        });
    }

    #[test]
    fn any_text_keeps_every_promise(text in prop_oneof![
        "\\PC{0,40}",
        vec(select(vec!["proc.name", "evt.type", "=", "in", "(", ")", ",", "and", "or", "not", " ", "a", "\"", "'",
            "\\", "[", "]", "val(", "tolower(", "oneof", "exists", "<", "5", "\n", "é", "\0"]), 0..16)
            .prop_map(|parts| parts.concat()),
    ]) {
        promises::check(&text);
    }

    #[test]
    fn every_condition_is_checked_or_evaluated_without_a_panic(
        condition in expr(),
        values in vec(value(), 1..12),
    ) {
        check_all(&condition, &Context::source("syscall"));
        let mut slots = Slots::new();
        let Ok(filter) = compile(&loadable(&condition), &Context::any(), &mut slots) else { return Ok(()) };
        let row: Vec<Lookup> = values.iter().cycle().take(slots.names().len()).map(lookup).collect();
        prop_assert_eq!(filter.explain(&row).truth, filter.evaluate(&row));
        filter.ends_falco(&row);
    }

    #[test]
    fn a_condition_agrees_with_its_double_negation(condition in expr(), values in vec(value(), 1..12)) {
        let condition = loadable(&condition);
        let mut slots = Slots::new();
        let plain = compile(&condition, &Context::any(), &mut slots).unwrap();
        let twice = compile(&condition.clone().negated().negated(), &Context::any(), &mut slots).unwrap();
        let row: Vec<Lookup> = values.iter().cycle().take(slots.names().len()).map(lookup).collect();
        prop_assert_eq!(plain.evaluate(&row), twice.evaluate(&row));
    }

    #[test]
    fn knowing_more_never_turns_an_answer_round(condition in expr(), values in vec(value(), 1..12), hidden in any::<u64>()) {
        let condition = loadable(&condition);
        // These take their answer from several fields, which contradict each other where they are arbitrary.
        let is_made_up = |field: &&Field| {
            matches!(field.name.as_str(), "fd.ip" | "fd.port" | "fd.proto" | "fd.net")
                || field.name.ends_with("net")
                || field.name.starts_with("proc.a") && field.argument.is_none()
        };
        if condition.fields().iter().any(is_made_up) {
            return Ok(());
        }
        let mut slots = Slots::new();
        let filter = compile(&condition, &Context::any(), &mut slots).unwrap();
        let row: Vec<Lookup> = values.iter().cycle().take(slots.names().len()).map(lookup).collect();
        let less: Vec<Lookup> = row
            .iter()
            .enumerate()
            .map(|(slot, lookup)| if hidden >> (slot % 64) & 1 == 1 { Lookup::Absent } else { *lookup })
            .collect();
        let (with, without) = (filter.evaluate(&row), filter.evaluate(&less));
        prop_assert!(without == Truth::Unknown || with == Truth::Unknown || with == without, "{condition}: {without:?}, then {with:?}");
    }
}

#[test]
fn nesting_has_a_limit() {
    let nested = |depth: usize| format!("{}proc.name = a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    let error = parse(&nested(MAX_DEPTH + 1)).unwrap_err();
    assert_eq!(error.falco_message(), format!("exceeded max depth limit of {MAX_DEPTH}"));
    assert!(parse(&"(".repeat(1_000_000)).is_err());
    assert!(parse(&"tolower(".repeat(100_000)).is_err());
    assert!(parse(&format!("{}proc.name = a", "not ".repeat(100_000))).is_ok());
}

#[test]
fn the_deepest_condition_can_be_worked_with() {
    let open = "not(proc.name = a or proc.pid = 1 and ".repeat(MAX_DEPTH);
    let deep = parse(&format!("{open}evt.failed = true{}", ")".repeat(MAX_DEPTH))).unwrap();
    assert_eq!(deep.depth(), MAX_TREE_DEPTH);
    assert_eq!(parse(&deep.to_string()).unwrap().without_spans(), deep.without_spans());
    let mut slots = Slots::new();
    let filter = compile(&deep, &Context::any(), &mut slots).unwrap();
    let row = vec![Lookup::Absent; slots.names().len()];
    assert_eq!(filter.explain(&row).truth, Truth::Unknown);
    let named = Expr::any(vec![deep.clone(), Expr::named("m")]);
    let replaced = named.try_map_macros(|_, _| Ok::<_, ()>(Expr::exists(Field::new("proc.name"))));
    assert_eq!(replaced, Err(condition::MacroError::TooDeep));
}

#[test]
fn what_the_fuzzer_begins_with_keeps_every_promise() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/condition");
    let mut tried = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        promises::check(&String::from_utf8_lossy(&bytes));
        tried += 1;
    }
    assert!(tried > 3, "{tried} inputs");
}
