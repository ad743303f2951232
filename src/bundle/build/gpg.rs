//! Signature of an `InRelease`, checked by `gpgv`.

use super::{Bench, tools::GPGV};
use crate::{
    base::atomic_file,
    bundle::error::{BundleError, Result, io_error},
};
use std::{fs, path::Path};

const ARMOUR: &str = "-----BEGIN PGP";

/// The signed text of `in_release`, by one of the keys in `keyring` (files, or a block of armoured
/// keys, as in `Signed-By`).
///
/// # Errors
/// `ToolMissing`, `Tool` when no key of the ring signed it or a signature is bad, `Io`.
pub(super) async fn signed_text(
    bench: &Bench<'_>,
    in_release: &[u8],
    keyring: &str,
) -> Result<String> {
    let (signed, text) = (bench.work.path("InRelease"), bench.work.path("Release"));
    let _ = fs::remove_file(&text);
    atomic_file::write(&signed, in_release, 0o600).map_err(io_error("write", &signed))?;
    let mut args = vec!["--status-fd".to_owned(), "1".to_owned()];
    for (number, ring) in rings(keyring)?.into_iter().enumerate() {
        let path = bench.work.path(&format!("keyring-{number}.gpg"));
        atomic_file::write(&path, &ring, 0o600).map_err(io_error("write", &path))?;
        args.extend(["--keyring".to_owned(), path.display().to_string()]);
    }
    args.extend(["--output".to_owned(), text.display().to_string(), signed.display().to_string()]);
    let output = GPGV.run(args, &bench.work.path("")).await?;
    // The exit code is of no use: it is not 0 already when one of several signers is unknown.
    judge(&output.stdout).map_err(|reason| GPGV.failed(&format!("{reason}: {}", output.stderr)))?;
    fs::read_to_string(&text).map_err(io_error("read", &text))
}

/// At least one good signature and no bad one. Words: doc/DETAILS of GnuPG.
fn judge(status: &str) -> std::result::Result<(), &'static str> {
    let said = |word: &str| status.lines().any(|line| line.split(' ').nth(1) == Some(word));
    if said("BADSIG") {
        Err("the index was changed after it was signed")
    } else if said("GOODSIG") && said("VALIDSIG") {
        Ok(())
    } else {
        Err("the index is not signed by a key of the keyring")
    }
}

/// The binary form of every keyring that is named.
fn rings(keyring: &str) -> Result<Vec<Vec<u8>>> {
    if keyring.contains(ARMOUR) {
        return dearmour(keyring).map(|ring| vec![ring]);
    }
    let mut rings = Vec::new();
    for path in keyring.split_whitespace().map(Path::new) {
        let bytes = fs::read(path).map_err(io_error("read keyring", path))?;
        let armoured = bytes.starts_with(ARMOUR.as_bytes());
        rings.push(if armoured { dearmour(&String::from_utf8_lossy(&bytes))? } else { bytes });
    }
    Ok(rings)
}

/// Drops header, blank-line block and check sum (RFC 9580 §6): gpgv reads the binary form only.
fn dearmour(text: &str) -> Result<Vec<u8>> {
    let body: String = text
        .lines()
        .map(str::trim)
        .skip_while(|line| !line.starts_with(ARMOUR))
        .skip_while(|line| !line.is_empty())
        .take_while(|line| !line.starts_with('=') && !line.starts_with("-----END"))
        .collect();
    data_encoding::BASE64
        .decode(body.as_bytes())
        .ok()
        .filter(|bytes| !bytes.is_empty())
        .ok_or_else(|| BundleError::Build("the armoured keyring cannot be read".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_good_signature_is_enough_and_one_bad_is_too_much() {
        let good = "[GNUPG:] GOODSIG A x\n[GNUPG:] VALIDSIG A\n";
        assert!(judge(good).is_ok());
        assert!(judge(&format!("[GNUPG:] NO_PUBKEY B\n{good}")).is_ok());
        assert!(judge(&format!("{good}[GNUPG:] BADSIG B x\n")).is_err());
        assert!(judge("[GNUPG:] EXPKEYSIG A x\n[GNUPG:] VALIDSIG A\n").is_err());
        assert!(judge("[GNUPG:] NO_PUBKEY B\n").is_err());
        assert!(judge("GOODSIG VALIDSIG\n").is_err());
    }

    #[test]
    fn armoured_keys_become_binary() {
        let text =
            "x\n-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: 1\n\nAQID\nBAU=\n=abcd\n-----END";
        assert_eq!(dearmour(text).unwrap(), [1, 2, 3, 4, 5]);
        assert!(dearmour("-----BEGIN PGP\n\n-----END").is_err());
    }
}
