//! A real exim with TLS and accounts: skipped by name where Debian's `exim4-daemon-light` is not
//! installed or the test does not run as root, which exim's daemon needs.

use super::scripted::{channel, message};
use crate::base::atomic_file;
use crate::notify::channel::mail::*;
use serde_json::{Value, json};
use std::{
    fs,
    net::{SocketAddr, TcpListener},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Stdio},
};
use tempfile::TempDir;

/// For a daemon to answer, and for it to put a mail into its folder.
const PATIENCE: Duration = Duration::from_secs(30);

const CONFIG: &str = r"
spool_directory = @DIR@/spool
log_file_path = @DIR@/log/%slog
pid_file_path = @DIR@/exim.pid
primary_hostname = mail.test
local_interfaces = 127.0.0.1
daemon_smtp_ports = @PORT@ : @WRAPPED@
tls_on_connect_ports = @WRAPPED@
tls_advertise_hosts = *
tls_certificate = @DIR@/cert.pem
tls_privatekey = @DIR@/key.pem
auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
domainlist local_domains = example.org
acl_smtp_rcpt = rcpt
acl_smtp_data = data
host_lookup =
rfc1413_query_timeout = 0s
keep_environment =
begin acl
rcpt:
  deny local_parts = refused
       message = no such user here
  defer local_parts = grey
       message = greylisted
  accept authenticated = *
         domains = +local_domains
  deny message = sign in first
data:
  accept
begin routers
local:
  driver = accept
  domains = +local_domains
  local_parts = anna : bert : grey
  transport = folder
begin transports
folder:
  driver = appendfile
  maildir_format
  directory = @DIR@/mail/$local_part_data
  create_directory
  user = Debian-exim
  group = Debian-exim
begin authenticators
plain:
  driver = plaintext
  public_name = @MECHANISM@
  server_prompts = @PROMPTS@
  server_condition = ${if and{{eq{$auth@USER@}{watchkeep}}{eq{$auth@PASSWORD@}{hunter2}}}}
  server_set_id = $auth@USER@
";

struct Exim {
    dir: TempDir,
    daemon: Child,
    address: SocketAddr,
    wrapped: SocketAddr,
    ca: String,
}

impl Drop for Exim {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// Where Debian puts it.
fn program() -> Option<&'static Path> {
    let exim = Path::new("/usr/sbin/exim4");
    if exim.exists() && rustix::process::geteuid().is_root() {
        return Some(exim);
    }
    println!("SKIP real mail server: needs root and the package exim4-daemon-light");
    None
}

