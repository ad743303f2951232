//! What a Prometheus knows of its targets, now and a moment ago.

use super::{
    Fleet,
    fallen::{Baseline, Health, Id, Now},
};
use crate::model::NodeId;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use std::{collections::BTreeSet, time::Duration};

/// One question.
const PATIENCE: Duration = Duration::from_secs(5);
/// With more jobs than this all targets are read at once.
const SINGLE_JOBS: usize = 20;

/// One Prometheus.
pub struct Prometheus<'a> {
    /// The way to it.
    pub fleet: &'a dyn Fleet,
    /// Where it runs.
    pub node: NodeId,
}

#[derive(Deserialize)]
struct Answer<T> {
    data: T,
}

#[derive(Deserialize)]
struct Vector {
    result: Vec<Sample>,
}

#[derive(Deserialize)]
struct Sample {
    metric: Labels,
    value: (f64, String),
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Labels {
    job: String,
    instance: String,
}

#[derive(Deserialize)]
struct Scalar {
    result: (f64, String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Targets {
    active_targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    labels: Labels,
    health: String,
}

impl Prometheus<'_> {
    /// Its own clock, in seconds.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn time(&self) -> Result<f64, String> {
        let answer: Answer<Scalar> = self.query("time()").await?;
        answer.data.result.1.parse().map_err(|_| "no time".to_owned())
    }

    /// The targets of `jobs` as they were at `at`, in seconds of its clock. It knows the past, so
    /// this can be asked after the fact and again.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn baseline(&self, jobs: &[&str], at: f64) -> Result<Baseline, String> {
        let query = format!("up{{job=~\"{}\"}} @ {at:.3}", alternatives(jobs));
        let answer: Answer<Vector> = self.query(&query).await?;
        let mut baseline = Baseline::default();
        for sample in answer.data.result {
            let id = (sample.metric.job, sample.metric.instance);
            if sample.value.1 == "1" {
                baseline.healthy.insert(id.clone());
            }
            baseline.known.insert(id);
        }
        Ok(baseline)
    }

    /// The targets of `jobs` in its target list.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn now(&self, jobs: &[&str]) -> Result<Now, String> {
        let mut now = Now::new();
        let single = jobs.len() <= SINGLE_JOBS;
        let pools: Vec<String> = match single {
            true => jobs.iter().map(|job| format!("&scrapePool={job}")).collect(),
            false => vec![String::new()],
        };
        for pool in pools {
            let answer: Answer<Targets> =
                self.get(format!("/api/v1/targets?state=active{pool}")).await?;
            if single && answer.data.active_targets.is_empty() {
                // Its targets may be in pools of their own, one a project.
                let answer: Answer<Targets> =
                    self.get("/api/v1/targets?state=active".to_owned()).await?;
                now.extend(answer.data.active_targets.into_iter().map(named));
                break;
            }
            now.extend(answer.data.active_targets.into_iter().map(named));
        }
        Ok(now)
    }

    /// How many targets of all other jobs were up at `at`, and how many of those are not now.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn others(&self, jobs: &[&str], at: f64) -> Result<(usize, usize), String> {
        let others = format!("up{{job!~\"{}\"}}", alternatives(jobs));
        let before = format!("({others} @ {at:.3} == 1)");
        let lost = format!("{before} unless on (job, instance) ({others} == 1)");
        Ok((self.count(&before).await?, self.count(&lost).await?))
    }

    async fn count(&self, of: &str) -> Result<usize, String> {
        let answer: Answer<Vector> = self.query(&format!("count({of})")).await?;
        let count = answer.data.result.first().map(|sample| sample.value.1.parse());
        count.unwrap_or(Ok(0)).map_err(|_| "no count".to_owned())
    }

    async fn query<T: serde::de::DeserializeOwned>(&self, query: &str) -> Result<T, String> {
        let query = utf8_percent_encode(query, NON_ALPHANUMERIC);
        self.get(format!("/api/v1/query?query={query}")).await
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, path: String) -> Result<T, String> {
        let answer = tokio::time::timeout(PATIENCE, self.fleet.ask(self.node, path)).await;
        let body = answer.map_err(|_| "no answer in time".to_owned())??;
        serde_json::from_slice(&body).map_err(|error| error.to_string())
    }
}

