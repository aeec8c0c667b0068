//! The CRC-32 of share links and archives.

use crc::{CRC_32_ISO_HDLC, Crc};

/// The CRC-32 that zip and gzip use. One table of a kilobyte: what is summed here is small, and the
/// larger tables of faster crates would be downloaded by every visitor.
pub static CRC32: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);
