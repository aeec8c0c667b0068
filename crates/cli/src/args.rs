//! The command line as it is typed.

use std::path::PathBuf;

use analysis::alert::Timestamp;
use analysis::insight::Class;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Falco alerts as a report a person can trust, and YAML that Falco loads.
#[derive(Debug, Parser)]
#[command(name = "falco-report", version, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Write the report.
    Report(ReportArgs),
    /// Write the mitigation files and their proof into a folder.
    Mitigate(MitigateArgs),
    /// Check rule files as Falco 0.44 does, and further.
    Check(CheckArgs),
    /// Say for which events conditions of Falco rules hold.
    Eval(EvalArgs),
    /// Say what an overlay of rules hides and what it keeps.
    Simulate(SimulateArgs),
    /// Print the alerts as the fragment of a share link.
    Link(LinkArgs),
    /// Write the alerts as JSON lines with pseudonyms for secrets, people, hosts and internal addresses.
    Redact(RedactArgs),
    /// Write the report of a share link.
    Open(OpenArgs),
    /// Compare two sets of alerts: what is new, gone, louder or quieter.
    Diff(DiffArgs),
    /// Print the JSON Schema of the report as JSON.
    Schema,
    /// Print the completions of a shell.
    Completions(CompletionsArgs),
    /// Print the manual page.
    Man,
}

/// Where alerts come from.
#[derive(Debug, ClapArgs)]
pub struct Inputs {
    /// Files or directories with alerts; without any, or for `-`, standard input.
    #[arg(value_name = "INPUT")]
    pub paths: Vec<PathBuf>,
}

/// Rule files beside the alerts.
#[derive(Debug, Default, ClapArgs)]
pub struct Rules {
    /// A rule file that is in use, in the order in which Falco loads them; one among the INPUT is known
    /// by its content.
    #[arg(long = "rules", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Knowledge of your own in use: entries that take the place of ours, and known images.
    #[arg(long = "knowledge", value_name = "FILE")]
    pub knowledge: Vec<PathBuf>,
    /// A review: which findings are expected, to be investigated or done, with notes. The app saves it.
    #[arg(long = "review", value_name = "FILE")]
    pub reviews: Vec<PathBuf>,
}

/// How a report is written.
#[derive(Debug, ClapArgs)]
pub struct Form {
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Format::Md)]
    pub format: Format,
    /// Write to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print this time (RFC 3339) as that of the report.
    #[arg(long, value_name = "TIME", value_parser = timestamp)]
    pub now: Option<Timestamp>,
}

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Markdown.
    Md,
    /// One HTML file.
    Html,
    /// JSON, for programs.
    Json,
    /// A layer for the ATT&CK Navigator.
    Navigator,
}

