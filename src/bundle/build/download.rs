//! Downloads with a sum known before: what is kept in the cache is named by it, compared again
//! whenever it is used, and so never fetched twice.

use super::Say;
use crate::{
    base::backoff::Backoff,
    bundle::{
        error::{BundleError, Result, io_error},
        sum,
    },
};
use data_encoding::HEXLOWER;
use reqwest::{Client, Response, StatusCode};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

const TRIES: u32 = 3;
/// A long download says so often how far it is.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// Nothing we bundle is larger than this.
const MAX_BYTES: u64 = 2 << 30;

/// Fetches over HTTP and HTTPS.
#[derive(Debug, Clone)]
pub(super) struct Downloads {
    client: Client,
    cache: PathBuf,
}

impl Downloads {
    pub(super) fn new(cache: &Path) -> Result<Self> {
        fs::create_dir_all(cache).map_err(io_error("create", cache))?;
        let client =
            client().map_err(|error| BundleError::Build(format!("HTTP client: {error}")))?;
        Ok(Self { client, cache: cache.to_owned() })
    }

    /// A file of at most `max_bytes`, whatever its sum: to be verified by what it says.
    pub(super) async fn small(&self, url: &str, max_bytes: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.fetch(url, max_bytes, &mut bytes, Vec::clear, &|_| {}).await?;
        Ok(bytes)
    }

    /// A file with this sum, from the cache or from the first of `urls` that has it; returns
    /// where it lies.
    pub(super) async fn pinned(
        &self,
        urls: &[String],
        sha256: &str,
        size: Option<u64>,
        say: Say<'_>,
    ) -> Result<PathBuf> {
        let path = self.cache.join(sha256);
        if let Ok(mut file) = File::open(&path)
            && sum::of_reader(&mut file).is_ok_and(|(found, _)| found == sha256)
        {
            return Ok(path);
        }
        let mut outcome = Err(BundleError::Build("no address to fetch from".to_owned()));
        for url in urls {
            outcome = self.fetch_to(url, &path, sha256, size.unwrap_or(MAX_BYTES), say).await;
            if !matches!(outcome, Err(BundleError::Fetch { not_found: true, .. })) {
                break;
            }
        }
        outcome.map(|()| path)
    }

    async fn fetch_to(
        &self,
        url: &str,
        path: &Path,
        sha256: &str,
        max_bytes: u64,
        say: Say<'_>,
    ) -> Result<()> {
        let temporary = path.with_extension(format!("partial-{}", std::process::id()));
        let file = File::create(&temporary).map_err(io_error("create", &temporary))?;
        let mut sink = Summed { file, hasher: Sha256::new() };
        let fetched = self.fetch(url, max_bytes, &mut sink, Summed::restart, say).await;
        let found = HEXLOWER.encode(&sink.hasher.finalize());
        let kept = fetched.and_then(|()| {
            if found != sha256 {
                let (what, expected) = (url.to_owned(), sha256.to_owned());
                return Err(BundleError::WrongSum { what, expected, found });
            }
            fs::rename(&temporary, path).map_err(io_error("keep", path))
        });
        if kept.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        kept
    }

    /// Writes the body to `sink`, which `restart` empties before another try.
    async fn fetch<W: Write + Send>(
        &self,
        url: &str,
        max_bytes: u64,
        sink: &mut W,
        restart: fn(&mut W),
        say: Say<'_>,
    ) -> Result<()> {
        let mut backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(4));
        let mut tries = 1;
        loop {
            restart(sink);
            match self.fetch_once(url, max_bytes, sink, say).await {
                Ok(()) => return Ok(()),
                Err(failed) if !failed.temporary || tries == TRIES => {
                    let Failed { reason, not_found, .. } = failed;
                    return Err(BundleError::Fetch { url: url.to_owned(), reason, not_found });
                }
                Err(_) => tokio::time::sleep(backoff.next_wait()).await,
            }
            tries += 1;
        }
    }

    async fn fetch_once(
        &self,
        url: &str,
        max_bytes: u64,
        sink: &mut (dyn Write + Send),
        say: Say<'_>,
    ) -> std::result::Result<(), Failed> {
        let response = self.client.get(url).send().await.map_err(|e| Failed::network(&e))?;
        let mut response = successful(response)?;
        let file = url.rsplit('/').next().unwrap_or_default();
        let total = response.content_length().map(|total| format!(" of {}", megabytes(total)));
        let mut left = max_bytes;
        let mut told = Instant::now();
        while let Some(chunk) = response.chunk().await.map_err(|e| Failed::network(&e))? {
            left = left
                .checked_sub(chunk.len() as u64)
                .ok_or_else(|| Failed::for_good(format!("it is longer than {max_bytes} bytes")))?;
            sink.write_all(&chunk).map_err(|error| Failed::for_good(error.to_string()))?;
            if told.elapsed() >= TELL_EVERY {
                told = Instant::now();
                let total = total.as_deref().unwrap_or_default();
                say(&format!("{file}: {}{total} MB", megabytes(max_bytes - left)));
            }
        }
        Ok(())
    }
}

const fn megabytes(bytes: u64) -> u64 {
    bytes / 1_000_000
}

struct Summed {
    file: File,
    hasher: Sha256,
}

impl Summed {
    fn restart(&mut self) {
        use std::io::Seek;
        self.hasher = Sha256::new();
        // A file that cannot be emptied has a wrong sum in the end.
        let _ = self.file.set_len(0);
        let _ = self.file.rewind();
    }
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Why one try failed.
struct Failed {
    reason: String,
    not_found: bool,
    temporary: bool,
}

impl Failed {
    fn for_good(reason: String) -> Self {
        Self { reason, not_found: false, temporary: false }
    }

    fn network(error: &reqwest::Error) -> Self {
        let reason = crate::base::error_chain::ErrorChain(error).to_string();
        Self { reason, not_found: false, temporary: !error.is_builder() }
    }
}

fn successful(response: Response) -> std::result::Result<Response, Failed> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    Err(Failed {
        reason: format!("the server answered {status}"),
        not_found: matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE),
        temporary: status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS,
    })
}

/// Believes the machine's certificate authorities, or the public ones where it has none.
fn client() -> std::result::Result<Client, reqwest::Error> {
    // The first call of the process wins; all of ours install the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = || {
        Client::builder()
            .user_agent(concat!("watchkeep/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(15))
            .read_timeout(Duration::from_secs(60))
    };
    builder().build().or_else(|_| {
        let roots =
            rustls::RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        match rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
        {
            Ok(tls) => builder()
                .tls_backend_preconfigured(tls.with_root_certificates(roots).with_no_client_auth())
                .build(),
            Err(_) => builder().build(),
        }
    })
}
