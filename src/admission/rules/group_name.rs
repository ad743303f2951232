//! Names of imported rule groups. A group's own name may be any text, a resource's may not, and
//! resources of all projects share one space; so the name is derived, the same one each time.

use crate::model::{Kind, Name, Resource, cluster::DeclaredState};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// Longest part of a group's own name that goes into a resource name.
const LONGEST: usize = 100;

/// A resource name for each of the groups with these own names, all different. One that this
/// project has already is given to the same group again; one that is another's never.
pub(super) fn assign(groups: &[String], project: &str, state: &DeclaredState) -> Vec<Option<Name>> {
    let mut taken = BTreeSet::new();
    let mut names = vec![None; groups.len()];
    let is_exact = |group: &str| group.parse::<Name>().is_ok();
    // What is a name already has the first choice, whatever the order in the file.
    for exact in [true, false] {
        for (position, group) in groups.iter().enumerate() {
            if is_exact(group) == exact {
                let name = choose(group, project, state, &taken);
                taken.extend(name.clone());
                names[position] = name;
            }
        }
    }
    names
}

fn choose(
    group: &str,
    project: &str,
    state: &DeclaredState,
    taken: &BTreeSet<Name>,
) -> Option<Name> {
    let slug = slug(group);
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(group)[..4]);
    let candidates =
        [slug.clone(), format!("{project}-{slug}"), format!("{project}-{slug}-{hash}")];
    let own = |is_it: &dyn Fn(&Resource) -> bool| {
        let mut stored = state.of(Kind::RuleGroup);
        stored.find(|it| of_project(it, project) && is_it(it) && !taken.contains(&it.name))
    };
    let stored = own(&|it| it.name.as_str() == group).or_else(|| own(&|it| is_titled(it, group)));
    if let Some(stored) = stored {
        return Some(stored.name.clone());
    }
    let mut names = candidates.iter().filter_map(|candidate| candidate.parse::<Name>().ok());
    names.find(|name| !taken.contains(name) && state.get(Kind::RuleGroup, name.as_str()).is_none())
}

fn of_project(group: &Resource, project: &str) -> bool {
    group.spec.get("project").and_then(|name| name.as_str()) == Some(project)
}

fn is_titled(group: &Resource, title: &str) -> bool {
    group.spec.get("title").and_then(|name| name.as_str()) == Some(title)
}

/// The text in the letters that a resource name may have.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        let allowed = c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_');
        if allowed && slug.len() < LONGEST {
            slug.push(c);
        } else if !slug.ends_with('-') && slug.len() < LONGEST {
            slug.push('-');
        }
    }
    let exact = text.parse::<Name>().is_ok();
    let slug = if exact { text.to_owned() } else { slug };
    let slug = slug.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    if slug.is_empty() { "group".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::tests::fixture;
    use proptest::prelude::*;
    use serde_json::json;

    fn names(groups: &[&str], state: &DeclaredState) -> Vec<String> {
        let groups: Vec<String> = groups.iter().map(ToString::to_string).collect();
        let names = assign(&groups, "shop", state);
        names.into_iter().map(|name| name.unwrap().to_string()).collect()
    }

    #[test]
    fn names_are_kept_where_they_are_names_and_derived_elsewhere() {
        let state = fixture::cluster(1);
        assert_eq!(names(&["web", "Web Tier!", "主机"], &state), ["web", "web-tier", "group"]);
        // The exact one wins, wherever it stands.
        assert_eq!(names(&["Web", "web"], &state), ["shop-web", "web"]);
        assert_eq!(names(&["a b", "a/b", "a+b"], &state), ["a-b", "shop-a-b", "shop-a-b-300273da"]);
    }

    #[test]
    fn a_group_of_another_project_is_never_taken_over() {
        let mut state = fixture::cluster(1);
        let group =
            |project: &str, title: &str| json!({"project": project, "title": title, "rules": []});
        fixture::put(&mut state, Kind::RuleGroup, "web", group("other", ""));
        assert_eq!(names(&["web"], &state), ["shop-web"]);
        fixture::put(&mut state, Kind::RuleGroup, "shop-web", group("shop", "web"));
        assert_eq!(names(&["web"], &state), ["shop-web"]);
        // The other one goes; ours stays what it is.
        state.resources.clear();
        fixture::put(&mut state, Kind::RuleGroup, "shop-web", group("shop", "web"));
        assert_eq!(names(&["web"], &state), ["shop-web"]);
    }

    proptest! {
        #[test]
        fn any_text_gives_a_name_and_no_two_the_same(
            groups in proptest::collection::btree_set("\\PC{1,12}|[a-c -]{1,4}", 1..6),
        ) {
            let groups: Vec<String> = groups.into_iter().collect();
            let names = assign(&groups, "shop", &fixture::cluster(1));
            let different: BTreeSet<_> = names.iter().flatten().collect();
            prop_assert_eq!(different.len(), groups.len());
        }
    }
}
