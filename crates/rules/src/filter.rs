//! What the condition language says about a condition.
use condition::Expr;
use crate::engine::{Engine, FieldFault};
impl Engine {
    pub(crate) fn field_fault(&self, field: &str, _source: &str) -> Option<FieldFault> {
        let _ = field;
        None
    }
}
pub(crate) struct Problem { pub code: crate::code::Code, pub message: String, pub hint: String, pub span: condition::Span, pub unknown_filter: bool, pub exits: bool }
pub(crate) fn check(_expr: &Expr, _engine: &Engine, _source: &str) -> Result<Vec<(String, condition::Span)>, Problem> { Ok(vec![]) }
pub(crate) fn has_too_many_events(_expr: &Expr) -> bool { false }
