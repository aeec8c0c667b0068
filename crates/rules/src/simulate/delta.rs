//! What is left to decide once a condition is known to hold.

use condition::Expr;
use condition::ast::ExprKind;

/// The parts of `new` that do not follow from `old`: where `old` holds, they hold exactly if `new` does.
///
/// An exception that is added, or a row that is added to one, is such a part; the rest of the rule is
/// in both and need not be evaluated.
pub(super) fn remaining(old: &Expr, new: &Expr) -> Expr {
    let known = conjuncts(&old.without_spans());
    let open = conjuncts(&new.without_spans()).into_iter().filter(|part| !known.contains(part)).collect();
    Expr::new(ExprKind::And(open))
}

/// The conditions that all hold where a condition holds, as small as they get: `not (a or b)` is `not a`
/// and `not b`.
pub fn conjuncts(expr: &Expr) -> Vec<Expr> {
    let mut found = Vec::new();
    split(expr, false, &mut found);
    found
}

fn split(expr: &Expr, negated: bool, found: &mut Vec<Expr>) {
    match (&expr.kind, negated) {
        (ExprKind::And(operands), false) | (ExprKind::Or(operands), true) => {
            for operand in operands {
                split(operand, negated, found);
            }
        }
        (ExprKind::Not(operand), _) => split(operand, !negated, found),
        (_, false) => found.push(expr.clone()),
        (_, true) => found.push(expr.clone().negated()),
    }
}

#[cfg(test)]
mod tests {
    use super::remaining;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &[&str]) {
        let parse = |text: &str| condition::parse(text).unwrap();
        let remaining = remaining(&parse(old), &parse(new));
        let condition::ast::ExprKind::And(parts) = remaining.kind else { panic!("no conjunction") };
        let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
        assert_eq!(parts, expected);
    }

    #[test]
    fn only_what_is_new_remains() {
        check("a and b", "(a and b) and not (c and d)", &["not (c and d)"]);
        check("a and not (b or c)", "a and not (b or c or d)", &["not d"]);
        check("a or b", "(a or b) and not c", &["not c"]);
        check("a", "a", &[]);
        check("a and not b", "a", &[]);
    }
}
