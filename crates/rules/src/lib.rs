//! Falco rule files: what loads, what it means, and what an overlay of them would hide.
//!
//! A rule file is a list of lists, macros and rules, each of which may be defined, redefined, extended
//! or switched by the files that are loaded after it. [`load`] reads them as Falco 0.44.1 does and says
//! what Falco says: the same codes, in the same words, and nothing more once Falco has stopped. What we
//! find beyond that are notes.
//!
//! ```
//! use rules::{Engine, RuleFile, load};
//!
//! let file = RuleFile {
//!     name: "local.yaml",
//!     bytes: b"
//! - list: debuggers
//!   items: [gdb, strace]
//! - rule: Debugger in a container
//!   desc: A debugger starts in a container
//!   condition: evt.type = execve and container.id != host and proc.name in (debugers)
//!   output: debugger %proc.name
//!   priority: WARNING
//! ",
//! };
//! let loaded = load(&[file], &Engine::falco_0_44());
//! assert!(loaded.loads());
//! let report = &loaded.files[0];
//! assert_eq!(report.warnings[0].code.name(), "LOAD_UNUSED_LIST");
//! assert_eq!(report.notes[0].code.name(), "LIST_NAME_AS_TEXT");
//! assert_eq!(report.notes[0].hint.as_deref(), Some("did you mean `debuggers`?"));
//! ```
//!
//! [`Ruleset`] holds the rules with lists, macros and exceptions in place. [`Simulation`] tries an overlay
//! on events:
//!
//! ```
//! use condition::{Lookup, Value};
//! use rules::{Effect, Engine, RuleFile, Simulation};
//!
//! let overlay = RuleFile {
//!     name: "overlay.yaml",
//!     bytes: b"
//! - rule: Terminal shell in container
//!   exceptions:
//!     - name: support_shell
//!       fields: [proc.name, k8s.ns.name]
//!       comps: [=, =]
//!       values: [[bash, support]]
//!   override: {exceptions: append}
//! ",
//! };
//! let simulation = Simulation::new(&[], &[overlay], &Engine::falco_0_44());
//! let alert = |namespace| -> Vec<Lookup> {
//!     let value = |name: &String| match name.as_str() {
//!         "proc.name" => Lookup::Value(Value::Text("bash")),
//!         "k8s.ns.name" => Lookup::Value(Value::Text(namespace)),
//!         _ => Lookup::Absent,
//!     };
//!     simulation.fields().iter().map(value).collect()
//! };
//! let rule = Some("Terminal shell in container");
//! assert_eq!(simulation.judge(rule, &alert("support")), Effect::Hidden);
//! assert_eq!(simulation.judge(rule, &alert("prod")), Effect::Kept);
//! ```
//!
//! The way of a file: `yaml` reads it, `read` takes its items one after the other, `collect` applies
//! each to what there is already, and `compile` makes conditions of the result. The crate knows nothing of
//! alerts, reports or browsers.

#![forbid(unsafe_code)]

pub mod code;
mod collect;
mod compile;
mod engine;
mod exception;
mod filter;
mod findings;
mod hooks;
mod item;
mod limits;
mod load;
mod priority;
mod read;
mod ruleset;
mod shipped;
mod simulate;
mod snippet;
mod text;
mod version;
mod yaml;

pub use code::Code;
pub use engine::Engine;
pub use hooks::{Content as HookContent, Hook, Place as HookPlace, hooks};
pub use item::Item;
pub use load::{Base, FileReport, Loaded, RuleFile, load};
pub use priority::Priority;
pub use ruleset::{LoadedException, LoadedList, LoadedMacro, LoadedRule, Ruleset};
pub use shipped::rule_source as shipped_source;
pub use simulate::{Effect, Simulation, Standing, conjuncts};
pub use snippet::{Level, line_column, render};
pub use version::Version;
