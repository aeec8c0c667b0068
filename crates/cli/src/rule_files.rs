//! Rule files from disk, and the Falco that they are for.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use rules::{Engine, RuleFile};

use crate::args::EngineArgs;
use crate::output::Stop;

/// The contents of rule files.
pub struct RuleFiles {
    files: Vec<(String, Vec<u8>)>,
}

impl RuleFiles {
    /// Reads files in their order.
    pub fn read(paths: &[PathBuf]) -> Result<Self, Stop> {
        let read = |path: &PathBuf| match std::fs::read(path) {
            Ok(bytes) => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                Ok((name.to_string_lossy().into_owned(), bytes))
            }
            Err(error) => Err(Stop::Read(path.clone(), error)),
        };
        Ok(Self { files: paths.iter().map(read).collect::<Result<_, _>>()? })
    }

    /// The files as the loader takes them.
    pub fn files(&self) -> Vec<RuleFile<'_>> {
        self.files.iter().map(|(name, bytes)| RuleFile { name, bytes }).collect()
    }
}

/// Falco 0.44.1 with the plugins that were named.
pub fn engine(args: &EngineArgs) -> Engine {
    args.plugins.iter().fold(Engine::falco_0_44(), |engine, plugin| engine.with_plugin(plugin))
}

/// Whether standard output takes colours.
pub fn use_color() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    io::stdout().is_terminal() && !refused
}
