//! Gathers the knowledge entries, one TOML file each, into one compact JSON text for embedding.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("knowledge");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files =
        fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut entries = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path)?;
        let entry: serde_json::Value =
            toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        entries.push(entry);
    }
    let out = PathBuf::from(env::var("OUT_DIR")?).join("knowledge.json");
    fs::write(out, serde_json::to_string(&entries)?)?;
    Ok(())
}
