//! Reads files, directories and standard input into a session, in the order both hosts share.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use analysis::alert::{Alert, Timestamp};
use analysis::ingest::{Found, Ingest};
use analysis::knowledge::own::Problem;
use analysis::redact::{Redactor, Search, Survey, Wishes};
use analysis::{Options, Outcome, Session};
use sha2::{Digest, Sha256};

use crate::args::{Inputs, Rules};
use crate::events::Events;
use crate::output::{self, Stop};
use crate::rule_files::RuleFiles;
use crate::slices::{self, Done};

/// What pasted text and standard input are called in reports.
pub const UNNAMED: &str = "input";

const CHUNK: usize = 1 << 20;

enum Source {
    Stdin,
    /// What another one held that gives its bytes once.
    Taken(Vec<u8>),
    File(PathBuf),
}

impl Source {
    /// Whether it can be read again. A pipe cannot, with or without a name.
    fn is_still_there(&self) -> bool {
        match self {
            Self::Stdin => false,
            Self::Taken(_) => true,
            Self::File(path) => path.is_file(),
        }
    }
}

/// Everything that the arguments name.
pub struct Material(Vec<(String, Source)>);

impl Material {
    /// To be read once.
    pub fn once(inputs: &Inputs) -> Result<Self, Stop> {
        sources(inputs).map(Self)
    }

    /// To be read more than once: what gives its bytes only once is kept.
    pub fn kept(inputs: &Inputs) -> Result<Self, Stop> {
        let mut material = Self::once(inputs)?;
        for (_, source) in &mut material.0 {
            if !source.is_still_there() {
                let mut bytes = Vec::new();
                read(source, |chunk| bytes.extend_from_slice(chunk))?;
                *source = Source::Taken(bytes);
            }
        }
        Ok(material)
    }

    /// Every alert, in reading order.
    pub fn alerts(&self, each: &mut dyn FnMut(Alert)) -> Result<(), Stop> {
        self.ingest(&mut |found| each(found.alert))
    }

    /// What redaction would replace; nothing if that is more than it can.
    pub fn survey(&self, wishes: Wishes) -> Result<Option<Search>, Stop> {
        let names: Vec<String> = self.0.iter().map(|(name, _)| name.clone()).collect();
        let mut survey = Survey::new(wishes, &names);
        for (name, source) in &self.0 {
            survey.open(name);
            read(source, |chunk| survey.feed(chunk))?;
            survey.close();
        }
        Ok(survey.finish())
    }

    fn ingest(&self, each: &mut dyn FnMut(Found)) -> Result<(), Stop> {
        let mut ingest = if self.0.len() > 1 { Ingest::of_several_files() } else { Ingest::default() };
        let mut each = |found: Found| each(found);
        for (name, source) in &self.0 {
            ingest.open(name);
            read(source, |chunk| ingest.feed(chunk, &mut each))?;
            ingest.close(&mut each);
        }
        Ok(())
    }
}

/// Analyses the material, redacted where there is a redactor. Records that were skipped are counted on
/// standard error; input in which nothing was recognised is an error.
pub fn analyse(
    material: &Material,
    rules: &Rules,
    now: Option<Timestamp>,
    redactor: Option<&Redactor>,
    hashes: Hashes,
) -> Result<Outcome, Stop> {
    let options = Options { now, several_files: material.0.len() > 1, ..Options::default() };
    let rules_read = RuleFiles::read(&rules.files)?;
    let knowledge = RuleFiles::read(&rules.knowledge)?;
    let reviews = RuleFiles::read(&rules.reviews)?;
    let begin = || {
        let mut session = Session::new(options);
        if let Some(redactor) = redactor {
            session = session.redacting(redactor.clone());
        }
        rules_read.files().into_iter().for_each(|file| session.rules(file.name, file.bytes));
        knowledge.files().into_iter().for_each(|file| session.knowledge(file.name, file.bytes));
        reviews.files().into_iter().for_each(|file| session.review(file.name, file.bytes));
        session
    };
    // Should slices not do, all is read again; and pseudonyms are numbered in reading order.
    let may_slice = redactor.is_none() && material.0.iter().all(|(_, source)| source.is_still_there());
    let mut session = begin();
    let slicing = may_slice.then_some(options);
    let sums = if let Some(sums) = read_all(&mut session, material, slicing, hashes)? {
        sums
    } else {
        session = begin();
        read_all(&mut session, material, None, hashes)?.unwrap_or_default()
    };
    let mut outcome = session.finish();
    for (name, sum) in sums {
        let sha256: String = sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        outcome.report.set_sha256(name, &sha256);
    }
    recognised(&outcome)?;
    let report = &outcome.report;
    sound("knowledge", report.own.files.iter().map(|file| (file.name.as_str(), file.problems.as_slice())))?;
    let reviews = report.review.borrow();
    sound("review", reviews.files.iter().map(|file| (file.name.as_str(), file.problems.as_slice())))?;
    drop(reviews);
    Ok(outcome)
}

/// Reads everything, large files in slices where there are options for those. The hashes that are wanted, by
/// file; nothing where slices do not do and everything is to be read again without.
fn read_all<'a>(
    session: &mut Session,
    material: &'a Material,
    slicing: Option<Options>,
    hashes: Hashes,
) -> Result<Option<Vec<(&'a str, Sha256)>>, Stop> {
    let mut sums = Vec::new();
    for (name, source) in &material.0 {
        let mut sum = (hashes == Hashes::Wanted).then(Sha256::new);
        let done = match (source, slicing) {
            (Source::File(path), Some(options)) => {
                slices::read(session, options, slices::cores(), (name, path), sum.as_mut())
                    .map_err(|error| Stop::Read(path.clone(), error))?
            }
            _ => Done::Whole,
        };
        match done {
            Done::Read => {}
            Done::Spoilt => return Ok(None),
            Done::Whole => {
                session.open(name);
                read(source, |chunk| {
                    if let Some(sum) = &mut sum {
                        sum.update(chunk);
                    }
                    session.feed(chunk);
                })?;
                session.close();
            }
        }
        sums.extend(sum.map(|sum| (name.as_str(), sum)));
    }
    Ok(Some(sums))
}

