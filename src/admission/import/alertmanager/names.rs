//! Names of objects from texts that may be anything.

use crate::model::Name;
use std::collections::BTreeSet;

/// Names that were given away.
#[derive(Default)]
pub(super) struct Names(BTreeSet<Name>);

impl Names {
    /// A name like `text`, or `otherwise` where nothing of it can stay, and not given away yet.
    pub(super) fn give(&mut self, text: &str, otherwise: &str) -> Name {
        let slug = slug(text);
        let slug = if slug.is_empty() { otherwise.to_owned() } else { slug };
        let candidates = (1..).map(|n| if n == 1 { slug.clone() } else { format!("{slug}-{n}") });
        let free = candidates.filter_map(|text| text.parse::<Name>().ok());
        #[expect(clippy::expect_used, reason = "a slug is a name, and there are numbers enough")]
        let name = free.into_iter().find(|name| !self.0.contains(name)).expect("a free number");
        self.0.insert(name.clone());
        name
    }
}

/// The letters that a name may have; the rest becomes single hyphens.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.to_lowercase().chars().take(200) {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') && !slug.is_empty() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches(['.', '_', '-']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_gives_a_name_and_each_name_once() {
        let mut names = Names::default();
        let given: Vec<String> = ["Web Team", "web/team", "web.hook", "值班", "值班", "_x-"]
            .iter()
            .map(|text| names.give(text, "receiver").to_string())
            .collect();
        assert_eq!(given, ["web-team", "web-team-2", "web.hook", "receiver", "receiver-2", "x"]);
    }
}
