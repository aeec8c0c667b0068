//! From signals to a verdict, by a rule that fits on a page.
//!
//! T, M and B are the sums of the weights for a test, for malice and for a benign reading, D the sum of
//! doubts. What was only counted over the loaded set adds to confidences and is left out where a class is
//! chosen, since anyone can make alerts.
//!
//! 1. Falco says that it lost events: a *blind spot*. Absence proves nothing then.
//! 2. A test tool's own image, or marks of one in two fields or more while M is below 50: *test activity*.
//!    Confidence T, at most 95, and at most 30 where the process itself wrote every mark; less M / 2.
//! 3. M of 50 or more: *likely malicious*, confidence M, at most 90.
//! 4. A benign signal of 50 or more that the deployer or the service set, and M below 20: *likely benign*,
//!    confidence B, at most 90.
//! 5. Everything else *needs review*: 80, less the distance between M and B.
//!
//! Each confidence is less D. So what a process writes about itself is believed only where it speaks
//! against the process, or of a test with nothing else to say.

use super::signals::{Direction, Signal, Written};

/// What we take a finding for, most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Signs of an attack.
    LikelyMalicious,
    /// Falco lost events, so absence of alerts proves nothing.
    BlindSpot,
    /// The fields do not decide.
    NeedsReview,
    /// Bears the marks of a test tool.
    TestActivity,
    /// Signs of ordinary work.
    LikelyBenign,
}

impl Class {
    /// Most urgent first.
    pub const ALL: [Self; 5] =
        [Self::LikelyMalicious, Self::BlindSpot, Self::NeedsReview, Self::TestActivity, Self::LikelyBenign];

    /// The class as the JSON report spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::LikelyMalicious => "likely_malicious",
            Self::BlindSpot => "blind_spot",
            Self::NeedsReview => "needs_review",
            Self::TestActivity => "test_activity",
            Self::LikelyBenign => "likely_benign",
        }
    }

    /// Whether a signal of this direction speaks for the class.
    pub fn is_supported_by(self, direction: Direction) -> bool {
        match self {
            Self::TestActivity => direction == Direction::Test,
            Self::LikelyBenign => direction == Direction::Benign,
            Self::BlindSpot => direction == Direction::Blindness,
            Self::LikelyMalicious | Self::NeedsReview => direction == Direction::Malice,
        }
    }

    /// The class as the end of "This …".
    pub fn phrase(self) -> &'static str {
        match self {
            Self::LikelyMalicious => "is likely malicious",
            Self::BlindSpot => "is a blind spot",
            Self::NeedsReview => "needs review",
            Self::TestActivity => "looks like test activity",
            Self::LikelyBenign => "is likely benign",
        }
    }
}

/// A class with its confidence and what speaks for and against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What we take it for.
    pub class: Class,
    /// How sure we are that it is this class, 0 to 100.
    pub confidence: u8,
    /// The signals that fired, strongest first.
    pub signals: Vec<Signal>,
}

impl Verdict {
    /// The sum of the weights for malice: among findings of one class, the larger is the more urgent.
    pub fn malice(&self) -> i32 {
        let signals = self.signals.iter().filter(|signal| signal.direction == Direction::Malice);
        signals.map(|signal| signal.weight).sum()
    }

    /// Whether every mark of a test was written by this one.
    pub fn test_rests_on(&self, written: Written) -> bool {
        let mut marks = self.signals.iter().filter(|signal| signal.direction == Direction::Test);
        marks.all(|signal| signal.written == written)
    }
}

/// The weight from which evidence decides alone.
const ENOUGH: i32 = 50;

/// The weight of malice from which nothing is benign.
const TOO_MUCH: i32 = 20;

/// The highest confidence of a test whose every mark the process wrote.
const FORGEABLE: i32 = 30;

/// Judges by signals alone, in any order.
pub fn judge(signals: Vec<Signal>) -> Verdict {
    let signals = strongest_first(signals);
    let weights = |direction: Direction, counts: fn(&Signal) -> bool| -> i32 {
        let counted = signals.iter().filter(|signal| signal.direction == direction && counts(signal));
        counted.map(|signal| signal.weight).sum()
    };
    let sum = |direction| weights(direction, |_| true);
    let (test, malice, benign, doubt) =
        (sum(Direction::Test), sum(Direction::Malice), sum(Direction::Benign), sum(Direction::Doubt));
    let proved = |direction| weights(direction, |signal| signal.written != Written::ByCounting);
    let set_by_another = |direction, least| {
        let by_another =
            |signal: &&Signal| matches!(signal.written, Written::ByDeployer | Written::ByService);
        let signals = signals.iter().filter(|signal| signal.direction == direction && signal.weight >= least);
        signals.filter(by_another).count() > 0
    };

    let (class, confidence) = if sum(Direction::Blindness) > 0 {
        (Class::BlindSpot, 100 + doubt)
    } else if set_by_another(Direction::Test, ENOUGH)
        || (fields_with_marks(&signals) > 1 && proved(Direction::Malice) < ENOUGH)
    {
        let most = if set_by_another(Direction::Test, 0) { 95 } else { FORGEABLE };
        (Class::TestActivity, test.min(most) - malice / 2)
    } else if proved(Direction::Malice) >= ENOUGH {
        (Class::LikelyMalicious, malice.min(90))
    } else if set_by_another(Direction::Benign, ENOUGH) && proved(Direction::Malice) < TOO_MUCH {
        (Class::LikelyBenign, benign.min(90))
    } else {
        (Class::NeedsReview, 80 - (malice - benign).abs())
    };
    let confidence = u8::try_from((confidence - doubt).clamp(0, 100)).unwrap_or_default();
    Verdict { class, confidence, signals }
}

