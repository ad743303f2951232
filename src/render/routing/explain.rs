//! Who would be told of an alert, and what would hold it back: the tree, time intervals,
//! inhibitions and silences asked together about one label set and one instant.

use super::{Branch, Matching, Timing, matchers_in_words};
use crate::model::{
    Kind, Name, Resource, UnixMs,
    cluster::DeclaredState,
    label::Labels,
    matcher::{Matcher, MatcherError, Op, all_hold},
    spec::{Inhibition, Silence, TimeInterval},
    time_interval,
};

/// One branch that takes the alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Told<'a> {
    /// From the root, which is first, to the branch that tells.
    pub path: Vec<&'a Branch>,
    /// As it results from all of the path.
    pub timing: Timing,
    /// Time intervals that mute it at that instant.
    pub muted_by: Vec<String>,
    /// The time intervals within which it tells, when that instant lies in none of them.
    pub outside: Vec<String>,
}

impl Told<'_> {
    /// The branch that tells.
    ///
    /// # Panics
    /// Never: a path has its root.
    #[must_use]
    pub fn branch(&self) -> &Branch {
        self.path.last().expect("a path begins with the root")
    }

    /// Whether it tells at that instant.
    #[must_use]
    pub fn active(&self) -> bool {
        self.branch().receiver.is_some() && self.muted_by.is_empty() && self.outside.is_empty()
    }

    /// `policy Night shift → line Critical → receiver on-call`.
    #[must_use]
    pub fn words(&self) -> String {
        let below_root = self.path.iter().skip(1).map(|branch| branch.words());
        let end = match (&self.branch().receiver, self.path.len()) {
            (None, _) => "nobody".to_owned(),
            (Some(receiver), 1) => format!("default receiver {receiver}"),
            (Some(receiver), _) => format!("receiver {receiver}"),
        };
        let mut words = below_root.chain([end]).collect::<Vec<_>>().join(" → ");
        if !self.muted_by.is_empty() {
            words.push_str(&format!(" (muted: {})", self.muted_by.join(", ")));
        }
        if !self.outside.is_empty() {
            words.push_str(&format!(" (only within {})", self.outside.join(" or ")));
        }
        words
    }
}

/// An inhibition that can hold the alert back, while its source fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldBack {
    /// Its name.
    pub name: Name,
    /// For people; may be empty.
    pub title: String,
    /// When it does.
    pub words: String,
}

/// Everything there is to say about one alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation<'a> {
    /// At least one: the root takes what nothing else takes.
    pub told: Vec<Told<'a>>,
    /// Inhibitions whose target the alert is.
    pub inhibitions: Vec<HeldBack>,
    /// Silences that hold it back at that instant.
    pub silences: Vec<Name>,
}

impl Explanation<'_> {
    /// Whether nobody would be told at that instant.
    #[must_use]
    pub fn nobody(&self) -> bool {
        !self.silences.is_empty() || !self.told.iter().any(Told::active)
    }

    /// All ways in words.
    #[must_use]
    pub fn words(&self) -> String {
        let ways: Vec<String> = self.told.iter().map(Told::words).collect();
        let ways = ways.join("; ");
        let silences: Vec<&str> = self.silences.iter().map(Name::as_str).collect();
        match silences.as_slice() {
            [] => ways,
            names => format!("silenced by {}; else {ways}", names.join(", ")),
        }
    }
}

/// Asks `tree`, which is that of `state`, about an alert with `labels` at `at`.
///
/// # Errors
/// A matcher that is none; never for what admission has let through.
pub fn explain<'a>(
    state: &DeclaredState,
    tree: &'a Branch,
    labels: &Labels,
    at: UnixMs,
) -> Result<Explanation<'a>, MatcherError> {
    let paths = Matching::of(tree)?.paths(labels);
    Ok(Explanation {
        told: paths.into_iter().map(|path| told(state, path, at)).collect(),
        inhibitions: inhibitions(state, labels)?,
        silences: silences(state, labels, at)?,
    })
}

fn told<'a>(state: &DeclaredState, path: Vec<&'a Branch>, at: UnixMs) -> Told<'a> {
    let timing = path.iter().fold(Timing::default(), |above, branch| branch.timing.or(&above));
    let (mut muted_by, mut outside) = (Vec::new(), Vec::new());
    if let Some(branch) = path.last() {
        let holding = |name: &&String| holds(state, name, at);
        muted_by = branch.mute_time_intervals.iter().filter(holding).cloned().collect();
        if !branch.active_time_intervals.iter().any(|name| holds(state, name, at)) {
            outside.clone_from(&branch.active_time_intervals);
        }
    }
    Told { path, timing, muted_by, outside }
}

/// One of the intervals of a `time-interval` must hold.
fn holds(state: &DeclaredState, name: &str, at: UnixMs) -> bool {
    let declared = state.get(Kind::TimeInterval, name);
    let declared = declared.and_then(|resource| resource.spec_as::<TimeInterval>().ok());
    let intervals = declared.and_then(|declared| time_interval::read(&declared).ok());
    intervals.into_iter().flatten().any(|interval| interval.holds(at))
}

fn inhibitions(state: &DeclaredState, labels: &Labels) -> Result<Vec<HeldBack>, MatcherError> {
    let mut found = Vec::new();
    for resource in state.of(Kind::Inhibition) {
        let Ok(inhibition) = resource.spec_as::<Inhibition>() else { continue };
        let test = |text: &String| Ok(Matcher::parse(text)?.test()?);
        let tests: Vec<_> =
            inhibition.target_matchers.iter().map(test).collect::<Result<_, MatcherError>>()?;
        if all_hold(&tests, labels) {
            found.push(held_back(resource, inhibition));
        }
    }
    Ok(found)
}

fn held_back(resource: &Resource, inhibition: Inhibition) -> HeldBack {
    let source = matchers_in_words(&inhibition.source_matchers);
    let mut words = format!("held back while an alert fires of which holds: {source}");
    if !inhibition.equal.is_empty() {
        words.push_str(&format!("; with the same {}", inhibition.equal.join(", ")));
    }
    HeldBack { name: resource.name.clone(), title: inhibition.title, words }
}

fn silences(state: &DeclaredState, labels: &Labels, at: UnixMs) -> Result<Vec<Name>, MatcherError> {
    let mut found = Vec::new();
    for resource in state.of(Kind::Silence) {
        let Ok(silence) = resource.spec_as::<Silence>() else { continue };
        let time = |text: &str| UnixMs::parse(text).ok();
        let now = time(&silence.starts_at).is_some_and(|start| start <= at)
            && time(&silence.ends_at).is_some_and(|end| at < end);
        if !now {
            continue;
        }
        let matchers = silence.matchers.iter().map(|matcher| {
            let op = Op::of(matcher.is_equal, matcher.is_regex);
            Matcher::new(&matcher.name, op, &matcher.value).test()
        });
        if all_hold(&matchers.collect::<Result<Vec<_>, _>>()?, labels) {
            found.push(resource.name.clone());
        }
    }
    Ok(found)
}
