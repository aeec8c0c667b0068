//! `falco-report report`: the report of files or standard input.

use analysis::insight::Class;
use analysis::report::{self, Report};

use super::redact;
use crate::args::{Form, Format, ReportArgs};
use crate::input::{self, Hashes, Material};
use crate::output::{self, Stop};

/// False where `--fail-on` asks for that.
pub fn run(args: &ReportArgs) -> Result<bool, Stop> {
    if args.embed_alerts && !matches!(args.form.format, Format::Html) {
        return Err(Stop::Said("alerts are embedded in HTML only; add `--format html`".to_owned()));
    }
    let hashes = if args.form.output.is_some() { Hashes::Wanted } else { Hashes::None };
    let material = if args.redact { Material::kept(&args.inputs)? } else { Material::once(&args.inputs)? };
    let redactor = args.redact.then(|| redact::redactor(&material, &args.wishes)).transpose()?;
    let outcome = input::analyse(&material, &args.rules, args.form.now, redactor.as_ref(), hashes)?;
    let report = &outcome.report;
    if args.embed_alerts {
        let page = report::page_with_alerts(report, &outcome.parcel).ok_or_else(|| {
            let alerts = report.total.alerts;
            Stop::Said(format!("these {alerts} alerts are too many to embed; leave out `--embed-alerts`"))
        })?;
        output::write(args.form.output.as_deref(), &page)?;
    } else {
        write(report, &args.form)?;
    }
    let is_grave = |limit: Class| report.insight.groups.iter().any(|group| group.verdict.class <= limit);
    Ok(!args.fail_on.is_some_and(is_grave))
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
