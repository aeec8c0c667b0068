//! The service worker that keeps the site in the browser: which files there are, and which version.
//!
//! A page asks for it only where it is there: the development server, whose files change, has none.

use std::fs;
use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

const SCRIPT: &str = include_str!("offline.js");
const NAME: &str = "offline.js";

/// Writes the service worker of the files in a site, and names it in the page.
pub fn add(site: &Path) -> io::Result<()> {
    let index = site.join("index.html");
    let page = fs::read_to_string(&index)?;
    let (before, after) = page
        .split_once(" data-worker=")
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the page does not name its worker"))?;
    fs::write(&index, format!("{before} data-offline=\"./{NAME}\" data-worker={after}"))?;

    let mut names = Vec::new();
    let mut digest = Sha256::new();
    for path in crate::files(site)? {
        let content = fs::read(&path)?;
        let name = path.strip_prefix(site).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        digest.update(format!("{name}\0{}\0", content.len()));
        digest.update(&content);
        // A host serves the page at its folder.
        names.push(if name == "index.html" { "./".to_owned() } else { name });
    }
    let version: String = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    fs::write(site.join(NAME), script(&version, &names))
}

fn script(version: &str, names: &[String]) -> String {
    // The build made the names: they hold no quote.
    let list: String = names.iter().map(|name| format!("  \"{name}\",\n")).collect();
    SCRIPT
        .replace("const VERSION = \"\";", &format!("const VERSION = \"{version}\";"))
        .replace("const FILES = [];", &format!("const FILES = [\n{list}];"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(style: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("icons")).unwrap();
        let page = "<script data-js=\"./g.js\" data-worker=\"./worker.js\"></script>";
        for (name, content) in
            [("index.html", page), ("a.css", style), ("icons/a.png", "png"), ("_headers", "")]
        {
            fs::write(folder.path().join(name), content).unwrap();
        }
        add(folder.path()).unwrap();
        folder
    }

    fn script(site: &tempfile::TempDir) -> String {
        fs::read_to_string(site.path().join(NAME)).unwrap()
    }

    #[test]
    fn every_file_of_the_site_is_kept_and_the_page_asks_for_it() {
        let site = site("a{}");
        assert!(script(&site).contains("const FILES = [\n  \"a.css\",\n  \"icons/a.png\",\n  \"./\",\n];"));
        let page = fs::read_to_string(site.path().join("index.html")).unwrap();
        assert!(page.contains("data-offline=\"./offline.js\" data-worker=\"./worker.js\""), "{page}");
    }

    #[test]
    fn the_version_is_that_of_the_content() {
        assert_eq!(script(&site("a{}")), script(&site("a{}")));
        assert_ne!(script(&site("a{}")), script(&site("b{}")));
        assert!(!script(&site("a{}")).contains("const VERSION = \"\""));
    }
}
