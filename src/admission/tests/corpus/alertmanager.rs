//! Alertmanager configurations.

use super::verdicts;
use crate::{
    admission::{Request, import, plan},
    render::tests::fixture,
};

#[test]
fn the_folders_of_alertmanager_files_say_what_amtool_says() {
    assert!(verdicts::cases("alertmanager").len() >= 100);
    verdicts::folders_are_true("alertmanager", "amtool", &["check-config"]);
}

#[test]
fn our_verdict_on_alertmanager_files_is_amtools_but_for_the_table() {
    verdicts::compare("alertmanager", 100, |text| {
        let state = fixture::cluster(1);
        let read = import::alertmanager(text, &state);
        let plan = plan(&state, &Request { puts: read.puts, ..Request::default() });
        read.errors.iter().chain(&plan.errors).map(ToString::to_string).collect()
    });
}
