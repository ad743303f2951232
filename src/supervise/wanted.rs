//! What is refused before anything is touched.

use super::SuperviseError;
use super::probe;
use crate::model::process::ProcessSpec;
use std::path::Path;

/// Whether `spec` could be started on some machine.
pub(super) fn check(spec: &ProcessSpec) -> Result<(), SuperviseError> {
    let refuse =
        |reason: String| Err(SuperviseError::InvalidSpec { name: spec.name.clone(), reason });
    if !is_word(&spec.name) {
        return refuse("its name is not made of a-z, 0-9 and -".into());
    }
    let binds = spec.binds.iter().flat_map(|bind| [&bind.source, &bind.target]);
    for path in [&spec.exe, &spec.cwd].into_iter().chain(binds) {
        if !is_absolute(path) {
            return refuse(format!("{} is not an absolute path", path.display()));
        }
    }
    let texts = spec.args.iter().chain(spec.env.keys()).chain(spec.env.values());
    if texts.clone().any(|text| text.contains('\0')) {
        return refuse("an argument or variable contains a zero byte".into());
    }
    if let Some(key) = spec.env.keys().find(|key| key.is_empty() || key.contains('=')) {
        return refuse(format!("{key:?} cannot be the name of a variable"));
    }
    probe::check(&spec.ready).or_else(|error| refuse(error.to_string()))
}

/// The owner is part of a marker `OWNER/NAME`.
pub(super) fn check_owner(owner: &str) -> Result<(), SuperviseError> {
    if owner.is_empty() || owner.contains(['/', '\0']) {
        let reason = "an owner is not empty and has no / in it".to_owned();
        return Err(SuperviseError::InvalidSpec { name: owner.to_owned(), reason });
    }
    Ok(())
}

fn is_word(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.len() <= 64 && name.bytes().all(allowed)
}

fn is_absolute(path: &Path) -> bool {
    path.is_absolute() && !path.as_os_str().as_encoded_bytes().contains(&0)
}
