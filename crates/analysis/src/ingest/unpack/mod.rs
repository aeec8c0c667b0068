//! Takes compression and archives off, as a push parser: `.gz`, `.zst`, `.tar`, `.zip`, in each other.
//!
//! The first bytes decide, never a name. What comes out is bounded by the size of what went in
//! ([`limits::UNPACK_RATIO`]) and absolutely, so that a small file cannot fill a disk or a tab.

mod gzip;
mod inflate;
mod tar;
mod zip;
mod zstd;

use crate::finding::Code;
use crate::limits;

/// Takes what is unpacked: files, one after another.
pub trait Files {
    /// Begins a file. `member` is its path in archives, joined by `/`, if it is in one; `packing` names
    /// what was taken off, outermost first.
    fn begin(&mut self, member: Option<&str>, packing: &[&'static str]);
    /// Takes the next bytes of the file.
    fn bytes(&mut self, bytes: &[u8]);
    /// Ends the file.
    fn end(&mut self);
    /// Something in the file, or in the archive between files, cannot be unpacked.
    fn trouble(&mut self, member: Option<&str>, trouble: Fault);
}

/// Why something cannot be unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The kind.
    pub code: Code,
    /// What is wrong, in lower case.
    pub message: String,
}

impl Fault {
    fn damaged(message: &str) -> Self {
        Self { code: Code::DamagedArchive, message: message.to_owned() }
    }

    fn unknown(message: &str) -> Self {
        Self { code: Code::UnknownPacking, message: message.to_owned() }
    }
}

/// What went in, and what may still come out.
#[derive(Debug, Default)]
struct Budget {
    packed: u64,
    unpacked: u64,
    files: u64,
}

impl Budget {
    fn spend(&mut self, bytes: usize) -> Result<(), Fault> {
        self.unpacked += bytes as u64;
        let allowed = limits::UNPACKED_FREE_BYTES.max(self.packed.saturating_mul(limits::UNPACK_RATIO));
        if self.unpacked <= allowed.min(limits::UNPACKED_BYTES) {
            return Ok(());
        }
        let message =
            format!("it unpacks to more than {} times its size, or to too much", limits::UNPACK_RATIO);
        Err(Fault { code: Code::UnpacksTooFar, message })
    }
}

/// Unpacks one input. Feed every chunk, then call [`Unpacker::finish`].
///
/// Packed input is unpacked in blocks of one size, so that it does not depend on the chunks where damaged
/// data breaks and where a limit is reached.
#[derive(Debug)]
pub struct Unpacker {
    budget: Budget,
    layer: Layer,
    block: Vec<u8>,
    block_bytes: usize,
}

impl Default for Unpacker {
    fn default() -> Self {
        Self::in_blocks(64 * 1024)
    }
}

impl Unpacker {
    fn in_blocks(block_bytes: usize) -> Self {
        Self { budget: Budget::default(), layer: Layer::default(), block: Vec::new(), block_bytes }
    }

    /// Takes the next bytes of the input.
    pub fn feed(&mut self, chunk: &[u8], files: &mut dyn Files) {
        let mut rest = chunk;
        while !rest.is_empty() {
            if let Kind::Plain = self.layer.kind {
                return files.bytes(rest);
            }
            let room = self.block_bytes.saturating_sub(self.block.len()).min(rest.len());
            let (taken, after) = rest.split_at_checked(room).unwrap_or((rest, &[]));
            self.block.extend_from_slice(taken);
            rest = after;
            if self.block.len() == self.block_bytes {
                self.unpack_block(files);
            }
        }
    }

    /// Ends the input.
    pub fn finish(mut self, files: &mut dyn Files) {
        self.unpack_block(files);
        self.layer.finish(&mut Way { budget: &mut self.budget, files });
    }

    fn unpack_block(&mut self, files: &mut dyn Files) {
        self.budget.packed += self.block.len() as u64;
        self.layer.feed(&self.block, &mut Way { budget: &mut self.budget, files });
        self.block.clear();
    }
}

/// Where unpacked bytes go.
struct Way<'a> {
    budget: &'a mut Budget,
    files: &'a mut dyn Files,
}

/// What surrounds the bytes of a layer.
#[derive(Debug, Clone, Default)]
struct Around {
    member: Option<String>,
    packing: Vec<&'static str>,
}

impl Around {
    fn with(&self, packing: &'static str) -> Self {
        let mut inner = self.clone();
        inner.packing.push(packing);
        inner
    }

    fn member(&self, path: &str) -> Self {
        let member = match &self.member {
            Some(outer) => format!("{outer}/{path}"),
            None => path.to_owned(),
        };
        Self { member: Some(member), packing: self.packing.clone() }
    }
}

/// One packing around the bytes, or none.
#[derive(Debug)]
struct Layer {
    around: Around,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Too few bytes so far to know.
    Sniffing(Vec<u8>),
    /// The bytes of a file.
    Plain,
    Gzip(Box<gzip::Gzip>),
    Zstd(Box<zstd::Zstd>),
    Tar(Box<tar::Tar>),
    Zip(Box<zip::Zip>),
    /// After a fault: the rest is not read.
    GivenUp,
}

