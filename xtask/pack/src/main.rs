//! Puts a `.gz` and a `.br` beside every file of the site that compresses.
//!
//! A static host sends these instead of compressing on the fly, at the highest level. The bytes
//! depend on the file's content alone: no time stamp, no system name. This is a program of its own
//! because it is worth building with optimisation, which `xtask` is not.
//!
//! `pack FOLDER FILE` adds the service worker, then prints one line per file: name, size, size as gzip, size as Brotli. Then it makes
//! the whole site into one FILE.

#![forbid(unsafe_code)]

mod offline;
mod single_file;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use brotli::enc::BrotliEncoderParams;

/// What shrinks. Images and fonts are compressed already.
const EXTENSIONS: [&str; 11] =
    ["css", "html", "js", "json", "map", "md", "mjs", "svg", "txt", "wasm", "webmanifest"];

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [folder, file] = arguments.as_slice() else {
        eprintln!("usage: pack FOLDER FILE");
        return ExitCode::from(2);
    };
    let packed = offline::add(folder)
        .and_then(|()| pack_folder(folder, &mut io::stdout().lock()))
        .and_then(|()| single_file::make(folder))
        .and_then(|content| write(file, &content));
    match packed {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot pack `{}`: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn pack_folder(folder: &Path, report: &mut impl Write) -> io::Result<()> {
    for file in files(folder)?.into_iter().filter(|file| has_extension(file, &EXTENSIONS)) {
        let bytes = fs::read(&file)?;
        let gzip = gzip(&bytes)?;
        let brotli = brotli(&bytes)?;
        fs::write(with_suffix(&file, ".gz"), &gzip)?;
        fs::write(with_suffix(&file, ".br"), &brotli)?;
        let name = file.strip_prefix(folder).unwrap_or(&file);
        writeln!(report, "{}\t{}\t{}\t{}", name.display(), bytes.len(), gzip.len(), brotli.len())?;
    }
    Ok(())
}

fn write(file: &Path, content: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, content)
}

/// Every file that a browser may ask for, in name order: not the packed forms, and not what tells the host about headers.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if !has_extension(&path, &["gz", "br"]) && path.file_name() != Some("_headers".as_ref()) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().and_then(|extension| extension.to_str()).is_some_and(|it| extensions.contains(&it))
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, bytes, &mut packed)?;
    Ok(packed)
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let parameters = BrotliEncoderParams { size_hint: bytes.len(), ..BrotliEncoderParams::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters)?;
    Ok(packed)
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn packed() -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("icons")).unwrap();
        fs::write(folder.path().join("index.html"), "page ".repeat(500)).unwrap();
        fs::write(folder.path().join("icons/logo.svg"), "<svg/>").unwrap();
        fs::write(folder.path().join("icons/logo.png"), "png").unwrap();
        let mut report = Vec::new();
        pack_folder(folder.path(), &mut report).unwrap();
        (folder, String::from_utf8(report).unwrap())
    }

    #[test]
    fn text_is_packed_and_pictures_are_left_alone() {
        let (folder, report) = packed();
        assert_eq!(report.lines().count(), 2, "{report}");
        assert!(folder.path().join("icons/logo.svg.br").exists());
        assert!(!folder.path().join("icons/logo.png.gz").exists());
    }

    #[test]
    fn both_forms_unpack_to_the_file() {
        let (folder, _) = packed();
        let expected = "page ".repeat(500);
        let mut text = String::new();
        let packed = fs::read(folder.path().join("index.html.gz")).unwrap();
        flate2::read::GzDecoder::new(&*packed).read_to_string(&mut text).unwrap();
        assert_eq!(text, expected);
        let packed = fs::read(folder.path().join("index.html.br")).unwrap();
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &*packed, &mut unpacked).unwrap();
        assert_eq!(unpacked, expected.as_bytes());
    }

    #[test]
    fn packing_again_gives_the_same_bytes_and_packs_no_packed_file() {
        let (folder, report) = packed();
        let first = fs::read(folder.path().join("index.html.gz")).unwrap();
        let mut again = Vec::new();
        pack_folder(folder.path(), &mut again).unwrap();
        assert_eq!(String::from_utf8(again).unwrap(), report);
        assert_eq!(fs::read(folder.path().join("index.html.gz")).unwrap(), first);
    }
}
