//! Gzip, RFC 1952: any number of members, one after another, are one file.

use super::inflate::Inflate;
use super::{Around, Fault, Layer, Way};

const HEADER: usize = 10;
const TRAILER: usize = 8;
/// Flags of a header: what follows it, in this order.
const EXTRA: u8 = 4;
const NAME: u8 = 8;
const COMMENT: u8 = 16;
const HEADER_CHECKSUM: u8 = 2;

#[derive(Debug)]
pub struct Gzip {
    state: State,
    held: Vec<u8>,
    pub inner: Layer,
}

#[derive(Debug)]
enum State {
    /// At a member, or at the zeros that some programs put behind the last one.
    Member {
        is_first: bool,
    },
    /// In what follows a header; the flags that are left.
    Options(u8),
    /// In bytes to skip, then the flags that are left.
    Skip(usize, u8),
    Body(Box<Inflate>),
    Trailer {
        crc: u32,
        size: u32,
    },
}

impl Gzip {
    pub fn new(around: Around) -> Self {
        Self { state: State::Member { is_first: true }, held: Vec::new(), inner: Layer::new(around) }
    }

    pub fn feed(&mut self, chunk: &[u8], way: &mut Way<'_>) -> Result<(), Fault> {
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(chunk);
        let mut rest = held.as_slice();
        loop {
            let (after, moved) = self.step(rest, way)?;
            let is_stuck = after.len() == rest.len() && !moved;
            rest = after;
            if is_stuck {
                break;
            }
        }
        self.held = rest.to_vec();
        Ok(())
    }

    pub fn finish(mut self, way: &mut Way<'_>) -> Result<(), Fault> {
        self.inner.finish(way);
        match self.state {
            State::Member { is_first: false } if self.held.is_empty() => Ok(()),
            _ => Err(Fault::damaged("the gzip data ends early")),
        }
    }

    /// Takes what can be taken; answers the rest, and whether the state changed.
    fn step<'a>(&mut self, rest: &'a [u8], way: &mut Way<'_>) -> Result<(&'a [u8], bool), Fault> {
        match &mut self.state {
            State::Member { is_first: false } if rest.first() == Some(&0) => {
                Ok((rest.get(1..).unwrap_or_default(), false))
            }
            State::Member { .. } => {
                let Some((header, after)) = rest.split_first_chunk::<HEADER>() else {
                    return Ok((rest, false));
                };
                let [0x1F, 0x8B, 8, flags, ..] = *header else {
                    return Err(Fault::damaged("there is other data behind the gzip data"));
                };
                self.state = State::Options(flags & (EXTRA | NAME | COMMENT | HEADER_CHECKSUM));
                Ok((after, true))
            }
            State::Options(flags) => {
                let flags = *flags;
                let (state, after) = match options(flags, rest) {
                    Some(found) => found,
                    // Names end at a zero; bytes before it are of no use.
                    None if flags & EXTRA == 0 && flags & (NAME | COMMENT) != 0 => return Ok((&[], false)),
                    None => return Ok((rest, false)),
                };
                self.state = state;
                Ok((after, true))
            }
            State::Skip(left, flags) => {
                let taken = (*left).min(rest.len());
                *left -= taken;
                let done = *left == 0;
                if done {
                    self.state = State::Options(*flags);
                }
                Ok((rest.get(taken..).unwrap_or_default(), done))
            }
            State::Body(inflate) => {
                let (after, ended) = inflate.feed(rest, &mut self.inner, way)?;
                if ended && let State::Body(inflate) = std::mem::replace(&mut self.state, State::Options(0)) {
                    let (crc, size) = inflate.end();
                    self.state = State::Trailer { crc, size };
                }
                Ok((after, ended))
            }
            State::Trailer { crc, size } => {
                let Some((trailer, after)) = rest.split_first_chunk::<TRAILER>() else {
                    return Ok((rest, false));
                };
                if u64::from_le_bytes(*trailer) != u64::from(*size) << 32 | u64::from(*crc) {
                    return Err(Fault::damaged("the gzip data does not match its checksum"));
                }
                self.state = State::Member { is_first: false };
                Ok((after, true))
            }
        }
    }
}

/// Goes past one option of a header, if all of it is there.
fn options(flags: u8, rest: &[u8]) -> Option<(State, &[u8])> {
    if flags & EXTRA != 0 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        return Some((State::Skip(usize::from(u16::from_le_bytes(*length)), flags & !EXTRA), after));
    }
    let named = [NAME, COMMENT].into_iter().find(|flag| flags & flag != 0);
    if let Some(flag) = named {
        let end = memchr::memchr(0, rest)?;
        return Some((State::Options(flags & !flag), rest.get(end + 1..)?));
    }
    if flags & HEADER_CHECKSUM != 0 {
        return Some((State::Skip(2, flags & !HEADER_CHECKSUM), rest));
    }
    Some((State::Body(Box::new(Inflate::new())), rest))
}
