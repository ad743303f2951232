//! What a request would do.

use super::{messages, puts, request, shop};
use crate::admission::{
    Action, Affected, Conflict, Delete, Effect, Expect, affected::on_all_nodes, plan,
    request::Request,
};
use crate::model::{Kind, NodeId, Revision, resource::Key};
use crate::render::tests::fixture;
use crate::store::command::{Change, Precondition};

fn key(kind: Kind, name: &str) -> Key {
    Key { kind, name: name.parse().unwrap() }
}

fn delete(kind: Kind, name: &str) -> Delete {
    Delete { key: key(kind, name), expect: Expect::Any }
}

#[test]
fn a_change_shows_its_difference_and_becomes_a_guarded_command() {
    let state = shop();
    let text = "kind: target\nname: shop-front\nspec: {job: web, project: web, targets: ['b:1']}\n";
    let plan = plan(&state, &request(text));
    assert_eq!(plan.errors, []);
    assert_eq!(plan.objects[0].action, Action::Update);
    insta::assert_snapshot!(plan.objects[0].diff(), @r"
    --- a/target/shop-front
    +++ b/target/shop-front
    @@ -2,8 +2,6 @@
     name: shop-front
     spec:
       job: web
    -  labels:
    -    tier: front
       project: web
       targets:
    -  - shop.example.org:8080
    +  - b:1
    ");
    let command = plan.command.unwrap();
    assert_eq!((command.actor.as_str(), command.request), ("ann", 7));
    assert_eq!(
        command.preconditions,
        [
            Precondition::Exists(key(Kind::Project, "web")),
            Precondition::Exists(key(Kind::ScrapeJob, "web")),
        ]
    );
    assert_eq!(command.changes.len(), 1);
    let candidate = plan.candidate.get(Kind::Target, "shop-front").unwrap();
    assert_eq!(candidate.spec["targets"][0], "b:1");
    assert_eq!(candidate.created, state.get(Kind::Target, "shop-front").unwrap().created);
}

#[test]
fn objects_of_one_batch_may_refer_to_each_other_in_any_order() {
    let text = "
kind: target
name: t
spec: {job: new, project: p, targets: ['a:1']}
---
kind: scrape-job
name: new
spec: {}
---
kind: project
name: p
spec: {}
";
    let plan = plan(&shop(), &request(text));
    assert_eq!(plan.errors, []);
    let command = plan.command.unwrap();
    assert_eq!(command.preconditions, []);
    let kinds: Vec<Kind> = command
        .changes
        .iter()
        .map(|change| match change {
            Change::Put { kind, .. } => *kind,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(kinds, [Kind::Project, Kind::ScrapeJob, Kind::Target]);
}

#[test]
fn one_bad_object_refuses_the_batch_and_partial_keeps_the_good_ones() {
    let text = "
kind: project
name: good
spec: {}
---
kind: project
name: bad
spec: {owner: nobody}
---
kind: target
name: t
spec: {job: node, project: bad, targets: ['a:1']}
";
    let whole = plan(&shop(), &request(text));
    assert!(whole.refused(false));
    assert_eq!((whole.command, whole.objects.len()), (None, 0));
    let partial = Request { partial: true, ..request(text) };
    let plan = plan(&shop(), &partial);
    // The target falls because its project fell.
    assert_eq!(
        messages(&plan),
        ["project/bad/spec/owner: WK-1010", "target/t/spec/project: WK-1010"]
    );
    assert_eq!(plan.command.unwrap().changes.len(), 1);
    assert!(plan.candidate.get(Kind::Project, "good").is_some());
    assert!(plan.candidate.get(Kind::Project, "bad").is_none());
}

#[test]
fn what_is_referred_to_stays_unless_its_referrers_go_too() {
    let mut deletion = Request { deletes: vec![delete(Kind::Receiver, "web-team")], ..request("") };
    let refused = plan(&shop(), &deletion);
    assert_eq!(messages(&refused), ["route/web/spec/receiver: WK-1011"]);
    deletion.deletes.push(delete(Kind::Route, "web"));
    let accepted = plan(&shop(), &deletion);
    assert_eq!(accepted.errors, []);
    assert_eq!(accepted.command.unwrap().changes.len(), 2);
    deletion.deletes.pop();
    deletion.puts = puts("kind: route\nname: web\nspec: {receiver: on-call}\n");
    assert_eq!(plan(&shop(), &deletion).errors, []);
}

#[test]
fn an_unmet_expectation_is_a_conflict_with_both_revisions() {
    let state = shop();
    let found = state.get(Kind::Project, "web").unwrap().revision;
    let expected = Expect::Revision(Revision(found.0 + 1));
    let mut update = request("kind: project\nname: web\nspec: {}\n");
    update.puts[0].expect = expected;
    let refused = plan(&state, &update);
    let key = key(Kind::Project, "web");
    assert_eq!(refused.conflicts, [Conflict { key: key.clone(), expected, found: Some(found) }]);
    assert!(refused.refused(true) && refused.command.is_none());
    update.puts[0].expect = Expect::Absent;
    assert_eq!(plan(&state, &update).conflicts.len(), 1);
    update.puts[0].expect = Expect::Revision(found);
    let command = plan(&state, &update).command.unwrap();
    assert_eq!(command.preconditions, [Precondition::Revision(key, found)]);
}

#[test]
fn the_last_admin_cannot_be_removed_or_locked_out() {
    let mut state = shop();
    fixture::put(&mut state, Kind::User, "root", serde_json::json!({"role": "admin"}));
    let removal = Request { deletes: vec![delete(Kind::User, "root")], ..request("") };
    assert_eq!(messages(&plan(&state, &removal)), ["user/root: WK-1005"]);
    let text = "kind: user\nname: root\nspec: {role: admin, disabled: true}\n";
    assert_eq!(messages(&plan(&state, &request(text))), ["user/root: WK-1005"]);
    let replaced = "kind: user\nname: ann\nspec: {role: admin}\n";
    let handover = Request { puts: puts(replaced), ..removal };
    assert_eq!(plan(&state, &handover).errors, []);
}

#[test]
fn where_an_admin_goes_another_with_a_password_stays_and_is_pinned() {
    let mut state = shop();
    for name in ["root", "ann"] {
        fixture::put(&mut state, Kind::User, name, serde_json::json!({"role": "admin"}));
    }
    let mut removal = Request { deletes: vec![delete(Kind::User, "root")], ..request("") };
    let ann = state.get(Kind::User, "ann").unwrap();
    let pinned = [Precondition::Revision(ann.key(), ann.revision)];
    assert_eq!(plan(&state, &removal).command.unwrap().preconditions, pinned);
    removal.without_password.insert("ann".parse().unwrap());
    assert_eq!(messages(&plan(&state, &removal)), ["user/root: WK-1005"]);
    // What takes no admin away pins nobody.
    let other = request("kind: user\nname: vera\nspec: {role: viewer}\n");
    assert_eq!(plan(&state, &other).command.unwrap().preconditions, []);
}

#[test]
fn people_from_outside_stay_for_an_hour_to_a_week() {
    for (hours, good) in [(0, false), (1, true), (168, true), (169, false)] {
        let spec = format!("{{sign_in: {{session_hours: {hours}}}}}");
        let text = format!("kind: settings\nname: default\nspec: {spec}\n");
        let errors = messages(&plan(&shop(), &request(&text)));
        assert_eq!(errors.is_empty(), good, "{hours}: {errors:?}");
    }
}

#[test]
fn a_change_says_which_programs_notice_and_how() {
    let state = shop();
    let effects = |text: &str| {
        let plan = plan(&state, &request(text));
        assert_eq!(plan.errors, []);
        let node = crate::render::Placement::of(&state).prometheus[&crate::render::Replica::A];
        let affected = on_all_nodes(&state, &plan.candidate, node, &fixture::facts()).unwrap();
        let paths = |it: &Affected| it.files.iter().map(|file| file.path.clone()).collect();
        let here = affected.iter().filter(|it| it.node == node);
        here.map(|it| (it.component.clone(), it.effect, paths(it))).collect::<Vec<_>>()
    };
    let target = "kind: target\nname: t\nspec: {job: node, project: web, targets: ['a:1']}\n";
    assert_eq!(
        effects(target),
        [("prometheus".to_owned(), Effect::Targets, vec!["targets/node.json".to_owned()])]
    );
    let rules = "kind: rule-group\nname: r\nspec: {project: web, rules: [{record: a, expr: up}]}\n";
    let files = vec!["prometheus.yml".to_owned(), "rules/r.yml".to_owned()];
    assert_eq!(effects(rules), [("prometheus".to_owned(), Effect::Reload, files)]);
    let settings = "kind: settings\nname: default\nspec: {prometheus: {retention_time: 30d}}\n";
    let process = vec!["process.json".to_owned()];
    assert_eq!(effects(settings), [("prometheus".to_owned(), Effect::Restart, process)]);
    assert_eq!(effects("kind: contact\nname: bob\nspec: {}\n"), []);
}

#[test]
fn a_node_without_prometheus_is_not_affected_by_targets() {
    let state = shop();
    let placed = crate::render::Placement::of(&state).prometheus;
    let bare = (1..=3).map(NodeId).find(|id| !placed.values().any(|on| on == id)).unwrap();
    let target = "kind: target\nname: t\nspec: {job: node, project: web, targets: ['a:1']}\n";
    let plan = plan(&state, &request(target));
    let affected = on_all_nodes(&state, &plan.candidate, bare, &fixture::facts()).unwrap();
    assert!(affected.len() == 2 && affected.iter().all(|it| it.node != bare), "{affected:?}");
}
