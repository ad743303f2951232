//! The tree → settings, routes and policies. What cannot be said keeps nothing of itself: a
//! branch that is left out is named, and alerts go on to what stands after it.

use super::{
    intervals::Intervals,
    names::Names,
    reader::{Reader, put},
    receivers::Receivers,
    tree::Tree,
};
use crate::admission::request::Put;
use crate::model::{Kind, cluster::DeclaredState, matcher::Matcher};
use crate::render::routing::Timing;
use serde_json::{Value, json};

pub(super) fn convert(
    reader: &mut Reader,
    root: Tree,
    receivers: &Receivers,
    intervals: &mut Intervals,
    state: &DeclaredState,
) -> Vec<Put> {
    let mut converter =
        Converter { reader, receivers, intervals, names: Names::default(), puts: Vec::new() };
    converter.settings(&root, state);
    for (n, branch) in root.children.iter().enumerate() {
        converter.branch(n, branch);
    }
    converter.puts
}

struct Converter<'a> {
    reader: &'a mut Reader,
    receivers: &'a Receivers,
    intervals: &'a mut Intervals,
    names: Names,
    puts: Vec<Put>,
}

impl Converter<'_> {
    /// What the root says, with Alertmanager's defaults where it says nothing.
    fn settings(&mut self, root: &Tree, state: &DeclaredState) {
        let declared = state.get(Kind::Settings, "default");
        let mut spec = declared.map_or_else(|| json!({}), |settings| (*settings.spec).clone());
        let or = |text: &Option<String>, default: &str| text.clone().unwrap_or(default.to_owned());
        let timing = &root.timing;
        let mut alertmanager = json!({
            "group_by": timing.group_by.clone().unwrap_or_default(),
            "group_wait": or(&timing.group_wait, "30s"),
            "group_interval": or(&timing.group_interval, "5m"),
            "repeat_interval": or(&timing.repeat_interval, "4h"),
        });
        if let Some(receiver) = self.receivers.object(&root.receiver) {
            alertmanager["default_receiver"] = json!(receiver);
        }
        spec["alertmanager"] = alertmanager;
        if let Ok(name) = "default".parse() {
            self.puts.push(put(Kind::Settings, name, spec));
        }
    }

    fn branch(&mut self, n: usize, branch: &Tree) {
        if branch.inexpressible {
            self.reader.left_out(&branch.path, "this route and all below it: see its matchers");
            return;
        }
        let (kind, mut spec) = if branch.children.is_empty() {
            (Kind::Route, self.line(branch, &[], &Timing::default()))
        } else {
            let Some(lines) = self.lines(branch) else { return };
            (Kind::Policy, self.policy(branch, lines))
        };
        spec["order"] = json!((n + 1) * 10);
        let name = self.names.give(&format!("route-{:03}-{}", n + 1, branch.receiver), "route");
        self.puts.push(put(kind, name, spec));
    }

    /// A policy's times would hold for its lines, too: where the branch has some, what it takes
    /// itself becomes a last line.
    fn policy(&mut self, branch: &Tree, mut lines: Vec<Value>) -> Value {
        let mut own = self.line(branch, &[], &Timing::default());
        if own.get("mute_time_intervals").or(own.get("active_time_intervals")).is_some() {
            let mut last = json!({"title": "Everything else", "receiver": own["receiver"]});
            for field in ["mute_time_intervals", "active_time_intervals"] {
                if let Some(names) = own.as_object_mut().and_then(|own| own.remove(field)) {
                    last[field] = names;
                }
            }
            lines.push(last);
        }
        own["lines"] = json!(lines);
        own
    }

    /// All below a branch as lines, each before the one it hangs below. `None`: it cannot be said.
    fn lines(&mut self, branch: &Tree) -> Option<Vec<Value>> {
        let mut lines = Vec::new();
        for child in &branch.children {
            if let Some(bad) = unsayable(child) {
                let (path, message) = bad;
                self.reader.left_out(&path, message);
                self.reader.left_out(&branch.path, "this route and all below it, for that reason");
                return None;
            }
            self.descend(child, &mut Vec::new(), &Timing::default(), &mut lines);
        }
        Some(lines)
    }

    fn descend(
        &mut self,
        tree: &Tree,
        above: &mut Vec<Matcher>,
        timing: &Timing,
        lines: &mut Vec<Value>,
    ) {
        let depth = above.len();
        let own = tree.timing.or(timing);
        above.extend(tree.matchers.iter().cloned());
        for child in &tree.children {
            self.descend(child, above, &own, lines);
        }
        above.truncate(depth);
        lines.push(self.line(tree, above, timing));
    }

    /// A route or a line: the matchers of the way to it and its own, times of its own alone.
    fn line(&mut self, tree: &Tree, above: &[Matcher], timing: &Timing) -> Value {
        let matchers = above.iter().chain(&tree.matchers);
        let matchers: Vec<String> = matchers.map(ToString::to_string).collect();
        let mut mute = tree.mute.clone();
        let receiver = self.receivers.object(&tree.receiver).cloned().or_else(|| {
            // Nobody is told: as a branch that some receiver has, always muted.
            mute.push(self.intervals.always());
            self.receivers.any().cloned()
        });
        if receiver.is_none() {
            let message = "no receiver has a channel that can be said here";
            self.reader.left_out(&tree.path, message);
        }
        let mut spec = json!({ "receiver": receiver });
        let timing = tree.timing.or(timing);
        for (field, value) in [
            ("matchers", json!(matchers)),
            ("group_by", json!(timing.group_by)),
            ("group_wait", json!(timing.group_wait)),
            ("group_interval", json!(timing.group_interval)),
            ("repeat_interval", json!(timing.repeat_interval)),
            ("mute_time_intervals", json!(mute)),
            ("active_time_intervals", json!(tree.active)),
        ] {
            let empty_list = field != "group_by" && value.as_array().is_some_and(Vec::is_empty);
            if !value.is_null() && !empty_list {
                spec[field] = value;
            }
        }
        if tree.continue_ {
            spec["continue"] = json!(true);
        }
        spec
    }
}

/// Why what hangs below a branch cannot become lines: where lines of one stand beside each other,
/// none of them may go on to the next.
fn unsayable(tree: &Tree) -> Option<(String, &'static str)> {
    if tree.inexpressible {
        return Some((tree.path.clone(), "its matchers cannot be said here"));
    }
    if tree.children.is_empty() {
        return None;
    }
    let message = "`continue` this deep: policies have one level of lines";
    if tree.continue_ {
        return Some((tree.path.clone(), message));
    }
    let goes_on = tree.children.iter().find(|child| child.continue_);
    goes_on
        .map(|child| (child.path.clone(), message))
        .or_else(|| tree.children.iter().find_map(unsayable))
}
