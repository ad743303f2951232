//! What the programs ask of whoever speaks to them: the node's own password. Without it anything
//! that can make a program of this machine send a request (a scraped target, a probe, a redirect)
//! would be let in by the others.

use super::{Check, CheckArgument, Component, Context, File, RenderError, process::Frame, yaml};
use crate::model::process::{LOGIN_USER, Probe};
use serde_json::{Map, Value, json};

const FILE: &str = "web.yml";

/// Has a component ask for the password, and its probe show it.
pub(super) fn guard(
    context: &Context<'_>,
    frame: &Frame<'_>,
    component: &mut Component,
) -> Result<(), RenderError> {
    let login = &context.facts.login;
    let mut users = Map::new();
    users.insert(LOGIN_USER.to_owned(), json!(login.hash));
    let text = yaml::file(FILE, &json!({"basic_auth_users": users}))?;
    component.files.insert(FILE.to_owned(), File::new(text, None));
    component.process.args.push(frame.config_flag("--web.config.file", FILE));
    if let Probe::Http { login: file, .. } = &mut component.process.ready {
        *file = Some(login.password_file.clone());
    }
    Ok(())
}

/// A broken file makes every request an error. promtool judges it for all: they get the same.
pub(super) fn check(frame: &Frame<'_>) -> Check {
    let arguments = vec![
        CheckArgument::Text("check".to_owned()),
        CheckArgument::Text("web-config".to_owned()),
        CheckArgument::File { prefix: String::new(), path: FILE.to_owned() },
    ];
    let check = frame.check("promtool check web-config", "promtool", arguments);
    Check { only: Some(FILE), ..check }
}

/// How a program logs in at another of the same node.
pub(super) fn login(context: &Context<'_>) -> Value {
    json!({"password_file": context.facts.login.password_file, "username": LOGIN_USER})
}

/// Lets a job in whose targets are all probed by one exporter of this node, at `address`. The
/// password goes nowhere else: the job sends every request there, whatever its targets say.
pub(super) fn let_prober_in(context: &Context<'_>, address: &str, job: &mut Map<String, Value>) {
    const OTHER_LOGINS: [&str; 4] = ["basic_auth", "authorization", "oauth2", "sigv4"];
    let plain = job.get("scheme").is_none_or(|scheme| scheme == "http");
    if !plain || OTHER_LOGINS.iter().any(|field| job.contains_key(*field)) {
        return;
    }
    let rules = job.get("relabel_configs").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let Some(last) = rules.iter().rposition(|rule| rule["target_label"] == "__address__") else {
        return;
    };
    let (before, after) = rules.split_at(last + 1);
    if before.last().is_some_and(|rule| sets(rule, address)) && after.iter().all(leaves_address) {
        job.insert("basic_auth".to_owned(), login(context));
        // A redirect could take the password along.
        job.insert("follow_redirects".to_owned(), json!(false));
    }
}

/// Whether a rule gives every target this address.
fn sets(rule: &Value, address: &str) -> bool {
    let only = ["target_label", "replacement", "action"];
    rule["replacement"] == address
        && (rule.get("action").is_none_or(|action| action == "replace"))
        && rule.as_object().is_some_and(|rule| rule.keys().all(|key| only.contains(&key.as_str())))
}

/// Whether a rule cannot change addresses or schemes.
fn leaves_address(rule: &Value) -> bool {
    let target = rule["target_label"].as_str().unwrap_or_default();
    match rule["action"].as_str().unwrap_or("replace") {
        "replace" => !target.contains('$') && !target.starts_with("__"),
        "keep" | "drop" | "labeldrop" | "labelkeep" => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        model::{Kind, NodeId},
        render::{
            render,
            tests::fixture::{cluster, facts, put},
        },
    };
    use serde_json::{Value, json};

    /// The job as Prometheus gets it.
    fn rendered(spec: Value) -> Value {
        let mut state = cluster(1);
        put(&mut state, Kind::ScrapeJob, "probe", spec);
        let rendered = render(&state, NodeId(1), &facts()).unwrap();
        let file = &rendered.components["prometheus"].files["prometheus.yml"];
        let config: Value =
            serde_saphyr::from_str(std::str::from_utf8(&file.bytes).unwrap()).unwrap();
        let jobs = config["scrape_configs"].as_array().unwrap();
        jobs.iter().find(|job| job["job_name"] == "probe").unwrap().clone()
    }

    fn probing(address: &str) -> Value {
        json!({"metrics_path": "/probe", "relabel_configs": [
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": address},
        ]})
    }

    fn own_prober() -> String {
        let member = cluster(1).members[&NodeId(1)].clone();
        super::super::process::socket(member.loopback, member.ports.blackbox_exporter)
    }

    #[test]
    fn a_job_that_asks_the_nodes_own_prober_alone_is_let_in() {
        let job = rendered(probing(&own_prober()));
        assert_eq!(job["basic_auth"]["username"], "watchkeep");
        assert_eq!(job["follow_redirects"], false);
    }

    #[test]
    fn the_password_goes_to_no_other_address() {
        let own = own_prober();
        let elsewhere = rendered(probing("10.0.0.9:9115"));
        let mut overridden = probing(&own);
        let later = json!({"source_labels": ["addr"], "target_label": "__address__"});
        overridden["relabel_configs"].as_array_mut().unwrap().push(later);
        let mut mapped = probing(&own);
        let map = json!({"action": "labelmap", "regex": "x_(.+)"});
        mapped["relabel_configs"].as_array_mut().unwrap().push(map);
        let mut sometimes = probing(&own);
        sometimes["relabel_configs"][2]["source_labels"] = json!(["probed"]);
        let mut encrypted = probing(&own);
        encrypted["scheme"] = json!("https");
        let others = [overridden, mapped, sometimes, encrypted, json!({})].map(rendered);
        for job in others.into_iter().chain([elsewhere]) {
            assert_eq!(job.get("basic_auth"), None, "{job}");
        }
    }
}
