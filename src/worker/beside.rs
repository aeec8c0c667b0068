//! What the worker does with files beside the report that is shown: compares it with another set, or hashes
//! the files that it was made from.

use std::fmt::Write;
use std::rc::Rc;

use analysis::{
    Options, Session,
    report::{self, Report, html},
};
use gloo::file::Blob;
use sha2::{Digest, Sha256};

use super::{
    desk::Held,
    host::reply,
    protocol::{Answer, Compared, Reply},
};
use crate::platform::blobs::read_slice;

/// Reads a second set and answers how it differs from the one that is shown.
pub async fn compare(held: &Held, number: u32, inputs: Vec<(String, Blob)>) {
    let compared = other(inputs).await.map(|other| texts(&held.outcome.report, &other));
    let answer = Box::new(Answer::Compared(compared));
    reply(&Reply::Answer { epoch: held.epoch, number, answer }, None);
}

async fn other(inputs: Vec<(String, Blob)>) -> Result<Report, String> {
    let mut session = Session::new(Options { several_files: inputs.len() > 1, ..Options::default() });
    for (name, blob) in inputs {
        session.open(&name);
        slices(&name, &blob, |bytes| session.feed(bytes)).await?;
        session.close();
    }
    let report = session.finish().report;
    if report.total.alerts == 0 {
        return Err("Nothing in these files could be read as a Falco alert.".to_owned());
    }
    Ok(report)
}

/// The earlier set comes first; without times, the one that is shown.
fn texts(shown: &Report, other: &Report) -> Compared {
    let is_earlier = other.insight.first.is_some() && other.insight.first < shown.insight.first;
    let (before, after) = if is_earlier { (other, shown) } else { (shown, other) };
    let markdown = report::diff_markdown(before, after);
    Compared { html: html::fragment(&markdown, &html::Fields::default()), markdown }
}

/// The report with the hash of each file; without any where one could not be read.
pub async fn hash(held: Rc<Held>, inputs: Vec<(String, Blob)>) -> Rc<Held> {
    let mut sums = Vec::new();
    for (name, blob) in inputs {
        let mut sum = Sha256::new();
        if slices(&name, &blob, |bytes| sum.update(bytes)).await.is_err() {
            return held;
        }
        let mut text = String::new();
        for byte in sum.finalize() {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        sums.push((name, text));
    }
    let mut outcome = held.outcome.clone();
    for (name, sum) in sums {
        outcome.report.set_sha256(&name, &sum);
    }
    Rc::new(Held::new(held.epoch, outcome, held.remarks.clone()))
}

/// Hands out a file in pieces.
pub(super) async fn slices(name: &str, blob: &Blob, mut each: impl FnMut(&[u8])) -> Result<(), String> {
    let mut at = 0;
    while at < blob.size() {
        let bytes =
            read_slice(blob, at).await.map_err(|reason| format!("`{name}` cannot be read: {reason}."))?;
        if bytes.is_empty() {
            return Err(format!("`{name}` became shorter while it was read."));
        }
        each(&bytes);
        at = at.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    }
    Ok(())
}