impl Exim {
    #[expect(clippy::disallowed_methods, reason = "a test; there is no supervisor here")]
    fn start(mechanism: &str) -> Option<Self> {
        let program = program()?;
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (free(), free());
        let address = one.local_addr().unwrap();
        let wrapped = two.local_addr().unwrap();
        drop((one, two));
        let ca = certificate(dir.path());
        // Prompts and variables of the two ways to sign in.
        let (prompts, user, password) = match mechanism {
            "LOGIN" => ("Username:: : Password::", "1", "2"),
            _ => (":", "2", "3"),
        };
        let config = CONFIG
            .replace("@DIR@", dir.path().to_str().unwrap())
            .replace("@PORT@", &address.port().to_string())
            .replace("@WRAPPED@", &wrapped.port().to_string())
            .replace("@MECHANISM@", mechanism)
            .replace("@PROMPTS@", prompts)
            .replace("@USER@", user)
            .replace("@PASSWORD@", password);
        let path = dir.path().join("exim.conf");
        atomic_file::write(&path, config.as_bytes(), 0o644).unwrap();
        for folder in ["spool", "log", "mail"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        // The daemon gives up root once it has its ports.
        for own in ["", "spool", "log", "mail", "key.pem"] {
            let path = dir.path().join(own);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
        }
        let daemon = std::process::Command::new(program)
            .arg("-C")
            .arg(&path)
            .args(["-bdf", "-q30m"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self { dir, daemon, address, wrapped, ca })
    }

    async fn ready(&self) {
        self.until("exim answers", || {
            std::net::TcpStream::connect(self.address).is_ok()
                && std::net::TcpStream::connect(self.wrapped).is_ok()
        })
        .await;
    }

    async fn until(&self, what: &str, holds: impl Fn() -> bool) {
        let until = Instant::now() + PATIENCE;
        while !holds() {
            let log = fs::read_to_string(self.dir.path().join("log/mainlog")).unwrap_or_default();
            assert!(Instant::now() < until, "{what}: {log}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn mails(&self, of: &str) -> Vec<PathBuf> {
        let folder = self.dir.path().join("mail").join(of).join("new");
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
    }

    /// The only mail of somebody, once it is there.
    async fn mail(&self, of: &str) -> String {
        self.until("a mail arrives", || !self.mails(of).is_empty()).await;
        let mails = self.mails(of);
        assert_eq!(mails.len(), 1, "{mails:?}");
        fs::read_to_string(&mails[0]).unwrap()
    }

    fn channel(&self, host: &str, more: Value) -> Mail {
        let mut settings = json!({"username": "watchkeep", "password_secret": "smtp",
                                  "tls": "starttls", "ca": self.ca, "timeout_seconds": 20});
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let address = match settings["tls"].as_str() {
            Some("tls") => self.wrapped,
            _ => self.address,
        };
        channel(host, address, settings)
    }
}

fn free() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

/// A self-signed certificate for `localhost`; what is to be trusted.
fn certificate(dir: &Path) -> String {
    let key = rcgen::KeyPair::generate().unwrap();
    let of = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let cert = of.self_signed(&key).unwrap();
    atomic_file::write(&dir.join("key.pem"), key.serialize_pem().as_bytes(), 0o644).unwrap();
    atomic_file::write(&dir.join("cert.pem"), cert.pem().as_bytes(), 0o644).unwrap();
    cert.pem()
}

#[tokio::test]
async fn mail_arrives_over_starttls_and_over_tls_signed_in_with_the_secret() {
    let Some(exim) = Exim::start("PLAIN") else { return };
    exim.ready().await;
    for (tls, to) in [("starttls", "anna"), ("tls", "bert")] {
        let outcome = exim
            .channel("localhost", json!({"tls": tls}))
            .send(&message(&format!("{to}@example.org")))
            .await;
        assert_eq!(outcome.class, Class::Accepted, "{tls}: {}", outcome.reason);
        assert!(outcome.reason.contains("OK id="), "{}", outcome.reason);
        let mail = exim.mail(to).await;
        assert!(mail.contains("Subject: [critical] DiskFull (shop)"), "{mail}");
        assert!(mail.contains("Message-ID: <msg_1@example.org>"), "{mail}");
        assert!(mail.contains("db-01 is full") && mail.contains("text/html"), "{mail}");
    }
}

#[tokio::test]
async fn a_server_that_knows_login_only_is_signed_in_to() {
    let Some(exim) = Exim::start("LOGIN") else { return };
    exim.ready().await;
    let outcome = exim.channel("localhost", json!({})).send(&message("anna@example.org")).await;
    assert_eq!(outcome.class, Class::Accepted, "{}", outcome.reason);
    exim.mail("anna").await;
}

#[tokio::test]
async fn a_refused_recipient_a_greylisted_one_and_a_wrong_password_are_told_apart() {
    let Some(exim) = Exim::start("PLAIN") else { return };
    exim.ready().await;
    let good = exim.channel("localhost", json!({}));
    let refused = good.send(&message("refused@example.org")).await;
    assert_eq!((refused.class, refused.status), (Class::Rejected, Some(550)));
    assert!(refused.reason.contains("no such user here"), "{}", refused.reason);
    let grey = good.send(&message("grey@example.org")).await;
    assert_eq!((grey.class, grey.status), (Class::Retry, Some(451)), "{}", grey.reason);
    let fine = good.send(&message("anna@example.org")).await;
    assert_eq!(fine.class, Class::Accepted, "{}", fine.reason);
    exim.mail("anna").await;
    let wrong = exim.channel("localhost", json!({"username": "somebody"}));
    let wrong = wrong.send(&message("anna@example.org")).await;
    assert_eq!((wrong.class, wrong.status), (Class::Rejected, Some(535)), "{}", wrong.reason);
    assert!(!wrong.reason.contains("hunter2"));
    let nobody = exim.channel("localhost", json!({"username": null, "password_secret": null}));
    let nobody = nobody.send(&message("anna@example.org")).await;
    assert_eq!(nobody.class, Class::Rejected, "{}", nobody.reason);
    assert!(nobody.reason.contains("sign in first"), "{}", nobody.reason);
}

#[tokio::test]
async fn a_server_under_another_name_than_its_certificates_gets_nothing() {
    let Some(exim) = Exim::start("PLAIN") else { return };
    exim.ready().await;
    for tls in ["starttls", "tls"] {
        let outcome =
            exim.channel("127.0.0.1", json!({"tls": tls})).send(&message("anna@example.org")).await;
        assert_eq!(outcome.class, Class::Retry, "{tls}: {}", outcome.reason);
        assert!(outcome.reason.contains("certificate"), "{tls}: {}", outcome.reason);
    }
    assert!(exim.mails("anna").is_empty());
}

#[tokio::test]
async fn a_server_whose_ca_the_channel_does_not_know_gets_nothing() {
    let Some(exim) = Exim::start("PLAIN") else { return };
    exim.ready().await;
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    for ca in [Value::Null, other.cert.pem().into()] {
        let channel = exim.channel("localhost", json!({ "ca": ca }));
        let outcome = channel.send(&message("anna@example.org")).await;
        assert_eq!(outcome.class, Class::Retry, "{}", outcome.reason);
        assert!(outcome.reason.contains("certificate"), "{}", outcome.reason);
    }
    assert!(exim.mails("anna").is_empty());
    // Of several certificates one that fits is enough.
    let both = other.cert.pem() + &exim.ca;
    let channel = exim.channel("localhost", json!({"ca": both, "language": "zh"}));
    let outcome = channel.send(&message("anna@example.org")).await;
    assert_eq!(outcome.class, Class::Accepted, "{}", outcome.reason);
    let mail = exim.mail("anna").await;
    assert!(mail.contains("DiskFull") && !mail.contains("FIRING"), "{mail}");
}
