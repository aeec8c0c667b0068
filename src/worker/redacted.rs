//! The report with pseudonyms, made anew from what it was made from.

use analysis::{
    Options, Outcome, Session,
    redact::{Redactor, Search, Survey, Wishes},
};
use gloo::file::Blob;

use super::{
    beside::slices,
    desk::Held,
    host::{LINK, reply},
    protocol::{Answer, Format, Reply},
    render,
};

/// Answers what would be replaced.
pub async fn hits(held: &Held, number: u32, wishes: Wishes, inputs: &[(String, Blob)]) {
    let hits = survey(held, wishes, inputs).await.map(|search| search.hits().to_vec());
    let answer = Box::new(Answer::Hits(hits));
    reply(&Reply::Answer { epoch: held.epoch, number, answer }, None);
}

/// Makes a file of the report with pseudonyms.
pub async fn save(held: &Held, format: Format, wishes: Wishes, inputs: &[(String, Blob)]) {
    let epoch = held.epoch;
    // What went wrong was said when the hits were asked for.
    let outcome = redacted(held, wishes, inputs).await.ok();
    let Some(file) = outcome.and_then(|outcome| render::as_file(&outcome, format)) else {
        return reply(&Reply::Gone { epoch }, None);
    };
    reply(&Reply::Exported { epoch, format }, Some(&file));
}

async fn survey(held: &Held, wishes: Wishes, inputs: &[(String, Blob)]) -> Result<Search, String> {
    let mut names: Vec<String> = inputs.iter().map(|(name, _)| name.clone()).collect();
    if held.is_of_link() {
        names.insert(0, LINK.to_owned());
    }
    let mut survey = Survey::new(wishes, &names);
    if held.is_of_link() {
        survey.open(LINK);
        survey.feed(lines(held)?.as_bytes());
        survey.close();
    }
    let mut left = to_read(held);
    for (name, blob) in inputs {
        survey.open(name);
        slices(name, blob, |bytes| survey.feed(cut(&mut left, bytes))).await?;
        survey.close();
    }
    survey.finish().ok_or_else(|| "There is too much to redact in these alerts.".to_owned())
}

async fn redacted(held: &Held, wishes: Wishes, inputs: &[(String, Blob)]) -> Result<Outcome, String> {
    let redactor = Redactor::new(survey(held, wishes, inputs).await?);
    let options = Options { several_files: inputs.len() > 1, ..Options::default() };
    let mut session = Session::new(options).redacting(redactor);
    if held.is_of_link() {
        session.open(LINK);
        session.feed(lines(held)?.as_bytes());
        session.close();
    }
    let mut left = to_read(held);
    for (name, blob) in inputs {
        if left > 0 {
            session.open(name);
            slices(name, blob, |bytes| session.feed(cut(&mut left, bytes))).await?;
            session.close();
        }
    }
    if let Some(partial) = &held.outcome.report.partial {
        session.stopped(partial.read, partial.total);
    }
    let mut outcome = session.finish();
    for (file, shown) in outcome.report.files.iter_mut().zip(&held.outcome.report.files) {
        file.sha256.clone_from(&shown.sha256);
    }
    Ok(outcome)
}

fn lines(held: &Held) -> Result<&str, String> {
    held.outcome.parcel.lines().map_err(|error| error.to_string())
}

/// How many bytes the report that is shown rests on.
fn to_read(held: &Held) -> u64 {
    held.outcome.report.partial.as_ref().map_or(u64::MAX, |partial| partial.read)
}

/// As many of the bytes as are left to be read.
fn cut<'a>(left: &mut u64, bytes: &'a [u8]) -> &'a [u8] {
    let length = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
    *left = left.saturating_sub(u64::try_from(length).unwrap_or(u64::MAX));
    bytes.get(..length).unwrap_or_default()
}
