//! Counts of checks, from the words of the tools that ran them.

use std::fmt;
use std::ops::AddAssign;

/// How many checks passed, failed and were left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Tally {
    pub const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    pub const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };
    pub const SKIPPED: Self = Self { passed: 0, failed: 0, skipped: 1 };

    /// The sum of every result line in the output of test programs. Two forms are known:
    /// `test result: ok. 3 passed; 0 failed; 1 ignored; …` of Rust's test harness (and of the one
    /// that runs in the browser), and `3 passed, 0 failed, 1 skipped` of the end-to-end tests.
    pub fn of_output(output: &str) -> Self {
        let mut sum = Self::default();
        for line in output.lines() {
            let line = without_colours(line);
            let line = line.trim();
            if let Some(rest) = line.strip_prefix("test result: ") {
                sum += Self {
                    passed: count_before(rest, "passed"),
                    failed: count_before(rest, "failed"),
                    skipped: count_before(rest, "ignored"),
                };
            } else if let Some(tally) = Self::parse(line) {
                sum += tally;
            }
        }
        sum
    }

    /// Reads back what [`Tally`] displays; nothing for any other line.
    fn parse(line: &str) -> Option<Self> {
        let tally = Self {
            passed: count_before(line, "passed"),
            failed: count_before(line, "failed"),
            skipped: count_before(line, "skipped"),
        };
        (tally.to_string() == line).then_some(tally)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// The number before the word: 3 of `ok. 3 passed; 0 failed`. Zero when there is none.
fn count_before(line: &str, word: &str) -> u64 {
    let mut last = "";
    for part in line.split([' ', ';', ',', '.']).filter(|part| !part.is_empty()) {
        if part == word {
            return last.parse().unwrap_or(0);
        }
        last = part;
    }
    0
}

/// The line without `ESC [ … m`.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(output: &str, passed: u64, failed: u64, skipped: u64) {
        assert_eq!(Tally::of_output(output), Tally { passed, failed, skipped });
    }

    #[test]
    fn every_result_line_of_a_run_counts() {
        check(
            "running 3 tests\ntest a ... ok\n\
             test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.00s\n\
             test result: \u{1b}[31mFAILED\u{1b}[0m. 5 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n",
            7,
            2,
            1,
        );
    }

    #[test]
    fn the_browsers_and_the_end_to_end_result_count_too() {
        check("test result: ok. 4 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.01s\n", 4, 0, 0);
        check("ok pastes\nFAILED drops\n1 passed, 1 failed, 2 skipped\n", 1, 1, 2);
    }

    #[test]
    fn other_lines_count_nothing() {
        check("test says 9 passed ... ok\n12 passed\nwe had 1 passed, 2 failed, 3 skipped\n", 0, 0, 0);
    }
}
