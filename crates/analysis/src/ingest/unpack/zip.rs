//! Zip archives, read from front to back by the header before each file, so that no archive is held.
//!
//! The list at an archive's end is not read; it could only repeat what the headers say.

use crc::Digest;

use super::inflate::Inflate;
use super::tar::too_many;
use super::{Around, Fault, Layer, Way};
use crate::checksum::CRC32;
use crate::limits;

const HEADER: usize = 30;
/// The sizes of a file are in the record after it.
const SIZES_FOLLOW: u16 = 8;
const ENCRYPTED: u16 = 1;
/// Both sizes are in an extra field.
const IN_EXTRA: u32 = u32::MAX;

pub struct Zip {
    around: Around,
    held: Vec<u8>,
    state: State,
}

enum State {
    /// At the header of a file.
    Header,
    Stored {
        file: Box<File>,
        crc: Digest<'static, u32>,
        left: u64,
    },
    Deflated {
        file: Box<File>,
        inflate: Box<Inflate>,
    },
    Skipped {
        left: u64,
    },
    /// At the record after a file whose header had no sizes; with the content's checksum.
    After {
        crc: u32,
    },
    /// In the list at the end.
    Done,
}

#[derive(Debug)]
struct File {
    layer: Layer,
    /// The checksum that the header states, if it does.
    stated: Option<u32>,
}

impl std::fmt::Debug for Zip {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Zip").field("around", &self.around).finish_non_exhaustive()
    }
}

impl Zip {
    pub fn new(around: Around) -> Self {
        Self { around, held: Vec::new(), state: State::Header }
    }

    pub fn feed(&mut self, chunk: &[u8], way: &mut Way<'_>) -> Result<(), Fault> {
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(chunk);
        let mut rest = held.as_slice();
        while !matches!(self.state, State::Done) {
            let before = rest.len();
            let (after, moved) = self.step(rest, way)?;
            rest = after;
            if rest.len() == before && !moved {
                self.held = rest.to_vec();
                break;
            }
        }
        Ok(())
    }

    pub fn finish(mut self, way: &mut Way<'_>) -> Result<(), Fault> {
        let is_whole = matches!(self.state, State::Done);
        self.stop(way);
        if is_whole { Ok(()) } else { Err(Fault::damaged("the zip archive ends early")) }
    }

    /// Ends the file under way.
    pub fn stop(&mut self, way: &mut Way<'_>) {
        if let State::Stored { file, .. } | State::Deflated { file, .. } = &mut self.state {
            file.layer.finish(way);
        }
        self.state = State::Done;
    }

