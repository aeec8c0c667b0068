use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

use super::*;

/// What came out, one line a file: packing, name, content, and what went wrong.
#[derive(Default)]
struct Shown(Vec<String>);

impl Files for Shown {
    fn begin(&mut self, member: Option<&str>, packing: &[&'static str]) {
        self.0.push(format!("{} {}: ", packing.join("+"), member.unwrap_or("-")));
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.last_mut().unwrap().push_str(&String::from_utf8_lossy(bytes));
    }

    fn end(&mut self) {
        self.0.last_mut().unwrap().push('.');
    }

    fn trouble(&mut self, member: Option<&str>, trouble: Fault) {
        self.0.push(format!("! {} {}", member.unwrap_or("-"), trouble.code.name()));
    }
}

fn unpack(mut unpacker: Unpacker, chunks: &[&[u8]]) -> Vec<String> {
    let mut shown = Shown::default();
    for chunk in chunks {
        unpacker.feed(chunk, &mut shown);
    }
    unpacker.finish(&mut shown);
    shown.0
}

/// The same files come out however the input is cut, and in blocks of any size.
#[track_caller]
fn check(input: &[u8], expected: &[&str]) {
    for size in [1, 7, 100, 511, 512, 513, usize::MAX] {
        let chunks: Vec<&[u8]> = input.chunks(size).collect();
        assert_eq!(unpack(Unpacker::default(), &chunks), expected, "in chunks of {size}");
        let block = size.min(64 * 1024);
        assert_eq!(unpack(Unpacker::in_blocks(block), &[input]), expected, "in blocks of {block}");
    }
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zstd(content: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(content, ruzstd::encoding::CompressionLevel::Fastest)
}

fn tar(files: &[(&str, u8, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, kind, content) in files {
        let mut header = [0; 512];
        let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, &name.as_bytes()[..name.len().min(100)]);
        put(124, format!("{:011o}", content.len()).as_bytes());
        put(148, b"        ");
        put(156, &[*kind]);
        put(257, b"ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        archive.extend_from_slice(&header);
        archive.extend_from_slice(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// Stored, deflated, or deflated with the sizes after the content.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Stored,
    Deflated,
    Streamed,
}

fn zip(files: &[(&str, Way, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, way, content) in files {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).unwrap();
        let packed = if *way == Way::Stored { content.to_vec() } else { encoder.finish().unwrap() };
        let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap();
        let numbers = [crate::checksum::CRC32.checksum(content), size(&packed), size(content)];
        let numbers: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        let (flags, method) =
            (if *way == Way::Streamed { 8 } else { 0 }, if *way == Way::Stored { 0 } else { 8 });
        archive.extend_from_slice(&[b'P', b'K', 3, 4, 20, 0, flags, 0, method, 0, 0, 0, 0, 0]);
        archive.extend_from_slice(if *way == Way::Streamed { &[0; 12] } else { &numbers });
        archive.extend_from_slice(&[u8::try_from(name.len()).unwrap(), 0, 0, 0]);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(&packed);
        if *way == Way::Streamed {
            archive.extend_from_slice(b"PK\x07\x08");
            archive.extend_from_slice(&numbers);
        }
    }
    archive.extend_from_slice(b"PK\x01\x02 and so on, PK\x05\x06");
    archive
}

#[test]
fn plain_bytes_are_one_file() {
    check(b"", &[" -: ."]);
    check(b"abc", &[" -: abc."]);
    check(&[b'x'; 600], &[&format!(" -: {}.", "x".repeat(600))]);
}

#[test]
fn one_file_compressed() {
    check(&gzip(b"abc"), &["gzip -: abc."]);
    check(&[gzip(b"abc"), gzip(b"def")].concat(), &["gzip -: abcdef."]);
    check(&zstd(b"abc"), &["zstd -: abc."]);
    check(
        &[zstd(b"abc"), b"\x50\x2A\x4D\x18\x02\0\0\0xx".to_vec(), zstd(b"def")].concat(),
        &["zstd -: abcdef."],
    );
    check(&gzip(&zstd(b"abc")), &["gzip+zstd -: abc."]);
    let long = "an alert\n".repeat(50_000);
    check(&zstd(long.as_bytes()), &[&format!("zstd -: {long}.")]);
}

#[test]
fn files_in_archives() {
    let archive = tar(&[("logs/", b'5', b""), ("logs/a.log", b'0', b"abc"), ("b.log", 0, &gzip(b"def"))]);
    check(&archive, &["tar logs/a.log: abc.", "tar+gzip b.log: def."]);
    check(&gzip(&archive), &["gzip+tar logs/a.log: abc.", "gzip+tar+gzip b.log: def."]);
    let stored = zip(&[("a/", Way::Stored, b""), ("a/b.log", Way::Stored, b"abc")]);
    check(&stored, &["zip a/b.log: abc."]);
    check(&zip(&[("a", Way::Deflated, b"abc"), ("b", Way::Deflated, b"")]), &["zip a: abc.", "zip b: ."]);
    check(
        &zip(&[("a", Way::Streamed, b"abc"), ("b", Way::Streamed, b"def")]),
        &["zip a: abc.", "zip b: def."],
    );
    check(&zip(&[("in.zip", Way::Deflated, &stored)]), &["zip+zip in.zip/a/b.log: abc."]);
}

#[test]
fn long_names_in_tar_archives() {
    let name = "x".repeat(150);
    let gnu = tar(&[("././@LongLink", b'L', format!("{name}\0").as_bytes()), ("cut", b'0', b"abc")]);
    check(&gnu, &[&format!("tar {name}: abc.")]);
    let record = format!("160 path={name}\n");
    let posix = tar(&[("pax", b'x', record.as_bytes()), ("cut", b'0', b"abc"), ("next", b'0', b"d")]);
    check(&posix, &[&format!("tar {name}: abc."), "tar next: d."]);
}

#[test]
fn what_is_damaged_gives_what_it_has() {
    let whole = gzip(b"abc");
    check(&whole[..whole.len() - 4], &["gzip -: abc.", "! - damaged_archive"]);
    let whole = zstd(b"abc");
    check(&whole[..whole.len() - 1], &["zstd -: .", "! - damaged_archive"]);
    let whole = tar(&[("a", b'0', &[b'x'; 600])]);
    check(&whole[..700], &[&format!("tar a: {}.", "x".repeat(188)), "! - damaged_archive"]);
    let mut whole = zip(&[("a", Way::Stored, b"abc")]);
    let at = whole.iter().position(|byte| *byte == b'b').unwrap();
    whole[at] = b'B';
    check(&whole, &["zip a: aBc.", "! - damaged_archive"]);
}

#[test]
fn what_is_not_read_is_named() {
    check(b"BZh91AY&SY", &["! - unknown_packing"]);
    let mut encrypted = zip(&[("a", Way::Stored, b"abc"), ("b", Way::Stored, b"def")]);
    encrypted[6] = 1;
    check(&encrypted, &["! a unknown_packing", "zip b: def."]);
}

#[test]
fn bombs_are_refused() {
    let bomb = gzip(&gzip(&vec![b' '; usize::try_from(limits::UNPACKED_FREE_BYTES).unwrap() + 1]));
    let found = unpack(Unpacker::default(), &[&bomb]);
    assert_eq!(found.last().unwrap(), "! - unpacks_too_far");
    let mut nested = b"abc".to_vec();
    for _ in 0..=limits::PACKINGS {
        nested = gzip(&nested);
    }
    check(&nested, &["! - unpacks_too_far"]);
}
