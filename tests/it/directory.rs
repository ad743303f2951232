//! Signing in by a directory: a real `slapd` of Debian, over TLS and StartTLS.

use crate::harness::{
    node::{Node, Plan, admin_token},
    wait::eventually,
};
use serde_json::{Value, json};
use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

const SOON: Duration = Duration::from_secs(60);

/// A directory with `ann` (shop), `bob` (no mapped group) and two people called `twin`.
const PEOPLE: &str = "\
dn: dc=example
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ou=people,dc=example
objectClass: organizationalUnit
ou: people

dn: ou=others,dc=example
objectClass: organizationalUnit
ou: others

dn: ou=groups,dc=example
objectClass: organizationalUnit
ou: groups

dn: uid=ann,ou=people,dc=example
objectClass: inetOrgPerson
uid: ann
cn: Ann Example
sn: Example
displayName: Ann
userPassword: the password of ann

dn: uid=bob,ou=people,dc=example
objectClass: inetOrgPerson
uid: bob
cn: Bob Example
sn: Example
userPassword: the password of bob

dn: uid=twin,ou=people,dc=example
objectClass: inetOrgPerson
uid: twin
cn: Twin One
sn: One
userPassword: the password of twin

dn: uid=twin,ou=others,dc=example
objectClass: inetOrgPerson
uid: twin
cn: Twin Two
sn: Two
userPassword: the password of twin

dn: cn=reader,dc=example
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: the password of reader

dn: cn=shop,ou=groups,dc=example
objectClass: groupOfNames
cn: shop
member: uid=ann,ou=people,dc=example
member: uid=twin,ou=people,dc=example
member: uid=twin,ou=others,dc=example
";

struct Directory {
    child: Child,
    ca: String,
    tls: u16,
    plain: u16,
}