    /// Takes what can be taken; answers the rest, and whether the state changed.
    fn step<'a>(&mut self, rest: &'a [u8], way: &mut Way<'_>) -> Result<(&'a [u8], bool), Fault> {
        match &mut self.state {
            State::Header => self.header(rest, way),
            State::Skipped { left } => {
                let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                *left -= taken as u64;
                let done = *left == 0;
                if done {
                    self.state = State::Header;
                }
                Ok((rest.get(taken..).unwrap_or_default(), done))
            }
            State::Stored { file, crc, left } => {
                let at = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                let (taken, after) = rest.split_at_checked(at).unwrap_or((rest, &[]));
                *left -= taken.len() as u64;
                crc.update(taken);
                file.layer.spend(taken, way)?;
                let done = *left == 0;
                if done {
                    self.end_file(way)?;
                }
                Ok((after, done))
            }
            State::Deflated { file, inflate } => {
                let (after, ended) = inflate.feed(rest, &mut file.layer, way)?;
                if ended {
                    self.end_file(way)?;
                }
                Ok((after, ended))
            }
            State::After { crc } => match descriptor(rest) {
                Some((stated, length)) => {
                    if stated != *crc {
                        return Err(Fault::damaged("a file of the zip archive is damaged"));
                    }
                    self.state = State::Header;
                    Ok((rest.get(length..).unwrap_or_default(), true))
                }
                None if rest.len() >= DESCRIPTOR_AND_MARK => {
                    Err(Fault::damaged("a record of the zip archive is damaged"))
                }
                None => Ok((rest, false)),
            },
            State::Done => Ok((&[], false)),
        }
    }

    fn header<'a>(&mut self, rest: &'a [u8], way: &mut Way<'_>) -> Result<(&'a [u8], bool), Fault> {
        let Some((mark, _)) = rest.split_first_chunk::<4>() else { return Ok((rest, false)) };
        match mark {
            b"PK\x03\x04" => {}
            b"PK\x01\x02" | b"PK\x05\x06" | b"PK\x06\x06" => {
                self.state = State::Done;
                return Ok((&[], true));
            }
            _ => return Err(Fault::damaged("a header of the zip archive is damaged")),
        }
        let short = |at| rest.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes));
        let long = |at| rest.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
        let fields =
            (|| Some((short(6)?, short(8)?, long(14)?, long(18)?, long(22)?, short(26)?, short(28)?)))();
        let Some((flags, method, crc, packed, unpacked, name, extra)) = fields else {
            return Ok((rest, false));
        };
        let names = HEADER + usize::from(name);
        let body = names + usize::from(extra);
        let (Some(name), Some(extra), Some(after)) =
            (rest.get(HEADER..names), rest.get(names..body), rest.get(body..))
        else {
            return Ok((rest, false));
        };
        let name = String::from_utf8_lossy(name);
        let around = self.around.member(&name);
        let size =
            if packed == IN_EXTRA { size_in(extra, unpacked == IN_EXTRA) } else { Some(u64::from(packed)) };
        let size = size.ok_or_else(|| Fault::damaged("a header of the zip archive is damaged"))?;
        way.budget.files += 1;
        if way.budget.files > limits::PACKED_FILES {
            return Err(too_many());
        }
        let follows = flags & SIZES_FOLLOW != 0;
        let fault = match (flags & ENCRYPTED != 0, method, follows) {
            (true, ..) => Some("it is encrypted"),
            (_, 0, false) | (_, 8, _) => None,
            _ => Some("it is packed in a way that is not read"),
        };
        self.state = if let Some(message) = fault {
            let fault = Fault::unknown(message);
            if follows {
                return Err(fault);
            }
            way.files.trouble(around.member.as_deref(), fault);
            State::Skipped { left: size }
        } else if name.ends_with('/') && method == 0 {
            State::Skipped { left: size }
        } else {
            let stated = (!follows).then_some(crc);
            let file = Box::new(File { layer: Layer::new(around), stated });
            match method {
                0 => State::Stored { file, crc: CRC32.digest(), left: size },
                _ => State::Deflated { file, inflate: Box::new(Inflate::new()) },
            }
        };
        Ok((after, true))
    }

    fn end_file(&mut self, way: &mut Way<'_>) -> Result<(), Fault> {
        let (mut file, crc) = match std::mem::replace(&mut self.state, State::Header) {
            State::Stored { file, crc, .. } => (file, crc.finalize()),
            State::Deflated { file, inflate } => (file, inflate.end().0),
            other => {
                self.state = other;
                return Ok(());
            }
        };
        file.layer.finish(way);
        match file.stated {
            None => self.state = State::After { crc },
            Some(stated) if stated != crc => {
                return Err(Fault::damaged("a file of the zip archive is damaged"));
            }
            Some(_) => {}
        }
        Ok(())
    }
}

/// The packed size in the extra field with the number 1, after the unpacked one.
fn size_in(extra: &[u8], after_unpacked: bool) -> Option<u64> {
    let mut rest = extra;
    loop {
        let (id, after) = rest.split_first_chunk::<2>()?;
        let (length, after) = after.split_first_chunk::<2>()?;
        let (field, after) = after.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        if *id == [1, 0] {
            let at = if after_unpacked { 8 } else { 0 };
            return field.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
        }
        rest = after;
    }
}

/// The longest record after a file, and the mark of what comes next.
const DESCRIPTOR_AND_MARK: usize = 24 + 4;

/// The checksum in the record after a file, and the record's length: with or without a mark of its own,
/// with sizes of four or eight bytes. The mark that must follow tells.
fn descriptor(rest: &[u8]) -> Option<(u32, usize)> {
    let is_mark =
        |at: usize| matches!(rest.get(at..at + 4), Some(b"PK\x03\x04" | b"PK\x01\x02" | b"PK\x06\x06"));
    let has_own_mark = rest.starts_with(b"PK\x07\x08");
    let (crc_at, lengths) = if has_own_mark { (4, [16, 24]) } else { (0, [12, 20]) };
    let length = lengths.into_iter().find(|length| is_mark(*length))?;
    let crc = rest.get(crc_at..)?.first_chunk()?;
    Some((u32::from_le_bytes(*crc), length))
}
