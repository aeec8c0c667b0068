//! Times searches and trials over many alerts: `cargo run --release -p analysis --example lab_speed -- FILE N [RULES…]`.
//!
//! The file is read again and again until there are N alerts.

use std::process::ExitCode;

use analysis::{
    Options, Session,
    lab::{Base, Trial},
    search::Search,
};

const QUERIES: [&str; 4] = [
    "",
    "curl",
    "proc.name in (curl, wget) and not k8s.ns.name = kube-system",
    "proc.cmdline contains secret and proc.pname != sh or fd.name glob /run/*",
];

const TEXTS: [&str; 2] = [
    "proc.exepath startswith /usr and user.name != root",
    "- macro: known_ptrace_procs\n  condition: or (proc.name = agent)\n  override: {condition: append}\n",
];

#[expect(clippy::disallowed_methods, reason = "this program measures time")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(count)) =
        (arguments.next(), arguments.next().and_then(|count| count.parse::<u64>().ok()))
    else {
        eprintln!("name a file of alerts and how many to try");
        return ExitCode::FAILURE;
    };
    let Ok(bytes) = std::fs::read(&file) else {
        eprintln!("cannot read {file}");
        return ExitCode::FAILURE;
    };
    let mut session = Session::new(Options { keep_alerts: true, ..Options::default() });
    for rules in arguments {
        session.rules(&rules, &std::fs::read(&rules).unwrap_or_default());
    }
    let began = now();
    while session.progress().alerts < count {
        let before = session.progress().alerts;
        session.open("input");
        session.feed(&bytes);
        session.close();
        if session.progress().alerts == before {
            break;
        }
    }
    let outcome = session.finish();
    println!(
        "{} alerts kept, {} beyond, read in {:?}",
        outcome.shelf.len(),
        outcome.shelf.beyond(),
        began.elapsed()
    );
    for query in QUERIES {
        let began = now();
        let mut search = Search::new(query, &outcome.shelf);
        let start = began.elapsed();
        while search.advance(&outcome.shelf, usize::MAX) {}
        let total = search.window(&outcome.shelf, 0, 50, &[], true).total;
        println!(
            "search {:>8.1?}, of it {start:>8.1?} before the first alert: {total} of {query:?}",
            began.elapsed()
        );
    }
    let began = now();
    let base = Base::new(&outcome.rule_files);
    println!("rule files loaded in {:.1?}", began.elapsed());
    for text in TEXTS {
        let began = now();
        let mut trial = Trial::new(text, &outcome.shelf, &base);
        let start = began.elapsed();
        while trial.advance(&outcome.shelf, usize::MAX) {}
        let took = began.elapsed();
        let hits = trial.findings().effect.map(|effect| effect.hits.count);
        println!("trial  {took:>8.1?}, of it {start:>8.1?} before the first alert: {hits:?} of {text:?}");
    }
    ExitCode::SUCCESS
}
