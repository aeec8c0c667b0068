//! Gzip: any number of members, one after another, are one file.

use std::io::Write;

use flate2::write::MultiGzDecoder;

use super::{Around, Fault, Layer, Way};

/// Deflate unfolds at most a thousandfold, so this much input makes at most some megabytes.
const STEP: usize = 4096;

#[derive(Debug)]
pub struct Gzip {
    decoder: MultiGzDecoder<Vec<u8>>,
    pub inner: Layer,
}

impl Gzip {
    pub fn new(around: Around) -> Self {
        Self { decoder: MultiGzDecoder::new(Vec::new()), inner: Layer::new(around) }
    }

    pub fn feed(&mut self, chunk: &[u8], way: &mut Way<'_>) -> Result<(), Fault> {
        for step in chunk.chunks(STEP) {
            let written = self.decoder.write_all(step).map_err(|_| damaged());
            self.drain(way)?;
            written?;
        }
        Ok(())
    }

    pub fn finish(mut self, way: &mut Way<'_>) -> Result<(), Fault> {
        let ended = self.decoder.try_finish().map_err(|_| damaged());
        let drained = self.drain(way);
        self.inner.finish(way);
        ended.and(drained)
    }

    fn drain(&mut self, way: &mut Way<'_>) -> Result<(), Fault> {
        let bytes = std::mem::take(self.decoder.get_mut());
        self.inner.spend(&bytes, way)?;
        *self.decoder.get_mut() = bytes;
        self.decoder.get_mut().clear();
        Ok(())
    }
}

fn damaged() -> Fault {
    Fault::damaged("the gzip data ends early or is damaged")
}
