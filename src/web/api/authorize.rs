//! Whether an author may make a change, object by object.

use crate::{
    admission::{Expect, Put, Request, template_asks},
    model::{
        Kind,
        cluster::DeclaredState,
        reference::references,
        resource::{Declared, Key},
        spec::{RoleName, RuleGroup},
    },
    scope::{Projects, access::DIMENSIONS, declared, promql},
    web::{
        auth::Identity,
        deps::Deps,
        error::{Problem, ProblemItem},
        policy,
    },
};
use axum::http::StatusCode;
use std::collections::{BTreeMap, BTreeSet};

/// Refuses what the author's roles do not allow where the objects are, and kinds that have paths
/// of their own since a secret belongs to them. Expressions of people with a scope are confined to
/// the project of their rules.
pub(super) fn authorize(
    deps: &Deps,
    request: &mut Request,
    identity: &Identity,
) -> Result<(), Problem> {
    let state = deps.whole();
    for put in &request.puts {
        may_put(&state, &put.declared, identity)?;
    }
    for delete in &request.deletes {
        may_touch(&state, &delete.key, identity)?;
    }
    refers_to_what_it_sees(&state, &request.puts, identity)?;
    for put in &mut request.puts {
        claims_no_dimension(put, identity)?;
        confine_rules(put, identity)?;
    }
    pin(&state, request, identity);
    let mut own_way: Vec<Key> = request.puts.iter().map(Put::key).collect();
    own_way.retain(|key| key.kind == Kind::Token);
    own_way.extend(request.deletes.iter().map(|delete| delete.key.clone()).filter(has_secret));
    match own_way.first() {
        None => Ok(()),
        Some(key) => {
            let detail = format!("{key} is made and deleted by requests of its own");
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "WK-2011", detail))
        }
    }
}

/// Whether a secret belongs to objects of its kind.
pub(super) fn has_secret(key: &Key) -> bool {
    matches!(key.kind, Kind::User | Kind::Token)
}

/// Where an author may change objects of a kind.
fn writable(kind: Kind, identity: &Identity) -> Result<Projects, Problem> {
    let (role, what) = (policy::write_role(kind), format!("changing a {kind}"));
    if !policy::is_written_in_scope(kind) {
        identity.must_be(role, &what)?;
    }
    identity.must_be_somewhere(role, &what)?;
    Ok(identity.access.within(role))
}

/// As it is to be, and as it is.
fn may_put(state: &DeclaredState, it: &Declared, identity: &Identity) -> Result<(), Problem> {
    let projects = writable(it.kind, identity)?;
    let name = it.name.as_str();
    if !declared::lies_within(it.kind, name, &it.spec, state, &projects) {
        return Err(outside(&format!("{}/{name}", it.kind), it.kind));
    }
    may_touch(state, &Key { kind: it.kind, name: it.name.clone() }, identity)
}

/// As it is, if it is.
fn may_touch(state: &DeclaredState, key: &Key, identity: &Identity) -> Result<(), Problem> {
    let projects = writable(key.kind, identity)?;
    let Some(object) = state.get(key.kind, key.name.as_str()) else { return Ok(()) };
    if declared::lies_within(key.kind, key.name.as_str(), &object.spec, state, &projects) {
        return Ok(());
    }
    Err(outside(&key.to_string(), key.kind))
}

fn outside(object: &str, kind: Kind) -> Problem {
    let how = match kind {
        Kind::Silence => "; a silence needs a matcher that names projects in your scope",
        Kind::Route | Kind::Target | Kind::RuleGroup => "; `project` must be one in your scope",
        Kind::Policy => "; `projects` must be in your scope, and `departments` empty",
        _ => "",
    };
    Problem::forbidden(format!("{object} does not lie within your scope{how}"))
}

/// A name that is used is a question whether it exists: it is answered alike for what does not
/// exist and for what may not be seen. Judged where the role to write is held: what is referred to
/// from there can be read from there.
fn refers_to_what_it_sees(
    state: &DeclaredState,
    puts: &[Put],
    identity: &Identity,
) -> Result<(), Problem> {
    let batch: BTreeSet<Key> = puts.iter().map(Put::key).collect();
    let mut parts: BTreeMap<RoleName, DeclaredState> = BTreeMap::new();
    let mut unseen = Vec::new();
    for put in puts {
        let role = policy::write_role(put.declared.kind);
        let projects = identity.access.within(role);
        if projects.is_all() {
            continue;
        }
        let seen = parts.entry(role).or_insert_with(|| declared::confine(state, &projects));
        for reference in references(put.declared.kind, &put.declared.spec) {
            let known = reference.key().is_some_and(|key| {
                batch.contains(&key) || seen.get(key.kind, key.name.as_str()).is_some()
            });
            if !known {
                let path = format!("{}/spec/{}", put.key(), reference.path);
                let message =
                    format!("there is no {} {} in your scope", reference.kind, reference.name);
                unseen.push(ProblemItem::new(path, "WK-1010", message));
            }
        }
    }
    if unseen.is_empty() { Ok(()) } else { Err(Problem::invalid(unseen)) }
}

