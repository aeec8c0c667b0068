//! Zstandard: any number of frames, one after another, are one file. One block is unpacked at a time,
//! which makes at most 128 KiB of it.

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::{Around, Fault, Layer, Way};
use crate::limits;

const MAGIC: u32 = 0xFD2F_B528;
/// Frames with any of sixteen magic numbers hold nothing.
const SKIPPABLE: u32 = 0x184D_2A50;

pub struct Zstd {
    decoder: FrameDecoder,
    state: State,
    held: Vec<u8>,
    pub inner: Layer,
}

impl std::fmt::Debug for Zstd {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Zstd")
            .field("state", &self.state)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Between,
    Blocks { has_checksum: bool },
    Skipping { left: u64 },
}

impl Zstd {
    pub fn new(around: Around) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(limits::ZSTD_WINDOW_BYTES);
        Self { decoder, state: State::Between, held: Vec::new(), inner: Layer::new(around) }
    }

    pub fn feed(&mut self, chunk: &[u8], way: &mut Way<'_>) -> Result<(), Fault> {
        self.held.extend_from_slice(chunk);
        let held = std::mem::take(&mut self.held);
        let mut rest = held.as_slice();
        loop {
            let before = (rest.len(), self.state);
            rest = self.step(rest, way)?;
            if (rest.len(), self.state) == before {
                break;
            }
        }
        self.held = rest.to_vec();
        Ok(())
    }

    pub fn finish(mut self, way: &mut Way<'_>) -> Result<(), Fault> {
        self.inner.finish(way);
        match self.state {
            State::Between if self.held.is_empty() => Ok(()),
            _ => Err(damaged()),
        }
    }

    /// Takes a header, a block or bytes to skip, if they are all there; answers the rest.
    fn step<'a>(&mut self, rest: &'a [u8], way: &mut Way<'_>) -> Result<&'a [u8], Fault> {
        match self.state {
            State::Between => self.header(rest),
            State::Blocks { has_checksum } => self.block(rest, has_checksum, way),
            State::Skipping { left } => {
                let skipped = left.min(rest.len() as u64);
                let left = left - skipped;
                self.state = if left == 0 { State::Between } else { State::Skipping { left } };
                Ok(rest.get(usize::try_from(skipped).unwrap_or(rest.len())..).unwrap_or_default())
            }
        }
    }

    fn header<'a>(&mut self, rest: &'a [u8]) -> Result<&'a [u8], Fault> {
        let Some((magic, after)) = rest.split_first_chunk::<4>() else { return Ok(rest) };
        let magic = u32::from_le_bytes(*magic);
        if magic & !0xF == SKIPPABLE {
            let Some((length, after)) = after.split_first_chunk::<4>() else { return Ok(rest) };
            self.state = State::Skipping { left: u64::from(u32::from_le_bytes(*length)) };
            return Ok(after);
        }
        if magic != MAGIC {
            return Err(damaged());
        }
        let Some(descriptor) = after.first().copied() else { return Ok(rest) };
        let is_single = descriptor & 0x20 != 0;
        let dictionary = [0, 1, 2, 4].get(usize::from(descriptor & 3)).copied().unwrap_or(0);
        let size = match descriptor >> 6 {
            0 => usize::from(is_single),
            shift => 1 << shift,
        };
        let length = 5 + usize::from(!is_single) + dictionary + size;
        let Some((mut header, after)) = rest.split_at_checked(length) else { return Ok(rest) };
        self.decoder.reset(&mut header).map_err(|_| {
            Fault::unknown("the zstd data needs a dictionary, or more memory than is given to it")
        })?;
        self.state = State::Blocks { has_checksum: descriptor & 4 != 0 };
        Ok(after)
    }

    fn block<'a>(
        &mut self,
        rest: &'a [u8],
        has_checksum: bool,
        way: &mut Way<'_>,
    ) -> Result<&'a [u8], Fault> {
        let [first, second, third, ..] = rest else { return Ok(rest) };
        let header = u32::from_le_bytes([*first, *second, *third, 0]);
        let is_last = header & 1 == 1;
        let is_repeat = header >> 1 & 3 == 1;
        let content = if is_repeat { 1 } else { usize::try_from(header >> 3).unwrap_or(usize::MAX) };
        let length = 3 + content + if is_last && has_checksum { 4 } else { 0 };
        let Some((mut block, after)) = rest.split_at_checked(length) else { return Ok(rest) };
        self.decoder
            .decode_blocks(&mut block, BlockDecodingStrategy::UptoBlocks(1))
            .map_err(|_| damaged())?;
        if let Some(bytes) = self.decoder.collect() {
            self.inner.spend(&bytes, way)?;
        }
        if is_last {
            let stated = self.decoder.get_checksum_from_data();
            if stated.is_some() && stated != self.decoder.get_calculated_checksum() {
                return Err(damaged());
            }
            self.state = State::Between;
        }
        Ok(after)
    }
}

fn damaged() -> Fault {
    Fault::damaged("the zstd data ends early or is damaged")
}
