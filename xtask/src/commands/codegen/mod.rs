//! `cargo xtask codegen`: writes the data files that are made from collected facts about Falco.
//!
//! The facts lie beside the project and are not part of it; what is made from them is, so that nobody
//! needs them to build.

mod condition;
mod knowledge;
mod rules;

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
    for (name, content) in made_from(&options.from)? {
        let path = workspace::root().join(name);
        fs::write(&path, &content)
            .map_err(|error| Failure::new(format!("cannot write `{}` ({error}).", path.display())))?;
        println!("{name}: {} bytes", content.len());
    }
    rules::run(&options.from)
}

/// The files' names and contents.
fn made_from(folder: &Path) -> Result<[(&'static str, String); 4]> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).map_err(|error| {
            Failure::new(format!("cannot read `{}` ({error}): name its folder with --from.", path.display()))
        })
    };
    Ok([
        ("crates/analysis/data/rules.tsv", knowledge::rules(&read("rules_catalogue.tsv")?)?),
        ("crates/analysis/data/attack.tsv", knowledge::attack(&read("attack.tsv")?)?),
        ("crates/condition/data/fields.txt", condition::fields(&read("fields.tsv")?)?),
        ("crates/condition/data/events.txt", condition::events(&read("events.tsv")?)?),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_in_the_clone_are_made_of_the_facts() {
        let options = Options::parse(&[]).unwrap();
        if !options.from.exists() {
            println!("skipped: {} is not there", options.from.display());
            return;
        }
        for (name, content) in made_from(&options.from).unwrap() {
            assert_eq!(workspace::read(name).unwrap(), content, "{name}");
        }
    }
}