impl Directory {
    fn start(dir: &Path) -> Self {
        let (tls, plain) = (free_port(), free_port());
        let ca = certificate(dir);
        fs::create_dir_all(dir.join("db")).unwrap();
        let shown = dir.display();
        let conf = format!(
            "include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\n\
             include /etc/ldap/schema/inetorgperson.schema\n\
             modulepath /usr/lib/ldap\nmoduleload back_mdb\nmoduleload memberof\n\
             pidfile {shown}/slapd.pid\n\
             TLSCACertificateFile {shown}/cert.pem\nTLSCertificateFile {shown}/cert.pem\n\
             TLSCertificateKeyFile {shown}/key.pem\n\
             database mdb\nsuffix \"dc=example\"\nrootdn \"cn=root,dc=example\"\n\
             rootpw root-password\ndirectory {shown}/db\n\
             access to attrs=userPassword by anonymous auth by * none\n\
             access to * by dn.exact=\"cn=reader,dc=example\" read by * none\n\
             overlay memberof\n"
        );
        fs::write(dir.join("slapd.conf"), conf).unwrap();
        let listen = format!("ldap://127.0.0.1:{plain}/ ldaps://127.0.0.1:{tls}/");
        let child = Command::new("/usr/sbin/slapd")
            .arg("-f")
            .arg(dir.join("slapd.conf"))
            .args(["-d", "none", "-h", &listen])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(dir.join("slapd.log")).unwrap())
            .spawn()
            .expect("slapd is missing: scripts/test installs it");
        Self { child, ca, tls, plain }
    }

    async fn fill(&self, dir: &Path) {
        let ldif = dir.join("people.ldif");
        fs::write(&ldif, PEOPLE).unwrap();
        let uri = format!("ldap://127.0.0.1:{}", self.plain);
        eventually("slapd to take its people", SOON, || async {
            let mut add = Command::new("ldapadd");
            add.args(["-c", "-x", "-H", &uri, "-D", "cn=root,dc=example", "-w", "root-password"]);
            let done = add.arg("-f").arg(&ldif).output().map_err(|error| error.to_string())?;
            let text = String::from_utf8_lossy(&done.stderr).into_owned();
            if done.status.success() || text.contains("Already exists") {
                Ok(())
            } else {
                Err(text)
            }
        })
        .await;
    }

    fn settings(&self, url: &str, more: Value) -> Value {
        let mut ldap = json!({
            "url": url, "ca": self.ca, "base": "dc=example",
            "bind_dn": "cn=reader,dc=example", "bind_password": "ldap-reader",
            "grants": [{"group": "cn=shop,ou=groups,dc=example", "role": "developer",
                        "scope": ["project=\"shop\""]}],
        });
        ldap.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let allow = [self.tls, self.plain].map(|port| format!("127.0.0.1:{port}"));
        json!({"spec": {"outgoing": {"allow": allow}, "sign_in": {"ldap": ldap}}})
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Key and certificate of the directory, which stands for itself; its PEM.
fn certificate(dir: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    fs::write(dir.join("cert.pem"), made.cert.pem()).unwrap();
    fs::write(dir.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    made.cert.pem()
}

struct Case {
    node: Node,
    token: String,
}

impl Case {
    async fn put(&self, path: &str, body: Value) {
        let (status, answer) = self.node.call(&self.token, "PUT", path, body).await.unwrap();
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
    }

    /// Status, answer and session cookie.
    /// The steps of trying these settings, each with how it went.
    async fn check(&self, sign_in: &Value) -> Vec<String> {
        let path = "/api/v1/sign-in/check";
        let (status, answer) =
            self.node.call(&self.token, "POST", path, sign_in.clone()).await.unwrap();
        assert_eq!(status, 200, "{answer}");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let steps = answer["steps"].as_array().unwrap().iter();
        steps.map(|it| [&it["step"], &it["went"]].map(text).join(" ")).collect()
    }

    async fn sign_in(&self, user: &str, password: &str) -> (u16, Value, Option<String>) {
        let client = reqwest::Client::builder().no_proxy().timeout(SOON).build().unwrap();
        let url = format!("{}/api/v1/session", self.node.plan.url());
        let body = json!({"user": user, "password": password});
        let answer = client.post(url).json(&body).send().await.unwrap();
        let status = answer.status().as_u16();
        let cookie = answer.headers().get("set-cookie").map(|set| set.to_str().unwrap().to_owned());
        (status, answer.json().await.unwrap(), cookie)
    }
}

/// A draft is tried as far as it goes without the password of `bind_dn`.
async fn what_was_never_declared_is_sent_no_password(
    case: &Case,
    directory: &Directory,
    url: &str,
) {
    let draft = |more| directory.settings(url, more)["spec"]["sign_in"].clone();
    let later = ["connect good", "bind later", "search later"];
    // Declared last was the other address.
    assert_eq!(case.check(&draft(json!({}))).await, later);
    case.put("/api/v1/settings/default", directory.settings(url, json!({}))).await;
    let nobody = draft(json!({"base": "ou=nobody,dc=example"}));
    assert_eq!(case.check(&nobody).await, ["connect good", "bind good", "search bad"]);
    let other = draft(json!({"bind_dn": "cn=root,dc=example"}));
    assert_eq!(case.check(&other).await, later);
    let unset = draft(json!({"bind_password": "never-made"}));
    assert_eq!(case.check(&unset).await, ["secret bad"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_of_a_directory_sign_in_with_the_roles_of_their_groups() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    let mut directory = Directory::start(dir.path());
    directory.fill(dir.path()).await;
    let node = Plan::new(&dir.path().join("n1"), "127.0.42.1").start();
    let token = admin_token(&[&node]).await;
    let case = Case { node, token };
    case.put("/api/v1/projects/shop", json!({"spec": {}})).await;
    case.put("/api/v1/projects/bank", json!({"spec": {}})).await;
    case.put("/api/v1/secrets/ldap-reader", json!({"spec": {}})).await;
    let value = json!({"value": "the password of reader"});
    let path = "/api/v1/secrets/ldap-reader/value";
    let (status, answer) = case.node.call(&case.token, "POST", path, value).await.unwrap();
    assert_eq!(status, 204, "{answer}");

    let ldaps = format!("ldaps://127.0.0.1:{}", directory.tls);
    let start_tls = format!("ldap://127.0.0.1:{}", directory.plain);
    let searched = json!({"group_base": "ou=groups,dc=example"});
    for (url, more) in [(&ldaps, json!({})), (&start_tls, searched)] {
        case.put("/api/v1/settings/default", directory.settings(url, more)).await;
        let (status, me, cookie) = case.sign_in("Ann", "the password of ann").await;
        assert_eq!(status, 201, "{url}: {me}");
        assert_eq!((&me["user"], &me["title"]), (&json!("ldap/ann"), &json!("Ann")));
        assert_eq!((&me["role"], &me["projects"]), (&json!("developer"), &json!(["shop"])));
        assert!(cookie.unwrap().contains("HttpOnly"));
        let declared = directory.settings(url, json!({}))["spec"]["sign_in"].clone();
        let good = ["connect good", "bind good", "search good"];
        assert_eq!(case.check(&declared).await, good, "{url}");
    }
    what_was_never_declared_is_sent_no_password(&case, &directory, &ldaps).await;

    for (why, user, password, wanted) in [
        ("a wrong password", "ann", "the password of bob", 401),
        ("an unknown name", "nobody", "the password of ann", 401),
        ("a filter in the name", "*)(uid=*", "the password of ann", 401),
        ("every name", "*", "the password of ann", 401),
        ("no password: a bind with a name alone proves nothing", "ann", "", 401),
        ("a name that two people have", "twin", "the password of twin", 401),
        ("nobody of a mapped group", "bob", "the password of bob", 403),
    ] {
        let (status, answer, cookie) = case.sign_in(user, password).await;
        assert_eq!((status, cookie), (wanted, None), "{why}: {answer}");
    }
    // Those tries were counted like all others: this address has none left.
    let mut refused = 0;
    for n in 0..PER_MINUTE {
        refused = case.sign_in(&format!("guess-{n}"), "the password of ann").await.0;
    }
    assert_eq!(refused, 429);
    wait_for_the_next_window(&case).await;

    // Another certificate than the one that is trusted.
    let other = tempfile::tempdir().unwrap();
    let wrong_ca = json!({"ca": certificate(other.path())});
    case.put("/api/v1/settings/default", directory.settings(&ldaps, wrong_ca)).await;
    let (status, answer, _) = case.sign_in("ann", "the password of ann").await;
    assert_eq!((status, &answer["code"]), (503, &json!("WK-2028")), "{answer}");
    let wrong = json!({"ca": certificate(other.path())});
    let wrong = directory.settings(&ldaps, wrong)["spec"]["sign_in"].clone();
    assert_eq!(case.check(&wrong).await, ["connect bad"]);
    case.put("/api/v1/settings/default", directory.settings(&ldaps, json!({}))).await;
    let made = json!({"spec": {"role": "viewer"}});
    case.put("/api/v1/users/carl", made).await;
    let set = json!({"password": "the password of carl"});
    let path = "/api/v1/users/carl/password";
    let (status, answer) = case.node.call(&case.token, "POST", path, set).await.unwrap();
    assert_eq!(status, 204, "{answer}");
    // For which names the directory is not asked does not show in how fast they are refused.
    let began = std::time::Instant::now();
    assert_eq!(case.sign_in("carl", "not the password").await.0, 401);
    assert!(began.elapsed() >= Duration::from_secs(1));

    directory.child.kill().unwrap();
    directory.child.wait().unwrap();
    let (status, answer, _) = case.sign_in("ann", "the password of ann").await;
    assert_eq!((status, &answer["code"]), (503, &json!("WK-2028")), "{answer}");
    assert!(case.node.plan.log().contains("the directory could not be asked"));
    // An account of the site does not need it, and a wrong password tells nobody that it is one.
    let (status, same, _) = case.sign_in("carl", "not the password").await;
    let told = |it: &Value| (it["code"].clone(), it["detail"].clone());
    assert_eq!((status, told(&same)), (503, told(&answer)));
    assert_eq!(case.sign_in("carl", "the password of carl").await.0, 201);
    let log = case.node.plan.log();
    for secret in ["the password of ann", "the password of reader"] {
        assert!(!log.contains(secret), "a password is in the log");
    }
}

const PER_MINUTE: usize = 10;

/// Tries are free again once the minute is over, which the answers say.
async fn wait_for_the_next_window(case: &Case) {
    eventually("the next minute", Duration::from_secs(90), || async {
        let (status, answer, _) = case.sign_in("ann", "the password of ann").await;
        if status == 201 { Ok(()) } else { Err(format!("{status} {answer}")) }
    })
    .await;
}