/// In order of weight, then of name; a handful, so each is put in its place.
fn strongest_first(signals: Vec<Signal>) -> Vec<Signal> {
    let mut ordered: Vec<Signal> = Vec::with_capacity(signals.len());
    for signal in signals {
        let before = |other: &Signal| (-other.weight, other.name) <= (-signal.weight, signal.name);
        ordered.insert(ordered.partition_point(before), signal);
    }
    ordered
}

/// In how many different fields a mark of a test tool stands.
fn fields_with_marks(signals: &[Signal]) -> usize {
    let mut fields = Vec::new();
    let marks = signals.iter().filter(|signal| signal.direction == Direction::Test);
    for field in marks.flat_map(Signal::fields) {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::signals::Cited;

    fn signal(direction: Direction, weight: i32, written: Written, field: &str) -> Signal {
        let cited = vec![Cited { field: field.to_owned(), value: "v".to_owned() }];
        Signal { name: "n", direction, weight, written, cited, sentence: "{} is something" }
    }

    #[track_caller]
    fn check(signals: &[(Direction, i32, Written, &str)], class: Class, confidence: u8) {
        let signals: Vec<Signal> = signals
            .iter()
            .map(|(direction, weight, written, field)| signal(*direction, *weight, *written, field))
            .collect();
        let verdict = judge(signals.clone());
        assert_eq!((verdict.class, verdict.confidence), (class, confidence), "{signals:?}");
        let backwards = judge(signals.into_iter().rev().collect());
        assert_eq!((backwards.class, backwards.confidence), (class, confidence));
    }

    use Direction::{Benign, Blindness, Context, Doubt, Malice, Test};
    use Written::{ByCounting, ByDeployer, ByKernel, ByProcess, ByService};

    #[test]
    fn nothing_known() {
        check(&[], Class::NeedsReview, 80);
        check(&[(Context, 0, ByKernel, "a"), (Doubt, 20, ByService, "b")], Class::NeedsReview, 60);
    }

    #[test]
    fn marks_of_a_test_in_two_fields() {
        check(&[(Test, 20, ByProcess, "a")], Class::NeedsReview, 80);
        check(&[(Test, 20, ByProcess, "a"), (Test, 10, ByProcess, "a")], Class::NeedsReview, 80);
        check(&[(Test, 20, ByProcess, "a"), (Test, 15, ByProcess, "b")], Class::TestActivity, 30);
        check(&[(Test, 20, ByProcess, "a"), (Test, 25, ByDeployer, "b")], Class::TestActivity, 45);
        check(&[(Test, 25, ByDeployer, "a")], Class::NeedsReview, 80);
        check(&[(Test, 50, ByDeployer, "a")], Class::TestActivity, 50);
    }

    #[test]
    fn evidence_of_an_attack_outweighs_what_the_process_says() {
        let forged = [(Test, 20, ByProcess, "a"), (Test, 15, ByProcess, "b"), (Malice, 60, ByKernel, "c")];
        check(&forged, Class::LikelyMalicious, 60);
        check(&[(Test, 50, ByDeployer, "a"), (Malice, 60, ByKernel, "c")], Class::TestActivity, 20);
        check(&[(Benign, 60, ByDeployer, "a"), (Malice, 50, ByProcess, "c")], Class::LikelyMalicious, 50);
    }

    #[test]
    fn malice_adds_up() {
        check(&[(Malice, 25, ByKernel, "a"), (Malice, 24, ByKernel, "b")], Class::NeedsReview, 31);
        check(&[(Malice, 25, ByKernel, "a"), (Malice, 25, ByKernel, "b")], Class::LikelyMalicious, 50);
        check(&[(Malice, 60, ByKernel, "a"), (Malice, 60, ByKernel, "b")], Class::LikelyMalicious, 90);
    }

    #[test]
    fn only_another_can_vouch() {
        check(&[(Benign, 90, ByProcess, "a")], Class::NeedsReview, 0);
        check(&[(Benign, 60, ByDeployer, "a")], Class::LikelyBenign, 60);
        check(&[(Benign, 60, ByService, "a"), (Malice, 15, ByKernel, "b")], Class::LikelyBenign, 60);
        check(&[(Benign, 60, ByDeployer, "a"), (Malice, 20, ByKernel, "b")], Class::NeedsReview, 40);
        check(&[(Benign, 60, ByDeployer, "a"), (Doubt, 10, ByService, "b")], Class::LikelyBenign, 50);
    }

    #[test]
    fn counting_moves_a_confidence_and_no_class() {
        check(&[(Malice, 45, ByKernel, "a"), (Malice, 10, ByCounting, "b")], Class::NeedsReview, 25);
        check(&[(Malice, 50, ByKernel, "a"), (Malice, 10, ByCounting, "b")], Class::LikelyMalicious, 60);
        check(&[(Benign, 60, ByDeployer, "a"), (Benign, 10, ByCounting, "b")], Class::LikelyBenign, 70);
        check(
            &[(Benign, 60, ByDeployer, "a"), (Malice, 15, ByKernel, "b"), (Malice, 10, ByCounting, "c")],
            Class::LikelyBenign,
            60,
        );
    }

    #[test]
    fn dropped_events() {
        check(
            &[(Blindness, 100, ByService, "a"), (Malice, 90, ByKernel, "b"), (Doubt, 10, ByService, "c")],
            Class::BlindSpot,
            100,
        );
    }
}
