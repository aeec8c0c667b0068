//! From signals to a verdict, by a rule that fits on a page.
//!
//! 1. An internal alert about dropped events is a *blind spot*: absence proves nothing then.
//! 2. An alert that a process could have written as a whole (see [`Alert::is_forgeable`]) supports no
//!    benign reading: rule 3 and the second half of rule 4 do not apply to it.
//! 3. A marker of a test tool makes it *test activity*. The confidence is the sum of the markers'
//!    weights, at most 95, and at most 30 where every marker was written by the process itself.
//! 4. Otherwise the weights for malice are summed (M), and those for a benign reading (B). M of 50 or
//!    more: *likely malicious*, confidence M, at most 90. B of 50 or more and M below 20, with at least
//!    one signal that the deployer set: *likely benign*, confidence B - M, at most 90.
//! 5. Everything else *needs review*; the confidence is 80 less the distance between M and B, and less
//!    20 where the alert lacks the identity of its process.

use super::signals::{self, Direction, Signal, Written};
use crate::alert::Alert;

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
            Self::LikelyMalicious | Self::BlindSpot | Self::NeedsReview => direction == Direction::Malice,
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
    /// Whether every test marker was written by the process itself.
    pub fn rests_on_the_process_alone(&self) -> bool {
        let mut markers = self.signals.iter().filter(|signal| signal.direction == Direction::Test);
        markers.all(|signal| signal.written == Written::ByProcess)
    }
}

/// Judges one alert by its own fields.
pub fn judge(alert: &Alert) -> Verdict {
    let mut signals = signals::collect(alert);
    signals.sort_by_key(|signal| std::cmp::Reverse(signal.weight));
    let sum = |direction| -> i32 {
        signals.iter().filter(|signal| signal.direction == direction).map(|signal| signal.weight).sum()
    };
    let deployed = |direction| {
        signals.iter().any(|signal| signal.direction == direction && signal.written == Written::ByDeployer)
    };
    let (test, malice, benign) = (sum(Direction::Test), sum(Direction::Malice), sum(Direction::Benign));
    let (class, confidence) = if signals::is_event_drop(alert) {
        (Class::BlindSpot, 100)
    } else if test > 0 && !alert.is_forgeable() {
        (Class::TestActivity, test.min(if deployed(Direction::Test) { 95 } else { 30 }))
    } else if malice >= 50 {
        (Class::LikelyMalicious, malice.min(90))
    } else if benign >= 50 && malice < 20 && deployed(Direction::Benign) && !alert.is_forgeable() {
        (Class::LikelyBenign, (benign - malice).min(90))
    } else {
        let anonymous = if signals::has_identity(alert) { 0 } else { 20 };
        (Class::NeedsReview, 80 - (malice - benign).abs() - anonymous)
    };
    Verdict { class, confidence: u8::try_from(confidence.clamp(0, 100)).unwrap_or_default(), signals }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Object;

    #[track_caller]
    fn check(fields: &str, class: Class, confidence: u8) {
        let json = format!(r#"{{"rule":"R","source":"syscall","output_fields":{fields}}}"#);
        let alert = Alert::from_object(Object::parse(json.as_bytes()).unwrap()).unwrap();
        let verdict = judge(&alert);
        assert_eq!((verdict.class, verdict.confidence), (class, confidence), "{:?}", verdict.signals);
    }

    #[test]
    fn a_process_that_calls_itself_a_test_tool_is_believed_little() {
        check(
            r#"{"proc.name":"event-generator","proc.cmdline":"event-generator run syscall","proc.exepath":"/x"}"#,
            Class::TestActivity,
            30,
        );
    }

    #[test]
    fn an_image_that_the_deployer_chose_is_believed_more() {
        check(
            r#"{"proc.name":"event-generator","proc.exepath":"/x",
                "container.image.repository":"docker.io/falcosecurity/event-generator"}"#,
            Class::TestActivity,
            70,
        );
    }

    #[test]
    fn an_alert_that_a_process_could_have_written_supports_no_benign_reading() {
        let json = r#"{"rule":"R","output_fields":{"proc.exepath":"/x","container.image.repository":"falcosecurity/event-generator"},"falco_report":{"marks":["recovered"]}}"#;
        let alert = Alert::from_object(Object::parse(json.as_bytes()).unwrap()).unwrap();
        assert_eq!(judge(&alert).class, Class::NeedsReview);
    }

    #[test]
    fn an_image_whose_name_only_resembles_the_test_tool() {
        check(
            r#"{"container.image.repository":"evil/notfalcosecurity/event-generator2","proc.exepath":"/x"}"#,
            Class::NeedsReview,
            80,
        );
    }

    #[test]
    fn a_program_in_memory() {
        check(r#"{"proc.name":"x","proc.exepath":"memfd:payload (deleted)"}"#, Class::LikelyMalicious, 60);
    }

    #[test]
    fn nothing_known() {
        check(r#"{"proc.name":"gdb","proc.exepath":"/usr/bin/gdb"}"#, Class::NeedsReview, 80);
        check(r#"{"proc.name":"<NA>","proc.exepath":null}"#, Class::NeedsReview, 60);
    }

    #[test]
    fn dropped_events() {
        let json = r#"{"rule":"Falco internal: syscall event drop","source":"internal","output":"x"}"#;
        let alert = Alert::from_object(Object::parse(json.as_bytes()).unwrap()).unwrap();
        assert_eq!(judge(&alert).class, Class::BlindSpot);
    }
}