/// What was judged is what is written: not what somebody else has put under the same name since.
fn pin(state: &DeclaredState, request: &mut Request, identity: &Identity) {
    let found = |key: &Key| {
        let object = state.get(key.kind, key.name.as_str());
        object.map_or(Expect::Absent, |object| Expect::Revision(object.revision))
    };
    let confined = |kind| !identity.access.is_everywhere(policy::write_role(kind));
    for put in &mut request.puts {
        let key = put.key();
        if put.expect == Expect::Any && confined(key.kind) {
            put.expect = found(&key);
        }
    }
    for delete in &mut request.deletes {
        let there = found(&delete.key);
        if delete.expect == Expect::Any && confined(delete.key.kind) && there != Expect::Absent {
            delete.expect = there;
        }
    }
}

/// A dimension that the project does not have is not for its rules and targets to claim: whoever
/// looks after that dimension would be told.
fn claims_no_dimension(put: &Put, identity: &Identity) -> Result<(), Problem> {
    let kind = put.declared.kind;
    if identity.access.is_everywhere(policy::write_role(kind)) {
        return Ok(());
    }
    let spec = &put.declared.spec;
    let rules = spec["rules"].as_array().into_iter().flatten().enumerate();
    let of_rules = rules.map(|(index, rule)| (format!("rules/{index}/labels"), &rule["labels"]));
    let maps = [("labels".to_owned(), &spec["labels"])].into_iter().chain(of_rules);
    let claimed = maps.flat_map(|(place, labels)| {
        let names = labels.as_object().into_iter().flat_map(|labels| labels.keys());
        let claimed = names.filter(|name| DIMENSIONS.contains(&name.as_str()));
        claimed.map(move |name| format!("{place}/{name}")).collect::<Vec<_>>()
    });
    let items = claimed.map(|below| {
        let path = format!("{}/spec/{below}", put.key());
        ProblemItem::new(path, "WK-1023", "dimensions come from the project alone".to_owned())
    });
    let items: Vec<ProblemItem> = items.collect();
    if items.is_empty() { Ok(()) } else { Err(Problem::invalid(items)) }
}

/// What runs is what is stored, so the matcher is put into the stored expression, where everybody
/// sees it.
fn confine_rules(put: &mut Put, identity: &Identity) -> Result<(), Problem> {
    let declared = &mut put.declared;
    // Who may only see everything writes for those who do not.
    if declared.kind != Kind::RuleGroup || identity.access.is_everywhere(RoleName::Developer) {
        return Ok(());
    }
    // Of another shape: admission says so.
    let Ok(group) = serde_json::from_value::<RuleGroup>(declared.spec.clone()) else {
        return Ok(());
    };
    let project = Projects::only([group.project.as_str()]);
    let mut errors = Vec::new();
    for (index, rule) in group.rules.iter().enumerate() {
        let path = format!("{}/{}/spec/rules/{index}/expr", declared.kind, declared.name);
        match promql::confine(&rule.expr, &project) {
            Ok(expr) => declared.spec["rules"][index]["expr"] = expr.into(),
            Err(fault) => errors.push(ProblemItem::new(path, "WK-1020", fault.to_string())),
        }
    }
    // Prometheus runs templates itself, and sees everything.
    for (place, text) in templates(&group) {
        if template_asks(text) {
            let path = format!("{}/{}/spec/{place}", declared.kind, declared.name);
            let message = "a template cannot ask for series (`query`) within a scope";
            errors.push(ProblemItem::new(path, "WK-1024", message));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

/// Every text of a group that Prometheus takes for a template, by its path below the spec.
fn templates(group: &RuleGroup) -> Vec<(String, &str)> {
    let mut maps = vec![("labels".to_owned(), &group.labels)];
    for (index, rule) in group.rules.iter().enumerate() {
        maps.push((format!("rules/{index}/labels"), &rule.labels));
        maps.push((format!("rules/{index}/annotations"), &rule.annotations));
    }
    let texts = maps.into_iter().flat_map(|(place, texts)| {
        texts.iter().map(move |(name, text)| (format!("{place}/{name}"), text.as_str()))
    });
    texts.collect()
}
