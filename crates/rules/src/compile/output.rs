//! Output templates: `%field`, `%field[argument]`, `%transformer(field)`.

use super::Compiler;
use crate::code::{error, warning};
use crate::collect::Rule;
use crate::engine::FieldFault;
use crate::filter::DEPRECATED;
use crate::findings::{Findings, Found};

/// What Falco says of anything behind `%` that it does not know.
const UNKNOWN: &str = "unknown filter: unexpected token after '";

/// What is wrong with a template, and at which byte.
struct Fault {
    message: &'static str,
    at: usize,
}

impl Compiler<'_> {
    /// Checks a rule's output; whether the rule is kept.
    pub(super) fn output(&self, rule: &Rule, findings: &mut Findings) -> Found<bool> {
        let output = trimmed(rule.output.as_str());
        if output.contains("%container.info") {
            let message = "%container.info is deprecated and no more useful, and will be dropped by Falco \
                           1.0.0. The container plugin will automatically add required fields to the output \
                           message.";
            let found = rule.context.item(warning::LOAD_DEPRECATED_ITEM, message);
            findings.warn(found.hint("remove `%container.info` from the output"));
        }
        if let Some(fault) = self.fault(&output.replace("%container.info", ""), &rule.source) {
            let start = output.find(fault_text(output, fault.at)).unwrap_or(0);
            let place = self.place(start..start + 1, &rule.output, &rule.output_context);
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
        // A `*` in front is Falco's own mark.
        let template = output.strip_prefix('*').unwrap_or(output);
        if template.is_empty() && output.is_empty() {
            return Some(Fault { message: "empty formatting token", at: 0 });
        }
        let mut at = 0;
        while let Some(percent) = template.get(at..)?.find('%') {
            let start = at + percent;
            let rest = template.get(start + 1..)?;
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
            return Some(Fault { message, at: start + output.len() - template.len() });
        }
        None
    }
}

/// What looks like the name of a field.
fn word(text: &str) -> &str {
    let is_part = |symbol: char| symbol.is_ascii_alphanumeric() || matches!(symbol, '_' | '.');
    text.split(|symbol| !is_part(symbol)).next().unwrap_or_default()
}

/// The text from a fault on, to find it in the template as it was written.
fn fault_text(output: &str, at: usize) -> &str {
    output.get(at..).unwrap_or_default()
}

fn trimmed(output: &str) -> &str {
    output.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}'])
}
