//! DEFLATE in steps: what was unpacked before the data breaks is handed on, however the data was cut.

use crc::Digest;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

use super::{Fault, Layer, Way};
use crate::checksum::CRC32;

/// Deflate unfolds at most a thousandfold, so one step makes at most some megabytes.
const STEP: usize = 4096;
const OUT: usize = 64 * 1024;

pub struct Inflate {
    state: Box<InflateState>,
    crc: Digest<'static, u32>,
    size: u64,
    out: Vec<u8>,
}

impl std::fmt::Debug for Inflate {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Inflate").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Inflate {
    pub fn new() -> Self {
        let state = InflateState::new_boxed(DataFormat::Raw);
        Self { state, crc: CRC32.digest(), size: 0, out: vec![0; OUT] }
    }

    /// Unpacks into a layer; answers the rest of the input, and whether the data has ended.
    pub fn feed<'a>(
        &mut self,
        input: &'a [u8],
        into: &mut Layer,
        way: &mut Way<'_>,
    ) -> Result<(&'a [u8], bool), Fault> {
        let mut rest = input;
        loop {
            let step = rest.get(..rest.len().min(STEP)).unwrap_or_default();
            let done = inflate(&mut self.state, step, &mut self.out, MZFlush::None);
            let bytes = self.out.get(..done.bytes_written).unwrap_or_default();
            self.crc.update(bytes);
            self.size += bytes.len() as u64;
            into.spend(bytes, way)?;
            rest = rest.get(done.bytes_consumed..).unwrap_or_default();
            match done.status {
                Ok(MZStatus::StreamEnd) => return Ok((rest, true)),
                Ok(_) | Err(MZError::Buf) if done.bytes_consumed == 0 && done.bytes_written == 0 => {
                    return Ok((rest, false));
                }
                Ok(_) | Err(MZError::Buf) => {}
                Err(_) => return Err(Fault::damaged("the compressed data is damaged")),
            }
        }
    }

    /// The checksum of what was unpacked, and its size as far as 32 bits tell.
    pub fn end(self) -> (u32, u32) {
        let size = self.size & u64::from(u32::MAX);
        (self.crc.finalize(), u32::try_from(size).unwrap_or_default())
    }
}
