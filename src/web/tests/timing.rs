//! How long a refused sign-in takes for a name that exists and for one that does not: a figure to
//! be read, not a test (`cargo test --lib -- --ignored --nocapture sign_in_takes`).

use super::{site::*, *};
use std::time::{Duration, Instant};

const N: usize = 200;

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all[all.len() / 2]
}

#[tokio::test]
#[ignore = "a figure to be read on a quiet machine"]
async fn sign_in_takes_as_long_for_a_name_that_exists_as_for_one_that_does_not() {
    let site = site().await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for n in 0..N {
        for (took, user) in [(&mut known, "vera"), (&mut unknown, "nobody")] {
            // Ten a minute for each: the counters are put back.
            if n % 4 == 0 {
                site.forget_tries().await;
            }
            let began = Instant::now();
            let answer = site.sign_in(user, "not the password", "10.0.0.1").await;
            took.push(began.elapsed());
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        }
    }
    let (known, unknown) = (median(known), median(unknown));
    let percent = 100.0 * (known.as_secs_f64() / unknown.as_secs_f64() - 1.0);
    println!("{N} each, median: known {known:?}, unknown {unknown:?}, {percent:+.2} %");
}
