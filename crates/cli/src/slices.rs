//! Reads a large file of lines with all cores: each reads a slice, and what they read adds up to what one
//! would have read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::num::NonZero;
use std::path::Path;
use std::thread;

use analysis::ingest::Refused;
use analysis::{Options, Portion, Session, Sliced};

use sha2::{Digest, Sha256};

use crate::input::chunks;

/// A slice smaller than this is not worth a thread, in bytes; tests have smaller files.
const LEAST: u64 = if cfg!(test) { 32 * 1024 } else { 16 * 1024 * 1024 };

/// How much of a file is looked at to see whether it may be sliced, in bytes.
const HEAD: u64 = 64 * 1024;

/// What came of reading a file in slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// It was read.
    Read,
    /// It is to be read whole, and nothing of it was taken.
    Whole,
    /// It is to be read whole, and some of it was taken: the session is of no use.
    Spoilt,
}

/// How many threads this machine runs at once.
pub fn cores() -> u64 {
    thread::available_parallelism().map_or(1, NonZero::get) as u64
}

/// Reads a file into a session by so many threads, if it is large and may be sliced. Whoever wants a hash of the file gives where it
/// is to go; hashing does not wait for the slices, nor they for it.
pub fn read(
    session: &mut Session,
    options: Options,
    cores: u64,
    (name, path): (&str, &Path),
    sum: Option<&mut Sha256>,
) -> io::Result<Done> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let workers = cores.min(size / LEAST);
    if workers < 2 {
        return Ok(Done::Whole);
    }
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head)?;
    if !Session::may_slice(&head) {
        return Ok(Done::Whole);
    }
    let mut starts = vec![0];
    for worker in 1..workers {
        starts.push(line_start(&mut file, size / workers * worker)?);
    }
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([size]);
    let parts: Vec<Slice<'_>> =
        starts.iter().zip(ends).map(|(start, end)| Slice { path, start: *start, end }).collect();
    let sliced = session.slices(name);
    let read = &|slice: Slice<'_>| read_slice(options, &sliced, slice);
    let whole = Slice { path, start: 0, end: size };
    let (portions, hashed): (Vec<io::Result<Portion>>, _) = thread::scope(|scope| {
        let workers: Vec<_> = parts.iter().map(|slice| scope.spawn(move || read(*slice))).collect();
        let hashed = sum.map_or(Ok(()), |sum| whole.read(|chunk| sum.update(chunk)));
        (workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err(broke()))).collect(), hashed)
    });
    hashed?;
    for (slice, portion) in parts.iter().zip(portions) {
        match session.append(portion?) {
            Ok(()) => {}
            Err(Refused::NotSliceable(_)) => return Ok(Done::Spoilt),
            Err(Refused::Known) => {
                session.open_slice(&sliced, slice.start);
                slice.read(|chunk| session.feed(chunk))?;
                session.close();
            }
        }
    }
    Ok(Done::Read)
}

#[derive(Clone, Copy)]
struct Slice<'a> {
    path: &'a Path,
    start: u64,
    end: u64,
}

impl Slice<'_> {
    fn read(self, each: impl FnMut(&[u8])) -> io::Result<()> {
        let mut file = File::open(self.path)?;
        file.seek(SeekFrom::Start(self.start))?;
        chunks(&mut file.take(self.end - self.start), each)
    }
}

fn read_slice(options: Options, file: &Sliced, slice: Slice<'_>) -> io::Result<Portion> {
    let mut session = Session::for_slice(options, file, slice.start);
    slice.read(|chunk| session.feed(chunk))?;
    Ok(session.into_portion())
}

/// Where the first line begins that starts at a place of a file or after it.
fn line_start(file: &mut File, place: u64) -> io::Result<u64> {
    let before = place.saturating_sub(1);
    file.seek(SeekFrom::Start(before))?;
    let skipped = BufReader::new(file).skip_until(b'\n')?;
    Ok(before + skipped as u64)
}

fn broke() -> io::Error {
    io::Error::other("a thread that read part of it broke")
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::report::{json, markdown};

    fn lines(count: u32) -> Vec<String> {
        let line = |at: u32| {
            let (rule, padding) = (at % 7, "x".repeat(200));
            format!(
                r#"{{"rule":"R{rule}","priority":"Notice","time":"2026-01-01T00:{:02}:00Z","output":"{padding}","output_fields":{{"proc.pid":{at},"proc.name":"p{rule}"}}}}"#,
                at % 60
            )
        };
        (0..count).map(line).collect()
    }

    /// What reading in slices came to, and whether it gives the report that reading whole gives.
    #[track_caller]
    fn sliced(content: &str, expected: Done) {
        let options = Options::default();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("alerts.jsonl");
        std::fs::write(&path, content).unwrap();
        let (mut session, mut sum) = (Session::new(options), Sha256::new());
        let done = read(&mut session, options, 3, ("alerts.jsonl", &path), Some(&mut sum)).unwrap();
        assert_eq!(done, expected);
        if done != Done::Read {
            return;
        }
        let mut whole = Session::new(options);
        whole.open("alerts.jsonl");
        whole.feed(content.as_bytes());
        whole.close();
        let (ours, theirs) = (session.finish().report, whole.finish().report);
        assert_eq!(json(&ours), json(&theirs));
        assert_eq!(markdown(&ours), markdown(&theirs));
        assert_eq!(sum.finalize(), Sha256::digest(content));
    }

    #[test]
    fn slices_add_up_to_the_file() {
        sliced(&lines(600).join("\n"), Done::Read);
        sliced(&(lines(600).join("\r\n") + "\r\n{\"rule\":\"cut"), Done::Read);
    }

    #[test]
    fn alerts_that_an_earlier_slice_holds_count_once() {
        let identified: Vec<String> = (0..600)
            .zip(lines(600))
            .map(|(at, line)| line.replacen('{', &format!(r#"{{"uuid":"u{}","#, at % 250), 1))
            .collect();
        sliced(&identified.join("\n"), Done::Read);
    }

    #[test]
    fn other_files_are_read_whole() {
        sliced(&lines(3).join("\n"), Done::Whole);
        sliced(&format!("[{}]", lines(600).join(",")), Done::Whole);
        // Lines at first, as far as the file is looked at; later on records over many lines.
        let (plain, spread) = (lines(300).join("\n"), lines(600).join("\n").replace(",\"", ",\n\""));
        let pretty = format!("{plain}\n{spread}");
        sliced(&pretty, Done::Spoilt);
    }
}
