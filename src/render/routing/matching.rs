//! Which branches take an alert: Alertmanager's `Route.Match`.

use super::Branch;
use crate::model::{
    label::Labels,
    matcher::{Matcher, MatcherError, Test, all_hold},
};

/// A tree that is ready to be asked about many label sets.
#[derive(Debug)]
pub struct Matching<'a> {
    branch: &'a Branch,
    tests: Vec<Test>,
    children: Vec<Self>,
}

impl<'a> Matching<'a> {
    /// Reads the matchers of `branch` and all below it.
    ///
    /// # Errors
    /// A matcher that is none; never for a tree of objects that admission has let through.
    pub fn of(branch: &'a Branch) -> Result<Self, MatcherError> {
        let test = |text: &String| Ok(Matcher::parse(text)?.test()?);
        Ok(Self {
            branch,
            tests: branch.matchers.iter().map(test).collect::<Result<_, MatcherError>>()?,
            children: branch.children.iter().map(Self::of).collect::<Result<_, _>>()?,
        })
    }

    /// The ways from here to each branch that takes an alert with these labels, in the order in
    /// which Alertmanager finds them. Empty only if this branch does not take it either.
    #[must_use]
    pub fn paths(&self, labels: &Labels) -> Vec<Vec<&'a Branch>> {
        if !all_hold(&self.tests, labels) {
            return Vec::new();
        }
        let mut taken = Vec::new();
        for child in &self.children {
            let by_child = child.paths(labels);
            let stop = !by_child.is_empty() && !child.branch.continue_;
            taken.extend(by_child);
            if stop {
                break;
            }
        }
        if taken.is_empty() {
            taken.push(Vec::new());
        }
        for path in &mut taken {
            path.insert(0, self.branch);
        }
        taken
    }
}
