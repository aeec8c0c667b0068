//! The folder of mitigation files: the files, how to use them, and what they were proved to do.

use std::fmt::Write;

use super::{Report, archive, json};
use crate::mitigation::Heading;

/// All files of the export, by their paths, in the order in which an archive holds them.
pub fn files(report: &Report) -> Vec<(String, String)> {
    let plan = report.plan.files().into_iter().map(|file| (file.name.clone(), file.content.clone()));
    let mut files = vec![("README.md".to_owned(), readme(report))];
    files.extend(plan);
    files.push(("proof.json".to_owned(), json::proofs(report)));
    files
}

/// The same as one `.zip`.
pub fn zip(report: &Report) -> Vec<u8> {
    let files = files(report);
    archive::write(files.iter().map(|(name, content)| (name.as_str(), content.as_str())))
}

const HOW: &str = "\
# Mitigation files

Made by Falco Report from alerts of Falco. No file was applied anywhere. Read each of them before you apply it; leave out what you do not want.

## Order

1. `falco/`: rule files for Falco 0.37 and later, to be loaded after Falco's own rules (`rules.d`, or last in `rules_files`). \
`falco-before-0.37/` has the same for older releases and `helm/falco-values.yaml` for Falco's Helm chart: use one of the three, never two.
2. `falco/own-rules/`: the same for rules that Falco does not ship, to be loaded after the files that define them.
3. Everything else stands on its own. What limits a workload goes to a test cluster first.

Check a rule file before you load it:

    falco -V falco_rules.yaml -V FILE

## Proof

`proof.json` says of each tuning which of the loaded alerts it hides, which it also hides though nobody selected them, and how many it keeps. \
To check the same files against alerts of another time:

    falco-report simulate --overlay FILE ALERTS.jsonl

File names and exception names follow from the content, so the next export replaces this one. Never load two exports together.
";

fn readme(report: &Report) -> String {
    let mut out = HOW.to_owned();
    for heading in Heading::ALL {
        let of_heading = report.plan.mitigations.iter().filter(|one| one.heading == heading);
        let mut listed = of_heading.filter_map(|one| Some((one, one.file.as_ref()?))).peekable();
        if listed.peek().is_none() {
            continue;
        }
        let _ = writeln!(out, "\n## {}", heading.title());
        for (mitigation, file) in listed {
            let _ = write!(out, "\n### `{}`\n\n{}.\n\n", file.name, mitigation.title);
            match &mitigation.proof {
                Some(proof) => {
                    let _ = writeln!(
                        out,
                        "- Proof: hides {}, also hides {}, keeps {}, undecided {}.",
                        proof.hides_total, proof.also_hides_total, proof.keeps_total, proof.undecided_total
                    );
                }
                None if mitigation.kind.starts_with("falco_macro")
                    || mitigation.kind == "falco_exception" =>
                {
                    out.push_str("- Edited by hand: there is no proof, check it with `simulate`.\n");
                }
                None => {}
            }
            let _ = writeln!(out, "- Apply: {}", mitigation.apply);
            let _ = writeln!(out, "- May break: {}", mitigation.may_break);
            let _ = writeln!(out, "- Roll back: {}", mitigation.roll_back);
        }
    }
    out
}