fn named(target: Target) -> (Id, Health) {
    let health = match target.health.as_str() {
        "up" => Health::Up,
        "down" => Health::Down,
        _ => Health::Unknown,
    };
    ((target.labels.job, target.labels.instance), health)
}

/// A pattern that matches exactly these names; a name has no other special character than a dot.
fn alternatives(jobs: &[&str]) -> String {
    let names: BTreeSet<String> = jobs.iter().map(|job| job.replace('.', "\\\\.")).collect();
    names.into_iter().collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::BoxFuture;
    use std::sync::Mutex;
    use tokio::sync::watch;

    /// Answers each question that contains a text.
    struct Scripted {
        says: Vec<(&'static str, &'static str)>,
        asked: Mutex<Vec<String>>,
    }

    impl Fleet for Scripted {
        fn nodes(&self) -> Vec<super::super::Seen> {
            Vec::new()
        }

        fn changed(&self) -> watch::Receiver<u64> {
            watch::channel(0).1
        }

        fn ask(&self, _: NodeId, path: String) -> BoxFuture<'_, Result<bytes::Bytes, String>> {
            let found = self.says.iter().find(|(part, _)| path.contains(part));
            self.asked.lock().unwrap().push(path.clone());
            let answer = found.map(|(_, body)| (*body).into()).ok_or(path);
            Box::pin(async move { answer })
        }
    }

    #[tokio::test]
    async fn past_and_present_are_read_under_the_same_names() {
        let fleet = Scripted {
            says: vec![
                (
                    "query=up",
                    r#"{"status":"success","data":{"resultType":"vector","result":[
                    {"metric":{"__name__":"up","job":"a.b","instance":"x:1","zone":"1"},"value":[1,"1"]},
                    {"metric":{"job":"a.b","instance":"y:1"},"value":[1,"0"]}]}}"#,
                ),
                (
                    "targets",
                    r#"{"status":"success","data":{"activeTargets":[
                    {"labels":{"instance":"x:1","job":"a.b"},"health":"down","scrapePool":"a.b"},
                    {"labels":{"instance":"z:1","job":"a.b"},"health":"unknown"}]}}"#,
                ),
                (
                    "time",
                    r#"{"status":"success","data":{"resultType":"scalar","result":[7.5,"7.5"]}}"#,
                ),
                ("count", r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#),
            ],
            asked: Mutex::default(),
        };
        let prometheus = Prometheus { fleet: &fleet, node: NodeId(1) };
        let id = |instance: &str| ("a.b".to_owned(), instance.to_owned());
        let baseline = prometheus.baseline(&["a.b"], 12.5).await.unwrap();
        assert_eq!((baseline.known.len(), baseline.healthy), (2, [id("x:1")].into()));
        let now = prometheus.now(&["a.b"]).await.unwrap();
        assert_eq!((now[&id("x:1")], now[&id("z:1")]), (Health::Down, Health::Unknown));
        assert_eq!(prometheus.time().await, Ok(7.5));
        assert_eq!(prometheus.others(&["a.b"], 1.0).await, Ok((0, 0)));
        let first = fleet.asked.lock().unwrap()[0].clone();
        let query = percent_encoding::percent_decode_str(&first).decode_utf8_lossy();
        assert!(query.ends_with(r#"query=up{job=~"a\\.b"} @ 12.500"#), "{query}");
    }

    #[tokio::test]
    async fn a_job_whose_targets_are_in_pools_of_their_own_is_found_among_all() {
        let fleet = Scripted {
            says: vec![
                ("scrapePool=web", r#"{"status":"success","data":{"activeTargets":[]}}"#),
                (
                    "targets",
                    r#"{"status":"success","data":{"activeTargets":[
                    {"labels":{"instance":"x:1","job":"web"},"health":"up","scrapePool":"web@shop"}]}}"#,
                ),
            ],
            asked: Mutex::default(),
        };
        let prometheus = Prometheus { fleet: &fleet, node: NodeId(1) };
        let now = prometheus.now(&["web"]).await.unwrap();
        assert_eq!(now[&("web".to_owned(), "x:1".to_owned())], Health::Up);
    }
}
