//! Formation of real nodes over real sockets, with deaths at every write.

#[path = "join_tests.rs"]
mod join;

use super::*;
use crate::{
    base::shutdown::Shutdown,
    model::{NodeId, cluster::Ports},
    peer::{
        join::{Answer, NodeToken},
        server::PeerServer,
        testing::own_loopback,
        token::FormationToken,
    },
};
use futures_util::future::join_all;
use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, time::timeout};

const LIMIT: Duration = Duration::from_secs(60);

/// Lets a node die at its n-th step: each write has one just before and one just after it.
pub(in crate::peer) struct CrashPoint {
    steps: AtomicI64,
    dead: Shutdown,
}

impl Default for CrashPoint {
    fn default() -> Self {
        Self { steps: AtomicI64::new(i64::MAX), dead: Shutdown::new() }
    }
}

impl CrashPoint {
    fn arm(&self, steps: i64) {
        self.steps.store(steps, Ordering::SeqCst);
    }

    pub(in crate::peer) fn pass(&self) -> Result<(), IdentityError> {
        if self.steps.fetch_sub(1, Ordering::SeqCst) > 0 {
            return Ok(());
        }
        self.dead.cancel();
        Err(IdentityError::File { path: PathBuf::new(), source: io::Error::other("killed") })
    }
}

/// A machine: a disk and an address that outlive the process on it.
struct Machine {
    disk: TempDir,
    address: SocketAddr,
    listener: Option<TcpListener>,
    entries: Vec<Endpoint>,
    token: Option<FormationToken>,
    /// Wins over `token`.
    join: Option<NodeToken>,
}

/// A running node.
struct Process {
    formation: Arc<Formation>,
    server: PeerServer,
    power: Shutdown,
}

async fn machines(n: usize) -> Vec<Machine> {
    let token = FormationToken::mint().unwrap();
    let mut machines = Vec::new();
    for _ in 0..n {
        let listener = TcpListener::bind((own_loopback(), 0)).await.unwrap();
        machines.push(Machine {
            disk: tempfile::tempdir().unwrap(),
            address: listener.local_addr().unwrap(),
            listener: Some(listener),
            entries: Vec::new(),
            token: Some(token.clone()),
            join: None,
        });
    }
    let entries: Vec<_> = machines
        .iter()
        .map(|machine| Endpoint::parse(&machine.address.to_string(), 1).unwrap())
        .collect();
    for (turn, machine) in machines.iter_mut().enumerate() {
        // Each machine has its own order.
        machine.entries = entries.clone();
        machine.entries.rotate_left(turn);
    }
    machines
}

impl Machine {
    fn data(&self) -> PathBuf {
        self.disk.path().join("data")
    }

    fn id(&self) -> NodeId {
        NodeDir::open(&self.data()).unwrap().node_id()
    }

    fn wipe(&self) {
        std::fs::remove_dir_all(self.data()).unwrap();
    }

    fn plan(&self) -> Plan {
        let own = Endpoint::parse(&self.address.to_string(), 1).unwrap();
        let ports = Ports { peer: self.address.port(), ..Ports::default() };
        Plan {
            me: Member {
                id: NodeId(0),
                name: own.to_string(),
                address: self.address.ip(),
                loopback: self.address.ip(),
                ports,
                url: String::new(),
                gone: false,
            },
            cluster_name: "test".to_owned(),
            own: self.entries.iter().position(|entry| *entry == own).unwrap(),
            entries: self.entries.clone(),
            token: match &self.join {
                Some(token) => Some(Token::Node(token.clone())),
                None => self.token.clone().map(Token::Formation),
            },
        }
    }

    fn open(&self) -> Result<Formation, FormationError> {
        let keys = KeyFile::new(self.disk.path().join("etc/secret.key"));
        Formation::open(self.plan(), NodeDir::open(&self.data())?, keys)
    }

    async fn start(&mut self) -> Process {
        let formation = Arc::new(self.open().unwrap());
        let power = Shutdown::new();
        let listener = match self.listener.take() {
            Some(listener) => listener,
            None => rebind(self.address).await,
        };
        let server = PeerServer::start(listener, power.clone()).unwrap();
        server.set_formation(formation.door());
        Process { formation, server, power }
    }
}

