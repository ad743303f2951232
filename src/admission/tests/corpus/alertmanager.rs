//! Alertmanager configurations.

use super::verdicts;

#[test]
fn the_folders_of_alertmanager_files_say_what_amtool_says() {
    assert!(verdicts::cases("alertmanager").len() >= 100);
    verdicts::folders_are_true("alertmanager", "amtool", &["check-config"]);
}
