//! Tar archives: blocks of 512 bytes, a header before each file. Long names come as records of their own,
//! in the way of GNU (`L`) or of POSIX (`x`, `path=`). Directories and links hold nothing to read.

use super::{Around, Fault, Layer, Way};
use crate::limits;

const BLOCK: usize = 512;
/// A long name is read up to this length, in bytes.
const NAME_BYTES: usize = 8192;

#[derive(Debug)]
pub struct Tar {
    around: Around,
    header: Vec<u8>,
    long_name: Option<String>,
    body: Body,
    /// Bytes of the body, and of the padding after it, that are still to come.
    left: u64,
    padding: u64,
    ended: bool,
}

#[derive(Debug)]
enum Body {
    None,
    File(Layer),
    GnuName(Vec<u8>),
    PosixRecords(Vec<u8>),
}

/// Whether a tar archive begins here.
pub fn is_header(block: &[u8]) -> bool {
    block.get(257..262) == Some(b"ustar") && checksum_holds(block)
}

impl Tar {
    pub fn new(around: Around) -> Self {
        Self {
            around,
            header: Vec::new(),
            long_name: None,
            body: Body::None,
            left: 0,
            padding: 0,
            ended: false,
        }
    }

    pub fn feed(&mut self, chunk: &[u8], way: &mut Way<'_>) -> Result<(), Fault> {
        let mut rest = chunk;
        while !rest.is_empty() && !self.ended {
            let wanted = if self.left > 0 {
                self.left
            } else if self.padding > 0 {
                self.padding
            } else {
                (BLOCK - self.header.len()) as u64
            };
            let at = usize::try_from(wanted).unwrap_or(usize::MAX).min(rest.len());
            let (taken, after) = rest.split_at_checked(at).unwrap_or((rest, &[]));
            rest = after;
            if self.left > 0 {
                self.left -= taken.len() as u64;
                self.body(taken, way);
            } else if self.padding > 0 {
                self.padding -= taken.len() as u64;
            } else {
                self.header.extend_from_slice(taken);
                if self.header.len() == BLOCK {
                    self.begin(way)?;
                }
            }
        }
        Ok(())
    }

    pub fn finish(mut self, way: &mut Way<'_>) -> Result<(), Fault> {
        let is_whole = self.left == 0 && self.header.is_empty();
        self.stop(way);
        if is_whole { Ok(()) } else { Err(Fault::damaged("the tar archive ends early")) }
    }

    /// Ends the file under way.
    pub fn stop(&mut self, way: &mut Way<'_>) {
        if let Body::File(layer) = &mut self.body {
            layer.finish(way);
        }
        self.body = Body::None;
    }

    fn begin(&mut self, way: &mut Way<'_>) -> Result<(), Fault> {
        let header = std::mem::take(&mut self.header);
        if header.iter().all(|byte| *byte == 0) {
            self.ended = true;
            return Ok(());
        }
        let size = header.get(124..136).and_then(number);
        let (Some(size), true) = (size, checksum_holds(&header)) else {
            return Err(Fault::damaged("a header of the tar archive is damaged"));
        };
        self.left = size;
        self.padding = size.next_multiple_of(BLOCK as u64) - size;
        self.body = match header.get(156) {
            Some(b'0' | 0 | b'7') => {
                way.budget.files += 1;
                if way.budget.files > limits::PACKED_FILES {
                    return Err(too_many());
                }
                let name = self.long_name.take().unwrap_or_else(|| name(&header));
                Body::File(Layer::new(self.around.member(&name)))
            }
            Some(b'L') => Body::GnuName(Vec::new()),
            Some(b'x') => Body::PosixRecords(Vec::new()),
            _ => {
                self.long_name = None;
                Body::None
            }
        };
        if size == 0 {
            self.end_body(way);
        }
        Ok(())
    }

    fn body(&mut self, bytes: &[u8], way: &mut Way<'_>) {
        match &mut self.body {
            Body::None => {}
            Body::File(layer) => layer.feed(bytes, way),
            Body::GnuName(held) | Body::PosixRecords(held) => {
                let room = NAME_BYTES.saturating_sub(held.len()).min(bytes.len());
                held.extend_from_slice(bytes.get(..room).unwrap_or_default());
            }
        }
        if self.left == 0 {
            self.end_body(way);
        }
    }

    fn end_body(&mut self, way: &mut Way<'_>) {
        match std::mem::replace(&mut self.body, Body::None) {
            Body::None => {}
            Body::File(mut layer) => layer.finish(way),
            Body::GnuName(held) => self.long_name = Some(text(&held)),
            Body::PosixRecords(held) => self.long_name = path_of_records(&held).or(self.long_name.take()),
        }
    }
}

pub fn too_many() -> Fault {
    let message = format!("the archive holds more than {} files", limits::PACKED_FILES);
    Fault { code: crate::finding::Code::UnpacksTooFar, message }
}

fn name(header: &[u8]) -> String {
    let name = text(header.get(..100).unwrap_or_default());
    let prefix = text(header.get(345..500).unwrap_or_default());
    // GNU's own format has other things there.
    let is_posix = header.get(257..263) == Some(b"ustar\0");
    if is_posix && !prefix.is_empty() { format!("{prefix}/{name}") } else { name }
}

fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned()
}

/// The path among records such as `24 path=logs/falco.log\n`.
fn path_of_records(records: &[u8]) -> Option<String> {
    let mut lines = records.split(|byte| *byte == b'\n');
    lines.find_map(|line| {
        let at = memchr::memmem::find(line, b" path=")?;
        Some(String::from_utf8_lossy(line.get(at + 6..)?).into_owned())
    })
}

/// Octal digits, or, for 8 GiB and more, a binary number after a byte of 128.
fn number(field: &[u8]) -> Option<u64> {
    if let Some((128, binary)) = field.split_first().map(|(first, rest)| (*first, rest)) {
        let significant = binary.last_chunk::<8>()?;
        return Some(u64::from_be_bytes(*significant)).filter(|number| *number < 1 << 60);
    }
    let digits = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    u64::from_str_radix(digits, 8).ok()
}

/// The sum of a header's bytes, its own field taken for blanks.
fn checksum_holds(header: &[u8]) -> bool {
    let (Some(block), Some(stated)) = (header.get(..BLOCK), header.get(148..156).and_then(number)) else {
        return false;
    };
    let sum: u64 = block
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) })
        .sum();
    sum == stated
}
