//! `watchkeep bundle keygen · sign · trust`.

use super::super::{
    Common,
    client::{self, Client},
    exit::{Exit, Outcome, Stop},
    output::{self, Format},
};
use crate::{
    base::{atomic_file, redact::Secret},
    bundle::{Bundle, PublicKey, SecretKey},
};
use anyhow::Context as _;
use clap::Args;
use serde_json::{Value, json};
use std::{
    fs::File,
    io::{Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

/// Flags of `bundle keygen`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep bundle keygen --out release.key
      keep release.key secret; release.key.pub goes to every node as --trust")]
pub(super) struct KeygenArgs {
    /// File for the secret key; the public one is written beside it as FILE.pub
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Flags of `bundle sign`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  watchkeep bundle sign components.wkb --key release.key")]
pub(super) struct SignArgs {
    /// Bundle to sign; keeps the signatures it has
    bundle: PathBuf,
    /// File with the secret key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Write the signed bundle there instead of replacing it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Flags of `bundle trust`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep bundle trust release.key.pub
      every node takes bundles that this key signed, from now on
  watchkeep bundle trust --remove release.key.pub
      new bundles of it are refused; what runs goes on")]
pub(super) struct TrustArgs {
    /// Public key (wkpub1.…) or file with one
    key: String,
    /// Take it away again
    #[arg(long)]
    remove: bool,
}

pub(super) fn keygen(common: &Common, args: &KeygenArgs) -> Outcome {
    let key = SecretKey::generate()?;
    let public = key.public();
    // Never over an older key: bundles out there may only be checked with that.
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&args.out)
        .with_context(|| format!("cannot create {}", args.out.display()))?;
    file.write_all(key.to_text().expose().as_bytes())?;
    file.sync_all()?;
    let beside = PathBuf::from(format!("{}.pub", args.out.display()));
    atomic_file::write(&beside, format!("{public}\n").as_bytes(), 0o644)
        .with_context(|| format!("cannot write {}", beside.display()))?;
    match common.output {
        Format::Table => output::line(&public.to_string())?,
        Format::Json => output::json(
            &serde_json::json!({ "id": public.id(), "public_key": public.to_string() }),
        )?,
    }
    Ok(Exit::Done)
}

pub(super) fn sign(args: &SignArgs) -> Outcome {
    let key = read_secret_key(&args.key)?;
    let out = args.out.as_ref().unwrap_or(&args.bundle);
    Bundle::inspect(&args.bundle)?.sign_to(&key, out)?;
    output::talk(&format!("{} is signed by {}", out.display(), key.public().id()));
    Ok(Exit::Done)
}

pub(super) fn trust(common: &Common, args: &TrustArgs) -> Outcome {
    let key = PublicKey::from_text_or_file(&args.key)?;
    let client = Client::new(common)?;
    let added = client::run(add_to_settings(&client, &key, args.remove))?;
    match (added, args.remove) {
        (true, false) => output::talk(&format!("the cluster trusts {} ({key})", key.id())),
        (false, false) => output::talk(&format!("the cluster trusted {} already", key.id())),
        (true, true) => output::talk(&format!("the cluster no longer trusts {}", key.id())),
        (false, true) => output::talk(&format!("the cluster did not trust {}", key.id())),
    }
    Ok(Exit::Done)
}

/// Says whether something changed. Somebody else's change of the settings in between is not
/// overwritten: that is an error then.
async fn add_to_settings(client: &Client, key: &PublicKey, remove: bool) -> Result<bool, Stop> {
    let found = client.get("/api/v1/settings", &[]).await?;
    let object = found["items"].as_array().and_then(|items| items.first());
    let mut spec = object.map_or_else(|| json!({}), |object| object["spec"].clone());
    let text = key.to_string();
    let known = spec["bundles"]["trusted_keys"].as_array().cloned().unwrap_or_default();
    let mut keys: Vec<Value> = known.iter().filter(|k| **k != text).cloned().collect();
    if !remove {
        keys.push(text.into());
    }
    if keys.len() == known.len() {
        return Ok(false);
    }
    spec["bundles"]["trusted_keys"] = keys.into();
    let body = json!({"kind": "settings", "name": "default", "spec": spec});
    let guard = match object.and_then(|object| object["revision"].as_str()) {
        Some(revision) => ("if-match", format!("\"{revision}\"")),
        None => ("if-none-match", "*".to_owned()),
    };
    let what = if remove { "no longer trusted" } else { "trusted" };
    let why = format!("bundle key {} {what}", key.id());
    let fill = |request: reqwest::RequestBuilder| {
        request.header(guard.0, &guard.1).header("x-wk-why", &why).json(&body)
    };
    client.send(reqwest::Method::PUT, "/api/v1/settings/default", fill).await?;
    Ok(true)
}

/// The file's text is wiped from memory once the key is made of it.
pub(super) fn read_secret_key(path: &Path) -> anyhow::Result<SecretKey> {
    let what = path.display().to_string();
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(4096).read_to_string(&mut text));
    let text = Secret::new(text);
    read.with_context(|| format!("cannot read {what}"))?;
    Ok(SecretKey::parse(&what, text.expose())?)
}
