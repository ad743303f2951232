//! The layers of ARCHITECTURE.md, kept by reading every source file: a module may use only those
//! named for it, and some crates only one module may name.

use std::path::{Path, PathBuf};

/// Module → modules of ours it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("model", &[]),
    ("scope", &["model", "base"]),
    ("render", &["model", "scope"]),
    ("store", &["model", "base"]),
    ("supervise", &["model", "base"]),
    ("bundle", &["model", "base", "supervise"]),
    ("peer", &["model", "base"]),
    ("membership", &["model", "base", "store", "peer"]),
    ("observe", &["model", "base", "store"]),
    ("notify", &["model", "base", "store"]),
    ("silence", &["model", "base", "store"]),
    ("admission", &["model", "base", "scope", "store", "render", "bundle", "supervise"]),
    (
        "reconcile",
        &["model", "base", "store", "render", "supervise", "bundle", "observe", "admission"],
    ),
    (
        "web",
        &[
            "model",
            "base",
            "scope",
            "store",
            "admission",
            "membership",
            "render",
            "notify",
            "silence",
            "observe",
            "telemetry",
        ],
    ),
    ("telemetry", &["model", "base"]),
    ("demo", &["model", "base", "supervise", "bundle"]),
];

/// Crate → the one module that may name it.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("openraft", &["store"]),
    ("redb", &["store", "notify/spool.rs"]),
    ("tar::", &["bundle"]),
    ("zip::", &["bundle"]),
    ("rcgen", &["peer"]),
];

fn sources(dir: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.ends_with("tests") {
            // A folder of `#[cfg(test)]` modules.
        } else if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// Code lines, without comments; `#[cfg(test)]` modules at the end of a file are left out, since
/// tests may build what they need from anywhere.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"))
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[test]
fn modules_use_only_the_layers_below_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 20, "only {} sources found", files.len());
    let mut broken = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        let module = relative.split(['/', '.']).next().unwrap().to_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        for (number, line) in code(&text) {
            if let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) {
                for used in line.split("crate::").skip(1) {
                    let used: String = used
                        .chars()
                        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                        .collect();
                    if !used.is_empty() && used != module && !allowed.contains(&used.as_str()) {
                        broken.push(format!("{relative}:{}: {module} uses {used}", number + 1));
                    }
                }
            }
            for (name, homes) in ONLY_IN {
                let named = (line.contains(&format!("{name}::"))
                    || line.contains(&format!("use {name}"))
                    || name.ends_with("::") && line.contains(name))
                    && !line.contains(&format!("crate::{name}"))
                    && line.split(name).next().is_some_and(|before| {
                        !before
                            .ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '"')
                    });
                if named && !homes.iter().any(|home| relative.starts_with(home)) {
                    broken
                        .push(format!("{relative}:{}: only {homes:?} may name {name}", number + 1));
                }
            }
        }
    }
    assert!(broken.is_empty(), "layers broken:\n{}", broken.join("\n"));
}
