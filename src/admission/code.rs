//! The stable codes of what can be wrong with a declaration. Each has a help page in `web`.

use serde::{Serialize, Serializer};

/// `WK-1xxx`. Numbers are part of the API: never reuse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// No YAML or JSON, or no object with kind, name and spec.
    Malformed,
    /// No such kind.
    UnknownKind,
    /// A field the kind does not know.
    UnknownField,
    /// Not a name.
    BadName,
    /// Wrong type, missing, or a value that is not allowed there.
    BadValue,
    /// Names an object that does not exist.
    MissingReference,
    /// Cannot go while others refer to it.
    StillReferenced,
    /// Belongs to another project, or to one at all.
    OthersObject,
    /// `PromQL` that does not parse.
    PromQl,
    /// Not a matcher.
    Matcher,
    /// Not a duration.
    Duration,
    /// A label name or value that is not allowed.
    Label,
    /// Unbalanced template.
    Template,
    /// Not `host:port`.
    TargetAddress,
    /// Not a regular expression.
    Regex,
    /// Not a URL.
    Url,
    /// Prometheus' or Alertmanager's own checker says no.
    Refused,
    /// A test of rules does not pass.
    RuleTest,
    /// No target exposes this metric and no rule records it: a warning.
    UnknownMetric,
    /// The type of the metric does not fit what is done with it: a warning.
    MetricUse,
    /// An inhibition lets an alert of one project hold back those of another: a warning.
    AcrossProjects,
}

impl Code {
    /// As people and programs see it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "WK-1001",
            Self::UnknownKind => "WK-1002",
            Self::UnknownField => "WK-1003",
            Self::BadName => "WK-1004",
            Self::BadValue => "WK-1005",
            Self::MissingReference => "WK-1010",
            Self::StillReferenced => "WK-1011",
            Self::OthersObject => "WK-1012",
            Self::PromQl => "WK-1020",
            Self::Matcher => "WK-1021",
            Self::Duration => "WK-1022",
            Self::Label => "WK-1023",
            Self::Template => "WK-1024",
            Self::TargetAddress => "WK-1025",
            Self::Regex => "WK-1026",
            Self::Url => "WK-1027",
            Self::Refused => "WK-1030",
            Self::RuleTest => "WK-1031",
            Self::UnknownMetric => "WK-1040",
            Self::MetricUse => "WK-1041",
            Self::AcrossProjects => "WK-1042",
        }
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
