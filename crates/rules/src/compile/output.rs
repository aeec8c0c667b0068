//! Output templates: `%field`, `%field[argument]`, `%transformer(field)`.

use super::Compiler;
use crate::code::{error, warning};
use crate::collect::Rule;
use crate::engine::FieldFault;
use crate::filter::DEPRECATED;
use crate::findings::{Findings, Found};

/// What Falco says of anything behind `%` that it does not know.
const UNKNOWN: &str = "unknown filter: unexpected token after '";

/// What once stood for the fields of the container, and now stands for nothing.
const CONTAINER_INFO: &str = "%container.info";

/// What is wrong with a template, and at which byte.
struct Fault {
    message: &'static str,
    at: usize,
}

impl Compiler<'_> {
    /// Checks a rule's output; whether the rule is kept.
    pub(super) fn output(&self, rule: &Rule, findings: &mut Findings) -> Found<bool> {
        let output = rule.output.as_str();
        if output.contains(CONTAINER_INFO) {
            let message = "%container.info is deprecated and no more useful, and will be dropped by Falco \
                           1.0.0. The container plugin will automatically add required fields to the output \
                           message.";
            let found = rule.context.item(warning::LOAD_DEPRECATED_ITEM, message);
            findings.warn(found.hint("remove `%container.info` from the output"));
        }
        if let Some(fault) = self.fault(output, &rule.source) {
            let place = self.place(fault.at..fault.at + 1, &rule.output, &rule.output_context);
            if fault.message == UNKNOWN && rule.skip_if_unknown {
                let found = place.item(warning::LOAD_UNKNOWN_FILTER, fault.message);
                findings.warn(found.hint("the rule is left out, as `skip-if-unknown-filter` wants it"));
                return Ok(false);
            }
            let found = place.item(error::LOAD_ERR_COMPILE_OUTPUT, fault.message);
            let field = word(output.get(fault.at + 1..).unwrap_or_default());
            let hint = match self.engine.field_fault(field, &rule.source) {
                Some(FieldFault::Unknown { hint }) if field.contains('.') => hint,
                _ => "write a field behind `%`, such as `%proc.name`; a percent sign alone cannot be written"
                    .to_owned(),
            };
            return Err(Box::new(found.hint(hint)));
        }
        for field in DEPRECATED.into_iter().filter(|field| output.contains(field)) {
            let message = format!("usage of deprecated field '{field}' has been detected in the rule output");
            let found = rule.output_context.item(warning::LOAD_DEPRECATED_ITEM, message);
            findings.warn(found.hint("remove it: it has no value any more"));
        }
        Ok(true)
    }

    fn fault(&self, output: &str, source: &str) -> Option<Fault> {
        // Falco takes this away before it looks further.
        if output.replace(CONTAINER_INFO, "").trim_ascii().is_empty() {
            return Some(Fault { message: "empty formatting token", at: 0 });
        }
        let mut at = 0;
        while let Some(percent) = output.get(at..)?.find('%') {
            let start = at + percent;
            if output.get(start..)?.starts_with(CONTAINER_INFO) {
                at = start + CONTAINER_INFO.len();
                continue;
            }
            let rest = output.get(start + 1..)?;
            let field = rest.trim_start_matches(|symbol: char| symbol.is_ascii_digit());
            let message = match (rest.is_empty(), field.is_empty()) {
                (true, _) => "invalid formatting syntax: formatting cannot end with a %",
                (false, true) => "invalid formatting syntax: formatting cannot end with a number",
                (false, false) => match self.engine.output_field(field, source) {
                    Some(length) => {
                        at = start + 1 + (rest.len() - field.len()) + length;
                        continue;
                    }
                    None => UNKNOWN,
                },
            };
            return Some(Fault { message, at: start });
        }
        None
    }
}

/// What looks like the name of a field.
fn word(text: &str) -> &str {
    let is_part = |symbol: char| symbol.is_ascii_alphanumeric() || matches!(symbol, '_' | '.');
    text.split(|symbol| !is_part(symbol)).next().unwrap_or_default()
}
