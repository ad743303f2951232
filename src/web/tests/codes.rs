//! Codes and their help pages belong together.

use crate::web::codes::PAGES;
use std::{collections::BTreeSet, path::Path};

fn read(dir: &Path, into: &mut String) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("codes.rs") {
            into.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn used() -> BTreeSet<String> {
    let mut text = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    let pattern = regex::Regex::new(r"WK-[0-9]{4}").unwrap();
    let examples = ["WK-1234"];
    let found = pattern.find_iter(&text).map(|found| found.as_str().to_owned());
    found.filter(|code| !examples.contains(&code.as_str())).collect()
}

#[test]
fn every_code_in_the_sources_has_a_help_page() {
    let pages: BTreeSet<String> = PAGES.iter().map(|page| page.code.to_owned()).collect();
    let missing: Vec<String> = used().difference(&pages).cloned().collect();
    assert!(missing.is_empty(), "codes without a page in src/web/codes.rs: {missing:?}");
}

#[test]
fn pages_are_sorted_and_unique() {
    assert!(PAGES.windows(2).all(|pair| pair[0].code < pair[1].code));
}
