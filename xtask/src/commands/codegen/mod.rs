//! `cargo xtask codegen`: writes the data files that are made from collected facts about Falco.
//!
//! The facts lie beside the project and are not part of it; what is made from them is, so that nobody
//! needs them to build.

mod knowledge;

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::workspace;

/// What `cargo xtask codegen` was asked for.
pub struct Options {
    from: PathBuf,
}

impl Options {
    /// `--from DIR`; without it, the folder beside the clone.
    pub fn parse(words: &[String]) -> Result<Self> {
        match words {
            [] => Ok(Self { from: workspace::root().join("../shared/falco") }),
            [option, folder] if option == "--from" => Ok(Self { from: PathBuf::from(folder) }),
            _ => Err(Failure::new("`codegen` takes `--from DIR` and nothing else.")),
        }
    }
}

/// Makes every file that is made.
pub fn run(options: &Options) -> Result<()> {
    let from = options.from.as_path();
    write("crates/analysis/data/rules.tsv", &knowledge::rules(&read(from, "rules_catalogue.tsv")?)?)?;
    write("crates/analysis/data/attack.tsv", &knowledge::attack(&read(from, "attack.tsv")?)?)
}

fn read(folder: &Path, name: &str) -> Result<String> {
    let path = folder.join(name);
    fs::read_to_string(&path)
        .map_err(|error| Failure::new(format!("cannot read {}: {error}.", path.display())))
}

fn write(name: &str, content: &str) -> Result<()> {
    let path = workspace::root().join(name);
    fs::write(&path, content)
        .map_err(|error| Failure::new(format!("cannot write {}: {error}.", path.display())))?;
    println!("{name}: {} bytes", content.len());
    Ok(())
}
