//! Falco's eight priorities, of rules and of alerts.

/// How grave the rule's author holds an alert to be, most severe first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are Falco's own and say it all")]
pub enum Priority {
    Emergency,
    Alert,
    Critical,
    Error,
    Warning,
    Notice,
    Informational,
    Debug,
}

impl Priority {
    /// Most severe first.
    pub const ALL: [Self; 8] = [
        Self::Emergency,
        Self::Alert,
        Self::Critical,
        Self::Error,
        Self::Warning,
        Self::Notice,
        Self::Informational,
        Self::Debug,
    ];

    /// Reads Falco's spelling in any case; `info` is an alias that rule files and Falcosidekick accept.
    pub fn parse(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("info") {
            return Some(Self::Informational);
        }
        Self::ALL.into_iter().find(|priority| priority.name().eq_ignore_ascii_case(text))
    }

    /// From the number that Falco's gRPC interface used, 0 to 7, most severe first.
    pub fn from_number(number: i64) -> Option<Self> {
        usize::try_from(number).ok().and_then(|number| Self::ALL.get(number)).copied()
    }

    /// Falco's number, 0 to 7, most severe first.
    pub fn number(self) -> usize {
        self as usize
    }

    /// Falco's spelling.
    pub fn name(self) -> &'static str {
        match self {
            Self::Emergency => "Emergency",
            Self::Alert => "Alert",
            Self::Critical => "Critical",
            Self::Error => "Error",
            Self::Warning => "Warning",
            Self::Notice => "Notice",
            Self::Informational => "Informational",
            Self::Debug => "Debug",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Priority;

    #[test]
    fn spellings_are_tolerant_and_order_is_by_severity() {
        assert_eq!(Priority::parse("WARNING"), Some(Priority::Warning));
        assert_eq!(Priority::parse("info"), Some(Priority::Informational));
        assert_eq!(Priority::parse("warn"), None);
        assert!(Priority::Emergency < Priority::Debug);
        assert_eq!(Priority::from_number(4), Some(Priority::Warning));
        assert_eq!(Priority::from_number(8), None);
        for priority in Priority::ALL {
            assert_eq!(Priority::parse(priority.name()), Some(priority));
        }
    }
}
