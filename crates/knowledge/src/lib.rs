//! What is known about Falco's rules, from the files that a security engineer edits to the text that
//! the analysis embeds.
//!
//! A knowledge base is a folder: `<source>/<family>.toml` with an array of `[[rule]]`, beside them
//! `steps.toml` (steps that several rules share), `controls.toml` (what stops a behaviour), `controls/`
//! (what puts that into effect) and `sources.toml` (who acts in the alerts of a source). [`Facts`] are what upstream ships and what
//! ATT&CK defines; no entry may contradict them.
//!
//! ```
//! use knowledge::{Facts, Files, Folder, check, pack};
//!
//! let facts = Facts::parse(
//!     "Terminal shell in container\tsyscall\tcontainer\tNotice\tproc.name,proc.tty\tT1059\t-\t-\n",
//!     "T1059\tCommand and Scripting Interpreter\texecution\n",
//! );
//! let files = Files::from([
//!     ("sources.toml", "[syscall]\nactor = 'the process'\nname = 'proc.name'\nunnamed = 'a process'\n"),
//!     ("steps.toml", "[[processes]]\ntext = 'See what runs.'\ncommand = 'docker top <<container.id>>'\n"),
//!     ("controls.toml", "[cluster]\nrbac_pod_exec = 'Nobody may run commands in pods.'\n"),
//!     ("syscall/shells.toml", r#"
//!         [[rule]]
//!         name = "Terminal shell in container"
//!         action = "started a shell with a terminal"
//!         behaviour = "The container runtime started a shell that has a terminal."
//!         attackers = ["To work in the container by hand."]
//!         ordinary = ["An administrator looks for a fault."]
//!         attack = [{ technique = "T1059", tactic = "execution" }]
//!         tells = [{ fields = ["proc.tty"], text = "A terminal is a person." }]
//!         steps = ["processes"]
//!         controls = ["rbac_pod_exec"]
//!     "#),
//! ]);
//! let folder = Folder::read(&files).unwrap();
//! assert_eq!(check(&folder, &facts), []);
//! assert!(pack(&folder, &facts).entries.starts_with("Terminal shell in container\n"));
//! ```

#![forbid(unsafe_code)]

mod check;
mod facts;
mod files;
mod folder;
mod measures;
mod model;
mod pack;
mod pack_measures;
mod template;

use std::fmt;

pub use check::check;
pub use facts::{Facts, Origin, Shipped, Technique};
pub use files::Files;
pub use folder::{Family, Folder};
pub use measures::{Measure, Measures, Policy, Setting};
pub use model::{
    Class, Contradiction, Control, Detail, Mapping, Place, Rule, Source, Step, StepOrName, Tell, Unknown,
};
pub use pack::{Packed, compress, pack};

/// What is wrong with a knowledge base, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, below the knowledge base's folder, with `/`.
    pub file: String,
    /// The rule, or the shared step, control or source; empty where the file as a whole is meant.
    pub item: String,
    /// The key; empty where the item as a whole is meant.
    pub key: String,
    /// What is wrong, in lower case.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if !self.item.is_empty() {
            write!(f, ", `{}`", self.item)?;
        }
        if !self.key.is_empty() {
            write!(f, ", key `{}`", self.key)?;
        }
        write!(f, ": {}", self.message)
    }
}
