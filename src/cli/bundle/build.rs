//! `watchkeep bundle build`.

use super::super::{
    Common,
    exit::{Exit, Outcome, Stop},
    output,
};
use crate::bundle::{
    Arch, Bundle,
    build::{self, DebianOptions, Origin, Request},
};
use anyhow::Context as _;
use clap::{Args, ValueEnum};
use std::{collections::BTreeMap, path::PathBuf};

/// Flags of `bundle build`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  watchkeep bundle build --from upstream --out components.wkb
      the projects' own releases, checked against the catalogue's sums
  watchkeep bundle build --from debian --only prometheus,alertmanager
      packages of the machine's Debian mirror; installs nothing
  watchkeep bundle build --from path --dir downloads --key release.key
      release archives that were downloaded before, signed at once")]
pub(super) struct BuildArgs {
    /// Where the programs come from
    #[arg(long, value_enum, value_name = "ORIGIN")]
    from: From,
    /// Bundle to write
    #[arg(long, value_name = "FILE", default_value = "watchkeep.wkb")]
    out: PathBuf,
    /// Components to take [default: all that there are]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    only: Vec<String>,
    /// Machines to build for: amd64 or arm64 [default: this one's]
    #[arg(long, value_name = "ARCH")]
    arch: Option<Arch>,
    /// Version of a component: NAME=VERSION (upstream, path)
    #[arg(long, value_name = "NAME=VERSION")]
    component_version: Vec<String>,
    /// Directory with archives, component folders or programs (path)
    #[arg(long, value_name = "DIR", required_if_eq("from", "path"))]
    dir: Option<PathBuf>,
    /// Base URL [default: from the machine's apt sources] (debian)
    #[arg(long, value_name = "URL")]
    mirror: Option<String>,
    /// Keys of the mirror [default: from the machine's apt sources] (debian)
    #[arg(long, value_name = "FILE")]
    keyring: Option<PathBuf>,
    /// Suite [default: forky, else trixie] (debian)
    #[arg(long, value_name = "NAME")]
    suite: Option<String>,
    /// Take an index that is past its Valid-Until (debian)
    #[arg(long)]
    allow_stale_index: bool,
    /// Sign the bundle with the secret key in this file
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Where downloads are kept [default: the user's cache folder]
    #[arg(long, env = "WATCHKEEP_CACHE", value_name = "DIR")]
    cache: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum From {
    /// The projects' own releases
    Upstream,
    /// Packages of a Debian mirror
    Debian,
    /// What lies in a directory
    Path,
}

pub(super) fn build(common: &Common, args: BuildArgs) -> Outcome {
    let key = args.key.as_deref().map(super::keys::read_secret_key).transpose()?;
    let out = args.out.clone();
    let request = request(args)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let manifest = runtime.block_on(build::build(request, &|line| output::talk(line)))?;
    if let Some(key) = key {
        Bundle::inspect(&out)?.sign_to(&key, &out)?;
    }
    super::print_items(common, &manifest.items)?;
    Ok(Exit::Done)
}

fn request(args: BuildArgs) -> Result<Request, Stop> {
    let versions = versions(&args.component_version)?;
    let arch = args.arch.unwrap_or_else(Arch::current);
    if arch == Arch::Any {
        return Err(Stop::Usage("say for which machines: --arch amd64 or arm64".into()));
    }
    let cache = args.cache.map_or_else(default_cache, Ok)?.join("downloads");
    let origin = match args.from {
        From::Upstream => Origin::Upstream(versions),
        From::Path => Origin::Path(args.dir.unwrap_or_default(), versions),
        From::Debian => Origin::Debian(DebianOptions {
            mirror: args.mirror,
            keyring: args.keyring,
            suite: args.suite,
            allow_stale_index: args.allow_stale_index,
            etc_apt: "/etc/apt".into(),
        }),
    };
    Ok(Request { origin, only: args.only, arch, out: args.out, cache })
}

fn versions(pairs: &[String]) -> Result<BTreeMap<String, String>, Stop> {
    let split = |pair: &String| {
        pair.split_once('=')
            .map(|(name, version)| (name.to_owned(), version.to_owned()))
            .ok_or_else(|| Stop::Usage(format!("`{pair}` is not NAME=VERSION")))
    };
    pairs.iter().map(split).collect()
}

fn default_cache() -> Result<PathBuf, Stop> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_CACHE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("watchkeep"))
        .ok_or_else(|| Stop::Usage("there is no HOME: say where downloads go with --cache".into()))
}