/// Where a password comes from: never from the arguments, which other users of the machine can see.
#[derive(Debug, Default, ClapArgs)]
pub struct Password {
    /// The link opens with the password in this file only, without its last line end; `-` for standard
    /// input.
    #[arg(long = "password-file", value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// What redaction does otherwise.
#[derive(Debug, Default, ClapArgs)]
pub struct Wishes {
    /// Also replace this text.
    #[arg(long = "redact-also", value_name = "TEXT")]
    pub also: Vec<String>,
    /// Leave this value as it is.
    #[arg(long = "keep", value_name = "VALUE")]
    pub keep: Vec<String>,
}

/// `redact`.
#[derive(Debug, ClapArgs)]
pub struct RedactArgs {
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub wishes: Wishes,
    /// Print what is replaced by what instead of the alerts: this names the secrets.
    #[arg(long)]
    pub list: bool,
}

/// `report`.
#[derive(Debug, ClapArgs)]
pub struct ReportArgs {
    #[command(flatten)]
    pub inputs: Inputs,
    /// Replace secrets, people, hosts and internal addresses by pseudonyms first.
    #[arg(long)]
    pub redact: bool,
    #[command(flatten)]
    pub wishes: Wishes,
    #[command(flatten)]
    pub rules: Rules,
    #[command(flatten)]
    pub form: Form,
    /// Put the alerts into the HTML file, for programs only: loaded again, it gives this report. With --redact,
    /// they have pseudonyms there, too.
    #[arg(long)]
    pub embed_alerts: bool,
    /// Exit with 1 if a finding is of this class or a more urgent one: `likely_malicious`, `blind_spot`,
    /// `needs_review`, `test_activity`, `likely_benign`. The report is written all the same.
    #[arg(long, value_name = "CLASS", value_parser = class)]
    pub fail_on: Option<Class>,
}

/// `completions`.
#[derive(Debug, ClapArgs)]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `mitigate`.
#[derive(Debug, ClapArgs)]
pub struct MitigateArgs {
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub rules: Rules,
    /// The folder to write into; made if missing.
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// Tune Falco by the finding with this id, instead of by all that look like ordinary work; ids are in
    /// the JSON report.
    #[arg(long, value_name = "ID")]
    pub select: Vec<String>,
    /// Print this time (RFC 3339) in the files as that of their making.
    #[arg(long, value_name = "TIME", value_parser = timestamp)]
    pub now: Option<Timestamp>,
    /// Replace files that somebody changed, and hide selected findings even where they, or others that
    /// would be hidden with them, are judged likely malicious; the files then say so.
    #[arg(long)]
    pub force: bool,
}

/// `check`.
#[derive(Debug, ClapArgs)]
pub struct CheckArgs {
    /// Rule files, in the order in which Falco loads them.
    #[arg(value_name = "RULES", required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub engine: EngineArgs,
    /// Count what Falco ships as loaded, for files that extend it.
    #[arg(long)]
    pub assume_shipped: bool,
    /// Write JSON, for programs.
    #[arg(long)]
    pub json: bool,
}

/// Which Falco the rules are for.
#[derive(Debug, ClapArgs)]
pub struct EngineArgs {
    /// A plugin that is loaded besides `container`, such as `k8saudit` or `json`.
    #[arg(long = "plugin", value_name = "NAME")]
    pub plugins: Vec<String>,
}

/// `simulate`.
#[derive(Debug, ClapArgs)]
pub struct SimulateArgs {
    /// Rule files that the overlay extends, in the order in which Falco loads them.
    #[arg(long, value_name = "FILE")]
    pub rules: Vec<PathBuf>,
    /// Rule files to try, in the order in which Falco loads them.
    #[arg(long, value_name = "FILE", required = true)]
    pub overlay: Vec<PathBuf>,
    /// Events, as `{"event":N,"fields":{…}}` or an alert a line; `-` for standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    pub events: Option<PathBuf>,
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub engine: EngineArgs,
    /// Write JSON, for programs.
    #[arg(long)]
    pub json: bool,
}

/// `eval`.
#[derive(Debug, ClapArgs)]
pub struct EvalArgs {
    /// Conditions, as `{"id":…,"condition":…}` a line; `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pub conditions: PathBuf,
    /// Events, as `{"event":N,"fields":{…}}` or an alert a line; `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pub events: PathBuf,
    /// Write a JSON object a line, for programs.
    #[arg(long)]
    pub json: bool,
}

/// `link`.
#[derive(Debug, ClapArgs)]
pub struct LinkArgs {
    #[command(flatten)]
    pub inputs: Inputs,
    /// Put the alerts into the link as they are. Otherwise secrets, people, hosts and internal addresses are
    /// replaced by pseudonyms.
    #[arg(long)]
    pub no_redact: bool,
    #[command(flatten)]
    pub wishes: Wishes,
    /// Leave out each alert's `output`; whoever opens the link is told.
    #[arg(long)]
    pub compact: bool,
    #[command(flatten)]
    pub password: Password,
    /// Put this address before the fragment.
    #[arg(long, value_name = "URL")]
    pub base: Option<String>,
}

/// `open`.
#[derive(Debug, ClapArgs)]
pub struct OpenArgs {
    /// The link, or its part from `#`; without it, or for `-`, standard input.
    #[arg(value_name = "LINK")]
    pub link: Option<String>,
    #[command(flatten)]
    pub password: Password,
    #[command(flatten)]
    pub form: Form,
}

/// `diff`.
#[derive(Debug, ClapArgs)]
pub struct DiffArgs {
    /// A file or directory with the earlier alerts; `-` for standard input.
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// A file or directory with the later alerts; `-` for standard input.
    #[arg(value_name = "AFTER")]
    pub after: PathBuf,
    /// The form of the comparison.
    #[arg(long, value_enum, default_value_t = DiffFormat::Md)]
    pub format: DiffFormat,
    /// Write to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// The forms of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// Markdown.
    Md,
    /// JSON, for programs.
    Json,
}

fn timestamp(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "not an RFC 3339 time, such as 2026-01-31T08:00:00Z".to_owned())
}

fn class(name: &str) -> Result<Class, String> {
    let known = Class::ALL.into_iter().find(|class| class.name() == name);
    known.ok_or_else(|| format!("not one of {}", Class::ALL.map(Class::name).join(", ")))
}
