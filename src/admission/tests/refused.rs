//! Invalid declarations with their exact messages: `tests/golden/admission/NAME.yaml` and, beside
//! it, `NAME.errors`. `BLESS=1` writes the latter anew; read the difference.

use crate::admission::{FieldError, Request, document, plan};
use crate::base::atomic_file;
use crate::render::tests::fixture;
use std::path::Path;

#[test]
fn invalid_declarations_are_refused_with_these_messages() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/admission");
    let mut n_cases = 0;
    for entry in std::fs::read_dir(&dir).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let actual = refusal(&std::fs::read_to_string(&path).unwrap());
            assert!(!actual.is_empty(), "{} is accepted", path.display());
            let golden = path.with_extension("errors");
            if std::env::var_os("BLESS").is_some() {
                atomic_file::write(&golden, actual.as_bytes(), 0o644).unwrap();
            }
            let expected = std::fs::read_to_string(&golden).unwrap_or_default();
            assert_eq!(actual, expected, "{} differs; BLESS=1 accepts it", golden.display());
            n_cases += 1;
        }
    }
    assert!(n_cases >= 15, "only {n_cases} cases");
}

fn refusal(text: &str) -> String {
    let mut state = fixture::cluster(3);
    fixture::shop(&mut state);
    let parsed = document::parse_yaml(text);
    let request = Request { puts: parsed.puts, ..Request::default() };
    let plan = plan(&state, &request);
    let errors: Vec<FieldError> = parsed.errors.into_iter().chain(plan.errors).collect();
    errors.iter().map(|error| format!("{error}\n")).collect()
}