impl Default for Layer {
    fn default() -> Self {
        Self::new(Around::default())
    }
}

/// A tar archive says so at its byte 257.
const SNIFF_BYTES: usize = 512;

impl Layer {
    fn new(around: Around) -> Self {
        Self { around, kind: Kind::Sniffing(Vec::new()) }
    }

    fn feed(&mut self, chunk: &[u8], way: &mut Way<'_>) {
        if let Kind::Sniffing(held) = &mut self.kind {
            held.extend_from_slice(chunk);
            if held.len() < SNIFF_BYTES {
                return;
            }
            let held = std::mem::take(held);
            self.begin(&held, way);
            return self.unpack(&held, way);
        }
        self.unpack(chunk, way);
    }

    fn finish(&mut self, way: &mut Way<'_>) {
        if let Kind::Sniffing(held) = &mut self.kind {
            let held = std::mem::take(held);
            self.begin(&held, way);
            self.unpack(&held, way);
        }
        let around = &self.around;
        let done = match std::mem::replace(&mut self.kind, Kind::GivenUp) {
            Kind::Sniffing(_) | Kind::GivenUp => Ok(()),
            Kind::Plain => {
                way.files.end();
                Ok(())
            }
            Kind::Gzip(gzip) => gzip.finish(way),
            Kind::Zstd(zstd) => zstd.finish(way),
            Kind::Tar(tar) => tar.finish(way),
            Kind::Zip(zip) => zip.finish(way),
        };
        if let Err(fault) = done {
            way.files.trouble(around.member.as_deref(), fault);
        }
    }

    /// Knows the packing by its first bytes.
    fn begin(&mut self, head: &[u8], way: &mut Way<'_>) {
        let around = &self.around;
        let kind = match head {
            [0x1F, 0x8B, 8, ..] => Kind::Gzip(Box::new(gzip::Gzip::new(around.with("gzip")))),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Kind::Zstd(Box::new(zstd::Zstd::new(around.with("zstd")))),
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => {
                Kind::Zip(Box::new(zip::Zip::new(around.with("zip"))))
            }
            _ if tar::is_header(head) => Kind::Tar(Box::new(tar::Tar::new(around.with("tar")))),
            _ => Kind::Plain,
        };
        self.kind = match (kind, foreign(head)) {
            (Kind::Plain, Some(name)) => {
                let fault = Fault::unknown(&format!("the file is {name}"));
                way.files.trouble(around.member.as_deref(), fault);
                Kind::GivenUp
            }
            (Kind::Plain, None) => {
                way.files.begin(around.member.as_deref(), &around.packing);
                Kind::Plain
            }
            _ if around.packing.len() >= limits::PACKINGS => {
                let message = format!("there are more than {} packings around it", limits::PACKINGS);
                way.files.trouble(around.member.as_deref(), Fault { code: Code::UnpacksTooFar, message });
                Kind::GivenUp
            }
            (kind, _) => kind,
        };
    }

    fn unpack(&mut self, chunk: &[u8], way: &mut Way<'_>) {
        let done = match &mut self.kind {
            Kind::Sniffing(_) | Kind::GivenUp => Ok(()),
            Kind::Plain => {
                way.files.bytes(chunk);
                Ok(())
            }
            Kind::Gzip(gzip) => gzip.feed(chunk, way),
            Kind::Zstd(zstd) => zstd.feed(chunk, way),
            Kind::Tar(tar) => tar.feed(chunk, way),
            Kind::Zip(zip) => zip.feed(chunk, way),
        };
        let Err(fault) = done else { return };
        match std::mem::replace(&mut self.kind, Kind::GivenUp) {
            Kind::Gzip(mut gzip) => gzip.inner.stop(way),
            Kind::Zstd(mut zstd) => zstd.inner.stop(way),
            Kind::Tar(mut tar) => tar.stop(way),
            Kind::Zip(mut zip) => zip.stop(way),
            Kind::Sniffing(_) | Kind::GivenUp | Kind::Plain => {}
        }
        way.files.trouble(self.around.member.as_deref(), fault);
    }

    /// Ends what was unpacked so far, because the layer around it ends early.
    fn stop(&mut self, way: &mut Way<'_>) {
        self.finish(way);
    }

    /// Hands on bytes that were unpacked.
    fn spend(&mut self, bytes: &[u8], way: &mut Way<'_>) -> Result<(), Fault> {
        way.budget.spend(bytes.len())?;
        self.feed(bytes, way);
        Ok(())
    }
}

/// Compression that we know and do not read.
fn foreign(head: &[u8]) -> Option<&'static str> {
    match head {
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some("compressed with bzip2"),
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some("compressed with xz"),
        [0x04, 0x22, 0x4D, 0x18, ..] => Some("compressed with lz4"),
        [b'7', b'z', 0xBC, 0xAF, ..] => Some("a 7z archive"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
