use super::*;
use crate::model::cluster::Ports;
use std::net::IpAddr;

const HASH: &str = "aa";

fn member(id: u64, last: u8) -> Member {
    Member {
        id: NodeId(id),
        name: format!("mon{last}"),
        address: IpAddr::from([10, 0, 0, last]),
        loopback: [127, 0, 0, 1].into(),
        ports: Ports::default(),
        url: String::new(),
        gone: false,
    }
}

/// Three members on 10.0.0.1 to .3; node 9 asks from 10.0.0.4 with a good token.
struct Story {
    ask: Ask,
    from: IpAddr,
    token: JoinToken,
    standings: BTreeMap<NodeId, Standing>,
    silent: u64,
    hash: &'static str,
    level: u32,
}

impl Story {
    fn new() -> Self {
        Self {
            ask: Ask { member: member(9, 4), version: "1".into(), level: 1 },
            from: [10, 0, 0, 4].into(),
            token: JoinToken {
                role: NODE_ROLE.into(),
                hash: HASH.into(),
                addresses: Vec::new(),
                created: UnixMs(1),
                by: "ann".into(),
                expires: UnixMs(1000),
                uses_left: Some(1),
            },
            standings: BTreeMap::new(),
            silent: 0,
            hash: HASH,
            level: 1,
        }
    }

    fn told(&self) -> Verdict {
        let members = [member(1, 1), member(2, 2), member(3, 3)].map(|m| (m.id, m)).into();
        let meta = ClusterMeta {
            cluster_id: "c".into(),
            name: "watchkeep".into(),
            formed: UnixMs(1),
            feature_level: self.level,
        };
        judge(&Facts {
            ask: &self.ask,
            from: self.from,
            shown: ("k7", self.hash),
            token: Some(&self.token),
            meta: &meta,
            members: &members,
            standings: &self.standings,
            now: UnixMs(999),
            silent: &|_| Duration::from_secs(self.silent),
            patience: Patience {
                stable: Duration::from_secs(10),
                dead: Duration::from_secs(60),
                fresh: Duration::from_secs(3),
            },
        })
    }

    fn refusal(&self) -> String {
        match self.told() {
            Verdict::Refuse(reason) => reason,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_good_token_lets_in_and_is_used_once() {
    let story = Story::new();
    let Verdict::LetIn { token, replaces, drops } = story.told() else { panic!() };
    assert_eq!((token.uses_left, replaces, drops), (Some(0), None, None));
}

type Spoil = fn(&mut Story);

#[test]
fn every_bad_token_is_refused_with_what_to_do() {
    let cases: [(&str, Spoil); 6] = [
        ("secret is wrong", |story| story.hash = "ab"),
        ("is for role agent", |story| story.token.role = "agent".into()),
        ("has expired", |story| story.token.expires = UnixMs(999)),
        ("is used up", |story| story.token.uses_left = Some(0)),
        ("is only for 10.0.0.7", |story| story.token.addresses = vec![[10, 0, 0, 7].into()]),
        ("binary (1) is too old", |story| story.level = 2),
    ];
    for (words, spoil) in cases {
        let mut story = Story::new();
        spoil(&mut story);
        let reason = story.refusal();
        assert!(reason.contains(words), "{reason}");
        let advice = reason.contains("token new --role node") || reason.contains("install");
        assert!(advice, "{reason}");
    }
}

#[test]
fn who_was_let_in_and_did_not_hear_of_it_is_told_again_even_by_a_used_up_token() {
    let mut story = Story::new();
    (story.token.uses_left, story.token.expires) = (Some(0), UnixMs(5));
    let joining = |token: &str| Standing::Joining {
        since: UnixMs(1),
        token: token.to_owned(),
        replaces: None,
    };
    story.standings.insert(NodeId(9), joining("k7"));
    assert_eq!(story.told(), Verdict::Again);
    story.standings.insert(NodeId(9), joining("other"));
    assert!(story.refusal().contains("expired"), "another token must be good by itself");
    story.hash = "ab";
    assert!(story.refusal().contains("wrong"));
}

#[test]
fn a_removed_a_leaving_and_a_forgetful_id_never_come_back() {
    let mut story = Story::new();
    let removed = Standing::Removed { at: UnixMs(1), by: "ann".into(), name: "mon4".into() };
    story.standings.insert(NodeId(9), removed);
    assert!(story.refusal().contains("was removed by ann"));
    let leaving = Standing::Leaving { since: UnixMs(1), by: "ann".into() };
    story.standings.insert(NodeId(9), leaving);
    assert!(story.refusal().contains("is being removed"));
    story.standings.clear();
    story.ask.member.id = NodeId(2);
    assert!(story.refusal().contains("is a member"));
}

#[test]
fn the_place_of_a_member_is_taken_only_once_that_counts_as_dead() {
    let mut story = Story::new();
    story.ask.member = member(9, 3);
    story.silent = 14;
    let Verdict::Wait(reason) = story.told() else { panic!() };
    assert!(reason.contains("silent for 14 s") && reason.contains("after 60 s"), "{reason}");
    story.silent = 60;
    let Verdict::LetIn { replaces, .. } = story.told() else { panic!() };
    assert_eq!(replaces, Some(NodeId(3)));
    story.ask.member.ports.peer = 18_421;
    let Verdict::LetIn { replaces, .. } = story.told() else { panic!() };
    assert_eq!(replaces, None, "another port is another place");
}

#[test]
fn one_that_never_came_to_vote_makes_room_at_once() {
    let mut story = Story::new();
    story.ask.member = member(9, 3);
    let joining = Standing::Joining { since: UnixMs(1), token: "x".into(), replaces: None };
    story.standings.insert(NodeId(3), joining);
    let Verdict::LetIn { replaces, drops, .. } = story.told() else { panic!() };
    assert_eq!((replaces, drops), (None, Some(NodeId(3))));
    let leaving = Standing::Leaving { since: UnixMs(1), by: "ann".into() };
    story.standings.insert(NodeId(3), leaving);
    assert!(matches!(story.told(), Verdict::Wait(_)));
}

#[test]
fn a_list_of_addresses_binds_who_connects_and_not_only_what_they_say() {
    let mut story = Story::new();
    story.token.addresses = vec![[10, 0, 0, 4].into()];
    assert!(matches!(story.told(), Verdict::LetIn { .. }));
    story.from = "::ffff:10.0.0.4".parse().unwrap();
    assert!(matches!(story.told(), Verdict::LetIn { .. }));
    // It says that it is 10.0.0.4.
    story.from = [10, 0, 0, 66].into();
    assert!(story.refusal().contains("connects from 10.0.0.66"));
    // Nodes of one machine.
    story.from = [127, 0, 0, 1].into();
    assert!(matches!(story.told(), Verdict::LetIn { .. }));
    (story.from, story.token.addresses) = ([10, 0, 0, 66].into(), Vec::new());
    assert!(matches!(story.told(), Verdict::LetIn { .. }), "without a list from anywhere");
}