async fn rebind(address: SocketAddr) -> TcpListener {
    let bind = async {
        loop {
            match TcpListener::bind(address).await {
                Ok(listener) => return listener,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    };
    timeout(LIMIT, bind).await.unwrap()
}

impl Process {
    async fn formed(&self) -> Formed {
        timeout(LIMIT, self.formation.run()).await.expect("formation takes too long").unwrap()
    }

    /// Runs until the node is formed, or until `power` fails.
    async fn formed_unless(&self, power: &Shutdown) -> Option<Formed> {
        tokio::select! {
            formed = self.formation.run() => formed.ok(),
            () = power.cancelled() => None,
        }
    }

    /// Ends when the armed crash has come.
    fn dead(&self) -> Shutdown {
        self.formation.desk.crash.dead.clone()
    }

    /// Runs until the status fits.
    async fn status(&self, fits: impl Fn(&FormationStatus) -> bool) -> FormationStatus {
        let mut status = self.formation.status();
        let told = async {
            tokio::select! {
                _ = self.formation.run() => panic!("formed"),
                told = status.wait_for(|status| fits(status)) => told.unwrap().clone(),
            }
        };
        timeout(LIMIT, told).await.expect("the status never came")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.power.cancel();
    }
}

async fn start_all(machines: &mut [Machine]) -> Vec<Process> {
    let mut processes = Vec::new();
    for machine in machines {
        processes.push(machine.start().await);
    }
    processes
}

fn assert_one_cluster(formed: &[Formed]) {
    for one in formed {
        assert_eq!(one.record, formed[0].record);
        assert_eq!(one.data_key.to_base64().expose(), formed[0].data_key.to_base64().expose());
    }
    assert_eq!(formed.iter().filter(|one| one.initial).count(), 1);
}

#[tokio::test]
async fn the_same_list_in_any_order_forms_one_cluster_that_talks() {
    let mut machines = machines(3).await;
    let processes = start_all(&mut machines).await;
    let formed = join_all(processes.iter().map(Process::formed)).await;
    assert_one_cluster(&formed);
    let ids: Vec<_> = formed[0].record.founders().unwrap();
    assert!(ids.is_sorted() && ids.len() == 3);
    assert_eq!(formed[0].record.proposer, ids[0]);
    for one in &formed {
        // Certificates of the one CA: a client of one and a server of another agree.
        one.identity.client_config().unwrap();
        assert_eq!(one.identity.cluster_id, formed[0].record.cluster_id);
    }
    for (process, one) in processes.iter().zip(&formed) {
        let status = process.formation.status().borrow().clone();
        assert_eq!(status.cluster_id.as_ref(), Some(&one.record.cluster_id));
    }
}

#[tokio::test]
async fn a_single_node_is_a_formation_of_one_without_a_token() {
    let mut machines = machines(1).await;
    machines[0].token = None;
    let process = machines[0].start().await;
    let formed = process.formed().await;
    assert!(formed.initial);
    assert_eq!(formed.record.founders().unwrap(), [machines[0].id()]);
    drop(process);
    let again = machines[0].open().unwrap();
    assert!(again.is_formed());
    assert_eq!(again.run().await.unwrap().record, formed.record);
}

#[tokio::test]
async fn two_of_three_wait_and_say_for_whom() {
    let mut machines = machines(3).await;
    let missing = machines[2].listener.take().unwrap();
    drop(missing);
    let entry = machines[2].address.to_string();
    let processes = start_all(&mut machines[..2]).await;
    let wanted = format!("waiting for {entry}: connection refused, ");
    let told = join_all(processes.iter().map(|process| {
        let wanted = wanted.clone();
        process.status(move |status| status.text.starts_with(&wanted))
    }))
    .await;
    assert!(told.iter().all(|status| status.cluster_id.is_none()));
    let third = machines[2].start().await;
    let all = processes.iter().chain([&third]);
    assert_one_cluster(&join_all(all.map(Process::formed)).await);
}

#[tokio::test]
async fn a_wrong_token_is_refused_and_seen_on_both_sides() {
    let mut machines = machines(2).await;
    machines[1].token = Some(FormationToken::mint().unwrap());
    let processes = start_all(&mut machines).await;
    let seen = |status: &FormationStatus| {
        status.text.contains("wrong token")
            && status.turned_away.as_ref().is_some_and(|who| who.contains("wrong token"))
    };
    join_all(processes.iter().map(|process| process.status(seen))).await;
}

#[tokio::test]
async fn different_lists_block_formation_and_are_shown() {
    let mut machines = machines(2).await;
    let extra = Endpoint::parse("127.0.0.1:1", 1).unwrap();
    machines[1].entries.push(extra);
    let processes = start_all(&mut machines).await;
    let seen = |status: &FormationStatus| status.text.contains("another --cluster list");
    join_all(processes.iter().map(|process| process.status(seen))).await;
    assert!(machines.iter().all(|machine| !machine.data().join("formation.json").exists()));
}

#[tokio::test]
async fn a_copied_data_directory_is_noticed() {
    let mut machines = machines(2).await;
    machines[0].id();
    std::fs::create_dir_all(machines[1].data()).unwrap();
    let name = "node.json";
    std::fs::copy(machines[0].data().join(name), machines[1].data().join(name)).unwrap();
    let processes = start_all(&mut machines).await;
    let seen = |status: &FormationStatus| status.text.contains("same node id");
    join_all(processes.iter().map(|process| process.status(seen))).await;
}

#[tokio::test]
async fn a_node_wiped_after_formation_never_forms_or_takes_the_old_place() {
    let mut machines = machines(3).await;
    let mut processes = start_all(&mut machines).await;
    let formed = join_all(processes.iter().map(Process::formed)).await;
    drop(processes.pop());
    let old = machines[2].id();
    machines[2].wipe();
    assert_ne!(machines[2].id(), old);
    let wiped = machines[2].start().await;
    wiped.status(|status| status.text.contains("not ready yet")).await;
    let refuse = |reason: &str| Answer::Refused { reason: reason.to_owned() };
    for process in &processes {
        process.formation.set_gatekeeper(Arc::new(join::Told(refuse("the token has expired"))));
    }
    wiped.status(|status| status.text.contains("refused: the token has expired")).await;
    assert!(!wiped.formation.is_formed());
    assert_eq!(formed[0].record.members.len(), 3);
}

#[tokio::test]
async fn a_member_that_lost_only_its_record_gets_it_back_from_a_member() {
    let mut machines = machines(3).await;
    let mut processes = start_all(&mut machines).await;
    let formed = join_all(processes.iter().map(Process::formed)).await;
    drop(processes.pop());
    std::fs::remove_file(machines[2].data().join("formation.json")).unwrap();
    let again = machines[2].start().await;
    assert_eq!(again.formed().await.record, formed[0].record);
}

#[tokio::test]
async fn an_unfinished_formation_refuses_another_command() {
    let mut machines = machines(3).await;
    let processes = start_all(&mut machines).await;
    // The proposer dies before it commits; it holds a proposal then.
    let first = (0..3).min_by_key(|n| machines[*n].id()).unwrap();
    processes[first].formation.desk.crash.arm(4);
    let dead = processes[first].dead();
    let formed = join_all(processes.iter().map(|process| process.formed_unless(&dead))).await;
    assert!(formed.iter().all(Option::is_none));
    drop(processes);
    machines[first].entries.truncate(1);
    machines[first].entries[0] = Endpoint::parse(&machines[first].address.to_string(), 1).unwrap();
    assert!(matches!(machines[first].open(), Err(FormationError::OtherCommand { .. })));
}

#[tokio::test]
async fn a_key_file_that_is_gone_is_named() {
    let mut machines = machines(1).await;
    machines[0].start().await.formed().await;
    std::fs::remove_file(machines[0].disk.path().join("etc/secret.key")).unwrap();
    let outcome = machines[0].open().unwrap().run().await;
    assert!(matches!(outcome, Err(FormationError::Key(KeyError::Missing { .. }))));
}

#[tokio::test]
async fn a_man_in_the_middle_gains_nothing_by_passing_proofs_on() {
    let mut machines = machines(1).await;
    let process = machines[0].start().await;
    process.formed().await;
    let token = machines[0].token.clone().unwrap();
    let secure = |token| Secure::new(token).unwrap();
    // Both TLS connections stand, since any certificate will do; the proof is passed on as it is.
    let (near, far) = (secure(token.clone()), secure(FormationToken::mint().unwrap()));
    let (client_end, middle_end) = tokio::io::duplex(1 << 16);
    let name = || rustls_pki_types::ServerName::try_from("x").unwrap();
    let client = async {
        let connector = tokio_rustls::TlsConnector::from(near.client.clone());
        let mut stream = connector.connect(name(), client_end).await.unwrap().into();
        near.prove_as_client(&mut stream).await
    };
    let middle = async {
        let acceptor = tokio_rustls::TlsAcceptor::from(far.server.clone());
        let mut victim = acceptor.accept(middle_end).await.unwrap();
        let tcp = tokio::net::TcpStream::connect(machines[0].address).await.unwrap();
        let connector = tokio_rustls::TlsConnector::from(far.client.clone());
        let mut node = connector.connect(name(), tcp).await.unwrap();
        let _ = tokio::io::copy_bidirectional(&mut victim, &mut node).await;
    };
    let (proven, ()) = timeout(LIMIT, async { tokio::join!(client, middle) }).await.unwrap();
    assert!(matches!(proven, Err(channel::ChannelError::WrongToken)));
    // The same client, directly, is accepted: it was the middle that broke it.
    let tcp = tokio::net::TcpStream::connect(machines[0].address).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(near.client.clone());
    let mut stream = connector.connect(name(), tcp).await.unwrap().into();
    near.prove_as_client(&mut stream).await.unwrap();
}

/// Who dies at which step, and what happens to its disk.
#[derive(Debug, Clone, Copy)]
struct Death {
    of_proposer: bool,
    step: i64,
    wipes_disk: bool,
}

impl Death {
    fn victim(self) -> usize {
        usize::from(!self.of_proposer)
    }
}

/// Three machines sorted by id, running, the victim's death prepared.
async fn doomed(death: Death) -> (Vec<Machine>, Vec<Process>) {
    let mut machines = machines(3).await;
    machines.sort_by_key(Machine::id);
    let processes = start_all(&mut machines).await;
    processes[death.victim()].formation.desk.crash.arm(death.step);
    (machines, processes)
}

/// One node dies and comes back while the others go on. Whether it came to the death.
async fn one_dies(death: Death) -> bool {
    let (mut machines, mut processes) = doomed(death).await;
    let victim = processes.remove(death.victim());
    let dead = victim.dead();
    let victim_lives = async {
        let first_life = victim.formed_unless(&dead).await;
        drop(victim);
        if let Some(formed) = first_life {
            return formed;
        }
        let machine = &mut machines[death.victim()];
        if death.wipes_disk {
            machine.wipe();
        }
        let second_life = machine.start().await;
        let formed = second_life.formed().await;
        // Up until the end of the test: the others may still have questions.
        tokio::spawn(async move { timeout(LIMIT, second_life.power.cancelled()).await });
        formed
    };
    let others = join_all(processes.iter().map(Process::formed));
    let (formed, mut all) = tokio::join!(victim_lives, others);
    all.push(formed);
    assert_one_cluster(&all);
    dead.is_cancelled()
}

/// One node dies and the power goes off everywhere; all come back. Whether it came to the death.
async fn all_die(death: Death) -> bool {
    let (mut machines, mut processes) = doomed(death).await;
    let dead = processes[death.victim()].dead();
    let lives = processes.iter().map(|process| process.formed_unless(&dead));
    timeout(LIMIT, join_all(lives)).await.unwrap();
    processes.clear();
    let processes = start_all(&mut machines).await;
    assert_one_cluster(&join_all(processes.iter().map(Process::formed)).await);
    dead.is_cancelled()
}

/// Writes of a formation, each with a step before and one after it: key, proposal, commit,
/// cluster id, certificate.
const STEPS: i64 = 10;

fn deaths(steps: i64, wipes_disk: bool) -> impl Iterator<Item = Death> {
    (0..steps)
        .flat_map(|step| [true, false].map(|of_proposer| (step, of_proposer)))
        .map(move |(step, of_proposer)| Death { of_proposer, step, wipes_disk })
}

async fn count_deaths(
    lives: impl Iterator<Item = impl Future<Output = bool> + Send + 'static>,
) -> usize {
    let lives: Vec<_> = lives.map(tokio::spawn).collect();
    join_all(lives).await.into_iter().filter(|died| *died.as_ref().unwrap()).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn death_of_one_node_at_any_write_gives_exactly_one_cluster() {
    assert_eq!(count_deaths(deaths(STEPS + 1, false).map(one_dies)).await, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loss_of_power_at_any_write_gives_exactly_one_cluster() {
    assert_eq!(count_deaths(deaths(STEPS + 1, false).map(all_die)).await, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_lost_before_anybody_heard_of_a_commit_gives_one_cluster_with_the_new_node() {
    // A follower's first four steps lie before its acknowledgement, so there is no commit yet.
    let followers = deaths(4, true).filter(|death| !death.of_proposer);
    // The proposer's first six lie before it tells anybody that it has committed.
    let proposers = deaths(6, true).filter(|death| death.of_proposer);
    assert_eq!(count_deaths(followers.chain(proposers).map(one_dies)).await, 10);
}
