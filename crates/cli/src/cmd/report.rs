//! `falco-report report`: the report of files or standard input.

use analysis::report::{self, Report};

use super::redact;
use crate::args::{Form, Format, ReportArgs};
use crate::input::{self, Material};
use crate::output::{self, Stop};

pub fn run(args: &ReportArgs) -> Result<(), Stop> {
    let material = if args.redact { Material::kept(&args.inputs)? } else { Material::once(&args.inputs)? };
    let redactor = args.redact.then(|| redact::redactor(&material, &args.wishes)).transpose()?;
    let outcome = input::analyse(&material, &args.rules, args.form.now, redactor)?;
    write(&outcome.report, &args.form)
}

/// Writes a report in the form asked for.
pub fn write(report: &Report, form: &Form) -> Result<(), Stop> {
    let text = match form.format {
        Format::Md => report::markdown(report),
        Format::Html => report::page(report),
        Format::Json => report::json(report),
        Format::Navigator => report::navigator(report),
    };
    output::write(form.output.as_deref(), &text)
}
