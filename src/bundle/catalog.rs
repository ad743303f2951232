//! The catalogue: `bundles/*.toml`, one file a component or exporter, compiled in.

use super::{
    error::{BundleError, Result},
    manifest::{Arch, ItemKind, TreeBind},
};
use crate::model::Name;
use rust_embed::RustEmbed;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(RustEmbed)]
#[folder = "bundles/"]
#[include = "*.toml"]
struct Files;

/// One file of the catalogue.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Equal to the file's name.
    pub name: Name,
    /// For people.
    pub title: String,
    /// Component, exporter…
    pub kind: ItemKind,
    /// SPDX expression.
    pub licence: String,
    /// The project's own releases.
    pub upstream: Upstream,
    /// Packages of Debian, where there are any.
    pub debian: Option<Debian>,
}

/// Release archives. `{version}` and `{arch}` in URLs are replaced.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// Taken unless another is asked for.
    pub version: String,
    /// Of the archive.
    pub url: String,
    /// Of the release's own sums: lines `<hex>  <file>`, or a bare digest.
    pub sums: String,
    /// Leading path components to drop.
    pub strip: u32,
    /// Our name of a program → its path after that.
    pub programs: BTreeMap<String, String>,
    /// The archives we know of.
    pub archives: Vec<Archive>,
}

/// One release archive.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// `3.14.0`
    pub version: String,
    /// For which machines.
    pub arch: Arch,
    /// Absent only with `unverified`.
    pub sha256: Option<String>,
    /// The sum is missing or known from one place only: the release's own must agree too.
    #[serde(default)]
    pub unverified: bool,
    /// In place of the template, where the name cannot be derived.
    pub url: Option<String>,
}

/// How to make an item of Debian packages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Debian {
    /// The first one gives the item its version.
    pub packages: Vec<String>,
    /// What Debian's build lacks.
    #[serde(default)]
    pub traits: BTreeSet<String>,
    /// Our name of a program → its path in the packages; it becomes `bin/<name>`.
    pub programs: BTreeMap<String, String>,
    /// Path in the tree → path in the packages.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Directories of the tree that programs expect at fixed places.
    #[serde(default)]
    pub binds: Vec<TreeBind>,
}

impl Entry {
    /// The archive of a version (`None` = the catalogue's choice), its URL and that of its sums.
    ///
    /// # Errors
    /// `Build` when the catalogue does not know it, with the versions it knows.
    pub fn archive(&self, version: Option<&str>, arch: Arch) -> Result<(&Archive, String, String)> {
        let version = version.unwrap_or(&self.upstream.version);
        let found = |archive: &&Archive| archive.version == version && archive.arch == arch;
        let archive = self.upstream.archives.iter().find(found).ok_or_else(|| {
            let known: Vec<_> = self
                .upstream
                .archives
                .iter()
                .map(|archive| format!("{} {}", archive.version, archive.arch))
                .collect();
            BundleError::Build(format!(
                "the catalogue has no {} {version} for {arch}; it has {}",
                self.name,
                known.join(", ")
            ))
        })?;
        let fill = |template: &str| {
            template.replace("{version}", version).replace("{arch}", &arch.to_string())
        };
        let url = archive.url.clone().unwrap_or_else(|| fill(&self.upstream.url));
        Ok((archive, url, fill(&self.upstream.sums)))
    }
}

/// All entries, sorted by name.
///
/// # Errors
/// `Build` when a compiled-in file breaks the form: a bug that a test keeps out.
pub fn entries() -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for file in Files::iter() {
        let content = Files::get(&file).map(|f| f.data.into_owned()).unwrap_or_default();
        entries.push(parse(&file, &content)?);
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

pub(crate) fn parse(file: &str, content: &[u8]) -> Result<Entry> {
    let entry: Entry = toml::from_slice(content)
        .map_err(|error| BundleError::Build(format!("bundles/{file}: {error}")))?;
    let bad = entry.upstream.archives.iter().find(|archive| match &archive.sha256 {
        Some(sum) => !super::sum::is_sum(sum),
        None => !archive.unverified,
    });
    if let Some(archive) = bad {
        let reason = format!("bundles/{file}: {} {} has no sum", archive.version, archive.arch);
        return Err(BundleError::Build(reason));
    }
    Ok(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_well_formed_and_names_what_it_installs() {
        let entries = entries().unwrap();
        let names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "alertmanager",
                "blackbox_exporter",
                "grafana",
                "node_exporter",
                "prometheus",
                "thanos"
            ]
        );
        for entry in &entries {
            for arch in [Arch::Amd64, Arch::Arm64] {
                let (_, url, sums) = entry.archive(None, arch).unwrap();
                assert!(url.starts_with("https://") && !url.contains('{'), "{url}");
                assert!(sums.starts_with("https://") && !sums.contains('{'), "{sums}");
            }
            if let Some(debian) = &entry.debian {
                let programs: Vec<_> = debian.programs.keys().collect();
                assert_eq!(programs, entry.upstream.programs.keys().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_sum_may_be_missing_only_where_the_release_is_asked() {
        let text = include_str!("../../bundles/thanos.toml");
        assert!(parse("thanos.toml", text.as_bytes()).is_ok());
        let text = text.replace("unverified = true", "");
        let error = parse("thanos.toml", text.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("has no sum"), "{error}");
    }
}
