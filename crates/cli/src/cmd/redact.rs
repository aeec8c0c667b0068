//! `falco-report redact`: the alerts with pseudonyms.

use std::fmt::Write as _;

use analysis::redact::Redactor;

use crate::args::{RedactArgs, Wishes};
use crate::input::Material;
use crate::output::{self, Stop};

pub fn run(args: &RedactArgs) -> Result<(), Stop> {
    let material = Material::kept(&args.inputs)?;
    let redactor = redactor(&material, &args.wishes)?;
    let mut out = String::new();
    if args.list {
        for hit in redactor.hits() {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{}\t{}\t{}", hit.kind.name(), hit.value.escape_debug(), hit.pseudonym);
        }
    } else {
        material.alerts(&mut |alert| {
            out.push_str(&redactor.alert(&alert).0.json());
            out.push('\n');
        })?;
    }
    said(&redactor);
    output::write(None, &out)
}

/// What redaction replaces in an input.
pub fn redactor(material: &Material, wishes: &Wishes) -> Result<Redactor, Stop> {
    let search = material.survey(self::wishes(wishes))?.ok_or_else(|| {
        Stop::Said("there is too much to redact: more values than redaction replaces".to_owned())
    })?;
    Ok(Redactor::new(search))
}

/// The wishes of the command line.
pub fn wishes(wishes: &Wishes) -> analysis::redact::Wishes {
    analysis::redact::Wishes { add: wishes.also.clone(), keep: wishes.keep.clone() }
}

/// Says on standard error how much was replaced.
pub fn said(redactor: &Redactor) {
    let values = redactor.hits().len();
    output::complain(&format!(
        "{values} {}; look through the result before you hand it on",
        if values == 1 { "value has a pseudonym" } else { "values have pseudonyms" }
    ));
}
