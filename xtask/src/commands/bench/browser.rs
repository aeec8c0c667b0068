//! The page in Chromium, as the end-to-end driver measures it.

use std::path::Path;

use crate::setup;
use crate::{process, workspace};

use super::native::Data;

/// What the driver measured; milliseconds and kilobytes.
pub struct Tab {
    /// `JSON.parse` for each line, and a `Map`.
    pub parsed: u64,
    /// To the report, with one worker.
    pub alone: u64,
    /// To the report, with a worker for every core.
    pub pool: u64,
    /// The tab's memory before and after the large file.
    pub empty: u64,
    pub peak: u64,
    /// The longest task of the page meanwhile; 0 below 50, which browsers do not report.
    pub longest: u64,
    pub pasted: u64,
}

/// Measures; nothing where there is no browser, or it did not get through.
pub fn measure(data: &Data, large: &Data, alert: &Path) -> Option<Tab> {
    let browser = setup::browser().ok()?;
    let program = workspace::target().join("release").join("falco-report");
    let mut driver = process::command("cargo");
    driver.args(["run", "--quiet", "--release", "--package", "e2e", "--"]);
    let options = [
        ("--dist", workspace::dist()),
        ("--single-file", workspace::single_file()),
        ("--chromedriver", browser.chromedriver),
        ("--chrome", browser.chrome),
        ("--screenshots", workspace::target().join("bench")),
        ("--command-line", program),
        ("--measure", data.path.clone()),
        ("--large", large.path.clone()),
        ("--alert", alert.to_owned()),
    ];
    for (name, path) in options {
        driver.arg(name).arg(path);
    }
    let printed = process::output(&mut driver)?;
    let value = |name: &str| number(&printed, name);
    Some(Tab {
        parsed: value("parsed_ms")?,
        alone: value("alone_ms")?,
        pool: value("pool_ms")?,
        empty: value("empty_kb")?,
        peak: value("peak_kb")?,
        longest: value("longest_ms")?,
        pasted: value("pasted_ms")?,
    })
}

/// The whole part of a number in a flat object of JSON.
fn number(json: &str, name: &str) -> Option<u64> {
    let (_, rest) = json.split_once(&format!("\"{name}\":"))?;
    let digits = rest.trim_start().split(|letter: char| !letter.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_of_a_flat_object() {
        let json = r#"{"alone_ms":1500.0,"empty_kb": 12}"#;
        assert_eq!(number(json, "alone_ms"), Some(1500));
        assert_eq!(number(json, "empty_kb"), Some(12));
        assert_eq!(number(json, "peak_kb"), None);
    }
}
