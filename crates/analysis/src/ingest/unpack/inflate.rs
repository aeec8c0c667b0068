//! DEFLATE in steps: what was unpacked before the data breaks is handed on, however the data was cut.

use flate2::{Decompress, FlushDecompress, Status};

use super::{Fault, Layer, Way};

/// Deflate unfolds at most a thousandfold, so one step makes at most some megabytes.
const STEP: usize = 4096;
const OUT: usize = 64 * 1024;

#[derive(Debug)]
pub struct Inflate {
    raw: Decompress,
    crc: crc32fast::Hasher,
    out: Vec<u8>,
}

impl Inflate {
    pub fn new() -> Self {
        Self { raw: Decompress::new(false), crc: crc32fast::Hasher::new(), out: vec![0; OUT] }
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
            let before = (self.raw.total_in(), self.raw.total_out());
            let status = self.raw.decompress(step, &mut self.out, FlushDecompress::None);
            let read = usize::try_from(self.raw.total_in() - before.0).unwrap_or(0);
            let written = usize::try_from(self.raw.total_out() - before.1).unwrap_or(0);
            let bytes = self.out.get(..written).unwrap_or_default();
            self.crc.update(bytes);
            into.spend(bytes, way)?;
            rest = rest.get(read..).unwrap_or_default();
            match status {
                Err(_) => return Err(Fault::damaged("the compressed data is damaged")),
                Ok(Status::StreamEnd) => return Ok((rest, true)),
                Ok(_) if read == 0 && written == 0 => return Ok((rest, false)),
                Ok(_) => {}
            }
        }
    }

    /// The checksum of what was unpacked, and its size as far as 32 bits tell.
    pub fn end(self) -> (u32, u32) {
        let size = self.raw.total_out() & u64::from(u32::MAX);
        (self.crc.finalize(), u32::try_from(size).unwrap_or_default())
    }
}
