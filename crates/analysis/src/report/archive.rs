//! A `.zip` of stored files with a fixed time, so that the same files give the same bytes.
//!
//! The layout is that of APPNOTE 6.3: a local header before each file, then the central directory.

use crate::checksum::CRC32;

const LOCAL_HEADER: u32 = 0x0403_4b50;
const DIRECTORY_ENTRY: u32 = 0x0201_4b50;
const END_OF_DIRECTORY: u32 = 0x0605_4b50;
/// Version 2.0, made on Unix.
const MADE_BY: u16 = 0x0314;
const NEEDS: u16 = 0x0014;
/// 1 January 1980, the earliest that the format knows.
const DATE: u16 = 0x0021;
/// A plain file, readable by everyone, in the upper half.
const MODE: u32 = 0o100_644 << 16;

/// The archive's bytes, files in the given order. Names are ASCII, with `/`; there are few files, of
/// kilobytes each.
pub fn write<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    let (mut archive, mut directory, mut count) = (Vec::new(), Vec::new(), 0_u16);
    for (name, content) in files {
        let offset = size(archive.len());
        let common = common_fields(name, content);
        put(&mut archive, [&LOCAL_HEADER.to_le_bytes()[..], &common, name.as_bytes(), content.as_bytes()]);
        put(&mut directory, [&DIRECTORY_ENTRY.to_le_bytes()[..], &MADE_BY.to_le_bytes(), &common]);
        // No comment, on disk 0, no internal attributes.
        put(&mut directory, [&[0; 6][..], &MODE.to_le_bytes(), &offset.to_le_bytes(), name.as_bytes()]);
        count = count.saturating_add(1);
    }
    let (offset, length) = (size(archive.len()), size(directory.len()));
    archive.append(&mut directory);
    put(
        &mut archive,
        [&END_OF_DIRECTORY.to_le_bytes()[..], &[0; 4], &count.to_le_bytes(), &count.to_le_bytes()],
    );
    put(&mut archive, [&length.to_le_bytes()[..], &offset.to_le_bytes(), &[0; 2]]);
    archive
}

/// The fields that a file's two headers share.
fn common_fields(name: &str, content: &str) -> Vec<u8> {
    let mut fields = Vec::new();
    // No flags, stored, at midnight.
    put(&mut fields, [&NEEDS.to_le_bytes()[..], &[0; 6], &DATE.to_le_bytes()]);
    let length = size(content.len()).to_le_bytes();
    put(&mut fields, [&CRC32.checksum(content.as_bytes()).to_le_bytes(), &length, &length]);
    let name = u16::try_from(name.len()).unwrap_or(u16::MAX);
    put(&mut fields, [&name.to_le_bytes(), &[0; 2]]);
    fields
}

fn put<const N: usize>(out: &mut Vec<u8>, parts: [&[u8]; N]) {
    for part in parts {
        out.extend_from_slice(part);
    }
}

fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    #[test]
    fn another_reader_finds_every_file() {
        let files =
            [("falco/tuning.yaml", "- macro: x\n"), ("empty", ""), ("proof.json", "{\"\u{e9}\": 1}\n")];
        let mut archive = zip::ZipArchive::new(Cursor::new(write(files))).unwrap();
        assert_eq!(archive.len(), files.len());
        for (at, (name, content)) in files.into_iter().enumerate() {
            let mut file = archive.by_index(at).unwrap();
            assert_eq!((file.name(), file.unix_mode()), (name, Some(0o100_644)));
            let mut read = String::new();
            file.read_to_string(&mut read).unwrap();
            assert_eq!(read, content);
        }
    }

    #[test]
    fn no_files_are_an_archive_too() {
        assert_eq!(zip::ZipArchive::new(Cursor::new(write([]))).unwrap().len(), 0);
    }
}
