//! Machines that join a cluster that is there, with deaths at every write.

use super::*;
use crate::peer::{
    ca::Role,
    cert,
    join::{Ask, Credential, Gatekeeper, JoinDoor, NodeToken},
};
use futures_util::future::BoxFuture;
use std::sync::Mutex;

/// Always gives this answer.
pub(super) struct Told(pub(super) Answer);

impl Gatekeeper for Told {
    fn admit(&self, _: Ask, _: Credential, _: SocketAddr) -> BoxFuture<'_, Answer> {
        let answer = self.0.clone();
        Box::pin(async move { answer })
    }
}

/// Lets everybody in who shows the secret, and remembers who asked.
struct Open {
    record: Record,
    data_key: DataKey,
    asked: Mutex<Vec<NodeId>>,
}

impl Gatekeeper for Open {
    fn admit(&self, ask: Ask, credential: Credential, _: SocketAddr) -> BoxFuture<'_, Answer> {
        self.asked.lock().unwrap().push(ask.member.id);
        let answer = match credential {
            Credential::Token { id, secret } if id == "k7" && secret.expose() == "s3cret" => {
                let members = self.record.members.iter().cloned().chain([ask.member]).collect();
                let record = self.record.for_joiner(members);
                Answer::Welcome(Box::new(Offer { record, data_key: self.data_key.clone() }))
            }
            _ => Answer::Refused { reason: "wrong secret".into() },
        };
        Box::pin(async move { answer })
    }
}

/// A cluster of one that lets machines in, and a machine that wants to.
struct Story {
    formed: Formed,
    process: Process,
    gate: Arc<Open>,
    joiner: Machine,
}

impl Story {
    async fn begin() -> Self {
        let mut machines = machines(2).await;
        let mut joiner = machines.pop().unwrap();
        let mut first = machines.pop().unwrap();
        first.entries.retain(|entry| entry.to_string() == first.address.to_string());
        first.token = None;
        let process = first.start().await;
        let formed = process.formed().await;
        let gate = Arc::new(Open {
            record: formed.record.clone(),
            data_key: formed.data_key.clone(),
            asked: Mutex::default(),
        });
        let door = JoinDoor::new(&formed.identity, gate.clone()).unwrap();
        process.server.set_join(Some(Arc::new(door)));
        joiner.join = Some(NodeToken {
            ca_hash: cert::ca_hash(formed.authority.der()).unwrap(),
            id: "k7".into(),
            secret: crate::base::redact::Secret::new("s3cret".into()),
        });
        Self { formed, process, gate, joiner }
    }

    fn asked(&self) -> Vec<NodeId> {
        self.gate.asked.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_machine_with_a_node_token_becomes_a_member_that_starts_no_raft_of_its_own() {
    let mut story = Story::begin().await;
    let joined = story.joiner.start().await.formed().await;
    assert_eq!(joined.record.cluster_id, story.formed.record.cluster_id);
    assert_eq!((joined.record.origin, joined.record.founders()), (Origin::Joined, None));
    assert!(!joined.initial && joined.first_token.is_none());
    assert_eq!(joined.identity.node, story.joiner.id());
    assert_eq!(story.asked(), [story.joiner.id()]);
    // The same command once more needs nobody.
    drop(story.process);
    assert!(story.joiner.open().unwrap().is_formed());
}

#[tokio::test]
async fn a_wrong_secret_is_refused_and_the_machine_stays_blank() {
    let mut story = Story::begin().await;
    let token = story.joiner.join.as_mut().unwrap();
    token.secret = crate::base::redact::Secret::new("guess".into());
    let process = story.joiner.start().await;
    process.status(|status| status.text.contains("refused: wrong secret")).await;
    assert!(!process.formation.is_formed());
}

#[tokio::test]
async fn a_token_of_another_cluster_never_shows_its_secret() {
    let mut story = Story::begin().await;
    let other = Authority::create("other").unwrap();
    story.joiner.join.as_mut().unwrap().ca_hash = cert::ca_hash(other.der()).unwrap();
    let process = story.joiner.start().await;
    process.status(|status| status.text.contains("another cluster than the token")).await;
    assert!(story.asked().is_empty());
}

#[tokio::test]
async fn a_supervised_program_cannot_pose_as_the_cluster_to_those_who_join() {
    let mut story = Story::begin().await;
    let authority = &story.formed.authority;
    let role = Role::Component { addresses: vec![story.joiner.address.ip()] };
    let stolen = authority.issue(&role).unwrap();
    let cluster_id = &story.formed.record.cluster_id;
    let posing = Identity::new(NodeId(1), cluster_id, authority.pem(), &stolen).unwrap();
    let door = JoinDoor::new(&posing, story.gate.clone()).unwrap();
    story.process.server.set_join(Some(Arc::new(door)));
    let process = story.joiner.start().await;
    process.status(|status| status.text.contains("it lets nobody join")).await;
    assert!(story.asked().is_empty());
}

#[tokio::test]
async fn a_machine_killed_at_any_step_of_joining_joins_in_its_next_life_as_the_same_node() {
    for step in 0..20 {
        let mut story = Story::begin().await;
        let process = story.joiner.start().await;
        process.formation.desk.crash.arm(step);
        let dead = process.dead();
        let first_life = process.formed_unless(&dead).await;
        drop(process);
        let came_to_it = first_life.is_none();
        let id = story.joiner.id();
        let joined = story.joiner.start().await.formed().await;
        assert_eq!((joined.identity.node, joined.record.origin), (id, Origin::Joined));
        assert!(story.asked().iter().all(|asked| *asked == id), "one id, however often it asked");
        if !came_to_it {
            assert!(step > 3, "joining has several writes");
            return;
        }
    }
    panic!("joining has that many writes?");
}