/// Whether to hash the input while it is read: a report that is kept names what it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hashes {
    Wanted,
    None,
}

/// A user's file with something wrong in it is an error: every place is said.
fn sound<'a>(what: &str, files: impl Iterator<Item = (&'a str, &'a [Problem])>) -> Result<(), Stop> {
    let mut names = Vec::new();
    for (name, problems) in files.filter(|(_, problems)| !problems.is_empty()) {
        for problem in problems {
            output::complain(&format!("{name}, {problem}"));
        }
        names.push(format!("`{name}`"));
    }
    if names.is_empty() {
        return Ok(());
    }
    Err(Stop::Said(format!("{what} is not in order: {}", names.join(", "))))
}

/// Reads the alerts that the arguments name as events, numbered from 1 in reading order.
pub fn events(inputs: &Inputs) -> Result<Events, Stop> {
    let mut alerts = Vec::new();
    Material::once(inputs)?.alerts(&mut |alert| alerts.push(alert))?;
    Ok(Events::of_alerts(alerts.iter()))
}

/// Says what was skipped; an error where nothing else was found.
pub fn recognised(outcome: &Outcome) -> Result<(), Stop> {
    let report = &outcome.report;
    let first = report.skipped.first();
    if !report.recognised {
        let problem = first.map_or_else(
            || "it holds no JSON record".to_owned(),
            |first| format!("the first problem is {first}"),
        );
        return Err(Stop::Said(format!("no alert could be read from the input; {problem}")));
    }
    let Some(first) = first else { return Ok(()) };
    let records = if report.total.skipped == 1 { "record was" } else { "records were" };
    output::complain(&format!("{} {records} skipped; the first is {first}", report.total.skipped));
    Ok(())
}

fn read(source: &Source, mut each: impl FnMut(&[u8])) -> Result<(), Stop> {
    match source {
        Source::Stdin => {
            chunks(&mut io::stdin().lock(), each).map_err(|error| Stop::Read(PathBuf::from("-"), error))
        }
        Source::Taken(bytes) => {
            each(bytes);
            Ok(())
        }
        Source::File(path) => File::open(path)
            .and_then(|mut file| chunks(&mut file, each))
            .map_err(|error| Stop::Read(path.clone(), error)),
    }
}

/// Hands out what is read, in pieces.
pub fn chunks(from: &mut dyn Read, mut each: impl FnMut(&[u8])) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        match from.read(&mut chunk)? {
            0 => return Ok(()),
            read => each(chunk.get(..read).unwrap_or_default()),
        }
    }
}

/// Names and sources, sorted bytewise by name.
fn sources(inputs: &Inputs) -> Result<Vec<(String, Source)>, Stop> {
    let mut sources = Vec::new();
    let from_stdin = inputs.paths.iter().filter(|path| path.as_os_str() == "-").count();
    if from_stdin > 1 {
        return Err(Stop::Said("`-` can be given once: there is one standard input".to_owned()));
    }
    if inputs.paths.is_empty() || from_stdin == 1 {
        if io::stdin().is_terminal() {
            return Err(Stop::Said(
                "nothing to read: name a file, or pipe alerts in; `falco-report --help` shows how".to_owned(),
            ));
        }
        sources.push((UNNAMED.to_owned(), Source::Stdin));
    }
    for path in inputs.paths.iter().filter(|path| path.as_os_str() != "-") {
        let kind = std::fs::metadata(path).map_err(|error| Stop::Read(path.clone(), error))?;
        if kind.is_dir() {
            walk(path, path, &mut sources)?;
        } else {
            let name = path.file_name().unwrap_or(path.as_os_str());
            sources.push((name.to_string_lossy().into_owned(), Source::File(path.clone())));
        }
    }
    sources.sort_by(|(left, _), (right, _)| left.as_bytes().cmp(right.as_bytes()));
    Ok(sources)
}

/// Adds the files of a directory. Links to directories are not followed, because they may lead in circles;
/// what is no file, such as a socket, is left out. Both are said.
fn walk(root: &Path, folder: &Path, sources: &mut Vec<(String, Source)>) -> Result<(), Stop> {
    let unreadable = |error| Stop::Read(folder.to_owned(), error);
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() {
            walk(root, &path, sources)?;
        } else if path.is_file() {
            let parts = path.strip_prefix(root).unwrap_or(&path).iter();
            let name: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
            sources.push((name.join("/"), Source::File(path)));
        } else {
            let what = if kind.is_symlink() { "a link that leads to no file" } else { "no file" };
            output::complain(&format!("`{}` is {what}; left out", path.display()));
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, process, thread};

    use super::*;

    #[test]
    fn a_pipe_with_a_name_is_read_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("alerts");
        assert!(process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let writer = {
            let path = path.clone();
            thread::spawn(move || fs::write(path, r#"{"rule":"R","output":"x"}"#).unwrap())
        };
        let material = Material::kept(&Inputs { paths: vec![path] }).unwrap();
        writer.join().unwrap();
        for _ in 0..2 {
            let mut rules = Vec::new();
            material.alerts(&mut |alert| rules.push(alert.rule().to_owned())).unwrap();
            assert_eq!(rules, ["R"]);
        }
    }
}
