//! Who belongs to the cluster under test, and how a machine is taken out and let in again.

use super::{cluster::Cluster, net::N_NODES};
use reqwest::Method;
use serde_json::{Value, json};
use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

impl Cluster {
    /// From now on the cluster is not whole until `id` is a member no more and all three machines
    /// are voters.
    pub fn begin_swap(&self, id: &str) {
        *self.swapping.lock().unwrap() = Some(id.to_owned());
    }

    pub fn is_swapping(&self) -> bool {
        self.swapping.lock().unwrap().is_some()
    }

    /// Ids by place, if all three machines are settled voters and nobody else is known, as a
    /// linearizable read has it.
    pub async fn settled(&self) -> Result<[String; N_NODES], String> {
        let members = self.members().await?;
        let is_settled = |member: &Value| member["voter"] == true && member["state"] == "settled";
        if members.len() != N_NODES || !members.iter().all(is_settled) {
            return Err(format!("not all three are settled voters: {members:?}"));
        }
        let mut ids: [String; N_NODES] = Default::default();
        for (n, id) in ids.iter_mut().enumerate() {
            let here = |member: &&Value| member["address"] == self.net.peer_address(n);
            let member = members.iter().find(here).ok_or(format!("node {n} is no member"))?;
            member["id"].as_str().unwrap_or_default().clone_into(id);
        }
        let mut swapping = self.swapping.lock().unwrap();
        if swapping.as_ref().is_some_and(|old| ids.contains(old)) {
            return Err(format!("the node that is swapped is still a member: {members:?}"));
        }
        *swapping = None;
        Ok(ids)
    }

    /// As the first node has it that answers.
    async fn members(&self) -> Result<Vec<Value>, String> {
        let (_, list) = self.ask(Method::GET, "/api/v1/members?consistency=strong", None).await?;
        list["items"].as_array().cloned().ok_or_else(|| format!("no members: {list}"))
    }

    /// Begins to take a member out; has nothing against one that is gone.
    pub async fn remove_member(&self, id: &str) -> Result<(), String> {
        match self.ask(Method::DELETE, &format!("/api/v1/members/{id}"), None).await? {
            (202 | 404, _) => Ok(()),
            (status, answer) => Err(format!("{status} {answer}")),
        }
    }

    /// A file with a token that lets one machine in; `None` if nobody makes one now.
    pub async fn node_token(&self, name: &str) -> Option<PathBuf> {
        let wanted = json!({"role": "node", "uses": 1});
        let made = self.ask(Method::POST, "/api/v1/join-tokens", Some(&wanted)).await;
        let (_, made) = made.ok()?;
        let file = self.dir.path().join(format!("after-{name}.token"));
        fs::write(&file, made["token"].as_str()?).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        Some(file)
    }

    /// One node after the other, until one answers with something else than "not now".
    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(u16, Value), String> {
        let mut problems = Vec::new();
        for n in 0..N_NODES {
            let url = format!("{}{path}", self.url(n));
            let mut request = self.http.request(method.clone(), url).bearer_auth(self.token());
            if let Some(body) = body {
                request = request.json(body);
            }
            let answer = match request.send().await {
                Ok(answer) => answer,
                Err(error) => {
                    problems.push(error.to_string());
                    continue;
                }
            };
            let status = answer.status().as_u16();
            match answer.json().await.unwrap_or(Value::Null) {
                problem if status == 503 => problems.push(problem.to_string()),
                answer => return Ok((status, answer)),
            }
        }
        Err(problems.join(", "))
    }
}
