//! What the demo starts and where. Pure.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
};

/// First of the addresses of the sample hosts: 127.0.0.11.
const FIRST_HOST: u8 = 11;
/// How many sample hosts there are.
const N_HOSTS: u8 = 2;

/// One node of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoNode {
    /// `node1`
    pub name: String,
    /// 127.0.0.N
    pub address: IpAddr,
    /// Holds conf file, key file, data and ready file.
    pub dir: PathBuf,
}

impl DemoNode {
    /// Data directory.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// Written by the node once it serves.
    #[must_use]
    pub fn ready_file(&self) -> PathBuf {
        self.dir.join("ready.json")
    }

    /// Its conf file's path.
    #[must_use]
    pub fn conf_file(&self) -> PathBuf {
        self.dir.join("watchkeep.toml")
    }

    /// Content of its conf file.
    #[must_use]
    pub fn conf(&self, all: &[Self], token: &Path, bundle: &Path) -> String {
        let seeds: Vec<String> = all.iter().map(|node| format!("\"{}\"", node.address)).collect();
        let membership = if all.len() > 1 {
            format!("cluster = [{}]\ntoken_file = {}\n", seeds.join(", "), quoted(token))
        } else {
            String::new()
        };
        format!(
            "# Written by `watchkeep demo`.\n\
             data_dir = {data}\nkey_file = {key}\nlisten = \"{address}\"\n\
             advertise = \"{address}\"\ncluster_name = \"demo\"\n{membership}\
             [public]\ntls = \"off\"\n\
             [bundle]\nfile = {bundle}\nallow_unsigned = true\n",
            data = quoted(&self.data_dir()),
            key = quoted(&self.dir.join("secret.key")),
            address = self.address,
            bundle = quoted(bundle),
        )
    }
}

/// `n` nodes on 127.0.0.1 and up, below `dir`.
#[must_use]
pub fn nodes(n: u8, dir: &Path) -> Vec<DemoNode> {
    (1..=n)
        .map(|number| DemoNode {
            name: format!("node{number}"),
            address: IpAddr::V4(Ipv4Addr::new(127, 0, 0, number)),
            dir: dir.join(format!("node{number}")),
        })
        .collect()
}

/// Addresses of the sample hosts.
pub fn hosts() -> impl Iterator<Item = IpAddr> {
    (FIRST_HOST..FIRST_HOST + N_HOSTS).map(|last| IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)))
}

fn quoted(path: &Path) -> String {
    toml::Value::String(path.display().to_string()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::conf::ConfFile;

    #[test]
    fn the_written_conf_files_are_accepted_and_name_all_nodes() {
        let dir = Path::new("/tmp/with \"quotes\"");
        let all = nodes(3, dir);
        let text = all[1].conf(&all, Path::new("/t/token"), Path::new("/b.wkb"));
        let conf = ConfFile::parse(&text).unwrap();
        assert_eq!(conf.cluster, ["127.0.0.1", "127.0.0.2", "127.0.0.3"]);
        assert_eq!(conf.listen, Some(all[1].address));
        assert_eq!(conf.data_dir, Some(all[1].data_dir()));
    }

    #[test]
    fn a_single_node_needs_no_token() {
        let all = nodes(1, Path::new("/tmp/x"));
        let text = all[0].conf(&all, Path::new("/t"), Path::new("/b"));
        let conf = ConfFile::parse(&text).unwrap();
        assert!(conf.cluster.is_empty() && conf.token_file.is_none());
    }
}
