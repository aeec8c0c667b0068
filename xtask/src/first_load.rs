//! How much a browser fetches before the page works: every file of the site, as gzip.

use std::fmt;
use std::fs;
use std::path::Path;

use site::headers::HOSTING_FILE;

use crate::failure::{Failure, Result};

/// What the first load is to cost at most, in bytes of gzip.
pub const BUDGET: u64 = 400_000;

/// What it may cost today. It is over its budget; this keeps it from growing while it is brought down.
const CEILING: u64 = 1_130_000;

/// The files of a built and packed site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstLoad {
    /// In name order.
    files: Vec<File>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct File {
    name: String,
    raw: u64,
    /// The size as it travels: gzip where there is one.
    travels: u64,
}

impl FirstLoad {
    /// Reads the sizes off the packed site. Everything counts, also what a browser may fetch later,
    /// so the figure cannot be made small by moving code around.
    pub fn measure(dist: &Path) -> Result<Self> {
        let mut files = Vec::new();
        collect(dist, "", &mut files).map_err(|error| {
            Failure::new(format!("cannot read `{}` ({error}): run `cargo xtask dist` first.", dist.display()))
        })?;
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { files })
    }

    /// Bytes of gzip in all.
    pub fn total(&self) -> u64 {
        self.files.iter().map(|file| file.travels).sum()
    }

    pub fn is_within_ceiling(&self) -> bool {
        !self.files.is_empty() && self.total() <= CEILING
    }
}

impl fmt::Display for FirstLoad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for File { name, raw, travels } in &self.files {
            writeln!(f, "      {name:<44} {raw:>9} B {travels:>9} B gzip")?;
        }
        write!(f, "      first load, everything: {} of {} gzip", kilobytes(self.total()), kilobytes(BUDGET))
    }
}

/// `114.2 kB`, of a thousand bytes.
pub fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<File>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let raw = entry.metadata()?.len();
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else if name != HOSTING_FILE && !is_packed(&entry.path()) {
            let packed = fs::metadata(folder.join(format!("{}.gz", entry.file_name().to_string_lossy())));
            files.push(File { name, raw, travels: packed.map_or(raw, |packed| packed.len()) });
        }
    }
    Ok(())
}

/// Whether this is the packed form of another file.
fn is_packed(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "gz" || extension == "br")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_counts_once_as_it_travels() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("icons")).unwrap();
        for (name, size) in [
            ("index.html", 100),
            ("index.html.gz", 60),
            ("index.html.br", 50),
            ("icons/a.png", 7),
            ("_headers", 9),
        ] {
            fs::write(folder.path().join(name), vec![b'x'; size]).unwrap();
        }
        let first_load = FirstLoad::measure(folder.path()).unwrap();
        assert_eq!(first_load.total(), 67);
        assert!(first_load.is_within_ceiling());
        assert!(first_load.to_string().ends_with("first load, everything: 0.0 kB of 400.0 kB gzip"));
    }

    #[test]
    fn a_site_that_is_not_built_is_no_small_site() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!FirstLoad::measure(folder.path()).unwrap().is_within_ceiling());
        assert!(FirstLoad::measure(&folder.path().join("dist")).is_err());
    }
}
