//! Checks the knowledge base and packs it for embedding; an entry that is wrong stops the build.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use knowledge::{Facts, Files, Folder, check, compress, pack};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let (base, data) = (root.join("knowledge"), root.join("data"));
    println!("cargo::rerun-if-changed={}", base.display());
    println!("cargo::rerun-if-changed={}", data.display());
    let facts = Facts::parse(
        &fs::read_to_string(data.join("rules.tsv"))?,
        &fs::read_to_string(data.join("attack.tsv"))?,
    );
    let folder = Folder::read(&Files::read(&base)?).and_then(|folder| {
        let problems = check(&folder, &facts);
        if problems.is_empty() { Ok(folder) } else { Err(problems) }
    });
    match folder {
        Ok(folder) => {
            fs::write(out.join("knowledge.ppmd"), compress(&pack(&folder, &facts).text())?)?;
            let lessons = fs::read_to_string(data.join("link_r2.jsonl"))?;
            fs::write(out.join("link_r2.ppmd"), compress(&lessons)?)?;
        }
        Err(problems) => {
            for problem in problems {
                println!("cargo::error=knowledge/{problem}");
            }
        }
    }
    Ok(())
}
