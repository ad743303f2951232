//! Packs the committed OpenAPI document, which is embedded: a tenth of its size.

use std::{env, error::Error, fs, io::Write as _, path::PathBuf};

const DOCUMENT: &str = "tests/golden/openapi.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    println!("cargo::rerun-if-changed=build.rs");
    let text = fs::read(DOCUMENT).map_err(|error| format!("{DOCUMENT}: {error}"))?;
    let packed = PathBuf::from(env::var("OUT_DIR")?).join("openapi.json.gz");
    let mut packer =
        flate2::write::GzEncoder::new(fs::File::create(packed)?, flate2::Compression::best());
    packer.write_all(&text)?;
    packer.finish()?.sync_all()?;
    Ok(())
}
