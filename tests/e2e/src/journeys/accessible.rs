//! Every view, in light and in dark, to the rules of axe-core.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::loading::large_file;
use super::{Missing, Stage, fixture};

/// How a view is reached from the first page.
enum Step {
    /// Files of the fixtures are chosen.
    Choose(&'static [&'static str]),
    /// A file is chosen that takes seconds to read.
    ChooseLarge,
    /// The page comes into one of its states.
    Reach(&'static str),
    Click(&'static str),
    Type(&'static str, &'static str),
    /// A script is run.
    Run(&'static str),
    /// A script's condition comes true.
    Until(&'static str),
}

use Step::{Choose, ChooseLarge, Click, Reach, Run, Type, Until};

/// A view by its name, the way there, and the state that the page is in.
type View = (&'static str, &'static [Step], &'static str);

const MANY: Step = Choose(&["many.jsonl", "../rules/payment_rules.yaml"]);
const FIRST_ALERT: Step = Run("document.querySelector('.rows__number').click()");

/// Every view of the page. A new one is one line here.
const VIEWS: [View; 15] = [
    ("the first page", &[], "welcome"),
    ("loading", &[ChooseLarge, Reach("loading"), Until("document.getElementById('progress')")], "loading"),
    (
        "cancelled",
        &[
            ChooseLarge,
            Reach("loading"),
            Run("document.getElementById('cancel').click()"),
            Reach("cancelled"),
        ],
        "cancelled",
    ),
    ("a problem", &[Choose(&["not_alerts.json"]), Reach("problem")], "problem"),
    (
        "the report of one alert",
        &[Choose(&["ptrace_event_generator_kubernetes.json"]), Reach("report")],
        "report",
    ),
    ("the report of many alerts", &[MANY, Reach("report")], "report"),
    ("a report with skipped records", &[Choose(&["malformed.txt"]), Reach("report")], "report"),
    ("a report of hostile values", &[Choose(&["hostile_values.json"]), Reach("report")], "report"),
    (
        "sharing",
        &[MANY, Reach("report"), Click("share"), Until("document.getElementById('share-link')")],
        "report",
    ),
    (
        "alerts with details",
        &[
            MANY,
            Reach("report"),
            Click("tab-alerts"),
            Until("document.querySelector('.rows__number')"),
            FIRST_ALERT,
            Until("document.getElementById('details')"),
        ],
        "report",
    ),
    (
        "completion in the search",
        &[
            MANY,
            Reach("report"),
            Click("tab-alerts"),
            Type("query", "proc.name = "),
            Until("document.getElementById('query-0')"),
        ],
        "report",
    ),
    (
        "the overview of many alerts",
        &[
            Click("example-2"),
            Reach("report"),
            Until("document.getElementById('matrix')"),
            Run("document.querySelectorAll('.overview details').forEach(part => { part.open = true; })"),
        ],
        "report",
    ),
    (
        "the lab with a mistake",
        &[
            MANY,
            Reach("report"),
            Click("tab-lab"),
            Type("lab-text", "proc.nmae = gdb"),
            Until("document.querySelector('.diagnostic')"),
        ],
        "report",
    ),
    (
        "the lab with a condition",
        &[
            MANY,
            Reach("report"),
            Click("tab-lab"),
            Click("lab-condition"),
            Until("document.querySelector('.affected')"),
        ],
        "report",
    ),
    (
        "the lab with an exception",
        &[
            MANY,
            Reach("report"),
            Click("tab-lab"),
            Click("lab-exception"),
            Until("document.querySelector('.affected')"),
        ],
        "report",
    ),
];

/// What axe-core finds: the rule, its sentence and the first elements.
const FIND: &str = "
    const done = arguments[arguments.length - 1];
    const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: { type: 'tag', values: standards }, resultTypes: ['violations'] }).then(
        found => done({ rules: found.passes.length, violations: found.violations.map(rule =>
            rule.id + ': ' + rule.help + ': ' + rule.nodes.slice(0, 3).map(node => node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')).join(' | ')) }),
        error => done({ rules: 0, violations: [String(error)] }));";

pub async fn axe_finds_nothing_on_any_view(stage: &Stage<'_>) -> Result<()> {
    let axe = std::fs::read_to_string(stage.axe.ok_or(Missing("axe-core"))?)?;
    let folder = tempfile::tempdir()?;
    let large = large_file(folder.path())?;
    planted_fault_is_found(stage, &axe).await?;
    let mut found = Vec::new();
    for scheme in ["light", "dark"] {
        stage.browser.prefer(scheme).await?;
        for (name, steps, state) in &VIEWS {
            stage.browser.goto("about:blank").await?;
            stage.open("").await?;
            for step in *steps {
                take(stage, step, &large).await.with_context(|| format!("on the way to {name}"))?;
            }
            // Colours change gradually.
            sleep(Duration::from_millis(300)).await;
            let (rules, violations) = find(stage, &axe).await?;
            ensure!(rules > 10, "axe-core tried {rules} rules on {name}: {violations:?}");
            let now = stage.browser.state().await?;
            ensure!(now == *state, "{name} was over before axe-core was: {now}");
            found.extend(violations.iter().map(|violation| format!("{name}, {scheme}: {violation}")));
        }
    }
    ensure!(found.is_empty(), "{}", found.join("\n   "));
    println!("   axe-core finds nothing on {} views in light and dark", VIEWS.len());
    Ok(())
}

/// How many rules were met, and what was violated.
async fn find(stage: &Stage<'_>, axe: &str) -> Result<(u64, Vec<String>)> {
    let result = stage.browser.script_later(&format!("{axe};{FIND}")).await?;
    let rules = result.get("rules").and_then(Value::as_u64).unwrap_or_default();
    let violations = result.get("violations").and_then(Value::as_array).context("axe-core has no answer")?;
    Ok((rules, violations.iter().map(ToString::to_string).collect()))
}

/// A test that finds nothing proves something only where it finds a fault that is there.
async fn planted_fault_is_found(stage: &Stage<'_>, axe: &str) -> Result<()> {
    stage
        .browser
        .script("document.querySelector('main').append(document.createElement('img'))", vec![])
        .await?;
    let (_, violations) = find(stage, axe).await?;
    ensure!(violations.iter().any(|violation| violation.contains("image-alt")), "{violations:?}");
    Ok(())
}

async fn take(stage: &Stage<'_>, step: &Step, large: &Path) -> Result<()> {
    let browser = &stage.browser;
    match step {
        Choose(names) => {
            let paths: Vec<_> =
                names.iter().map(|name| fixture(name).canonicalize()).collect::<Result<_, _>>()?;
            browser.choose(&paths.iter().map(std::path::PathBuf::as_path).collect::<Vec<_>>()).await
        }
        ChooseLarge => browser.choose(&[large]).await,
        Reach(name) => browser.reaches(name).await,
        Click(id) => browser.click(id).await,
        Type(id, text) => Ok(browser.element(id).await?.send_keys(text).await?),
        Run(script) => browser.script(script, vec![]).await.map(drop),
        Until(condition) => {
            let began = Instant::now();
            let script = format!("return !!({condition})");
            while browser.script(&script, vec![]).await? != json!(true) {
                ensure!(began.elapsed() < Duration::from_secs(20), "never came true: {condition}");
                sleep(Duration::from_millis(20)).await;
            }
            Ok(())
        }
    }
}
