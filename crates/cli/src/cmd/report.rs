//! `falco-report report`: the report of files or standard input.

use analysis::report::{self, Report};

use crate::args::{Form, Format, ReportArgs};
use crate::input::{self, Hashes};
use crate::output::{self, Stop};

pub fn run(args: &ReportArgs) -> Result<(), Stop> {
    let hashes = if args.form.output.is_some() { Hashes::Wanted } else { Hashes::None };
    let outcome = input::analyse(&args.inputs, &args.rules, args.form.now, hashes)?;
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
