//! The preview against a Prometheus that answers what a test says.

use super::*;
use crate::observe::prometheus::testing::Scripted;
use serde_json::{Value, json};

const NOW: i64 = 1_800_000_000;

fn wish(expr: &str, for_s: f64) -> Wish {
    let timing = Timing { for_s, keep_firing_for_s: 0.0 };
    Wish { expr: expr.into(), timing, range_s: 6 * 3600, project: None }
}

fn vector(count: usize) -> String {
    let result = json!([{"metric": {}, "value": [NOW, count.to_string()]}]);
    json!({"status": "success", "data": {"resultType": "vector", "result": result}}).to_string()
}

fn matrix(series: &[Value]) -> String {
    json!({"status": "success", "data": {"resultType": "matrix", "result": series}}).to_string()
}

/// A series whose value at each of the last points is given, oldest first; 30 s apart.
fn series(instance: &str, values: &[f64]) -> Value {
    let n = i64::try_from(values.len()).unwrap();
    let points: Vec<Value> = (0..n)
        .zip(values)
        .map(|(at, value)| json!([NOW - (n - 1 - at) * 30, value.to_string()]))
        .collect();
    json!({"metric": {"__name__": "m", "instance": instance}, "values": points})
}

async fn run(wish: &Wish, n_now: usize, answer: &[Value]) -> Result<Preview, PreviewError> {
    let (count, body) = (vector(n_now), matrix(answer));
    let prometheus = Scripted::new(&[1], move |_, question| {
        let range = question.path.ends_with("query_range");
        Ok((200, if range { body.clone() } else { count.clone() }))
    });
    preview(&prometheus, wish, NOW).await
}

#[tokio::test]
async fn spans_counts_and_standing_come_from_the_samples_that_are_drawn() {
    let answer = [
        series("calm", &[1.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
        series("fires", &[9.0, 9.0, 9.0, 1.0, 9.0, 9.0]),
        series("now", &[1.0, 9.0, 9.0, 9.0, 9.0, 9.0]),
    ];
    let preview = run(&wish("m > 5", 60.0), 3, &answer).await.unwrap();
    assert_eq!((preview.n_series, preview.n_series_fired, preview.n_firings), (3, 2, 2));
    assert_eq!((preview.firing_now, preview.pending_now), (1, 1));
    assert_eq!(preview.longest_s, 60);
    let spans: Vec<_> = preview
        .firings
        .iter()
        .map(|f| (f.labels["instance"].as_str(), NOW - f.span.from_s, f.span.to_s))
        .collect();
    assert_eq!(spans, [("now", 60, None), ("fires", 90, Some(NOW - 60))]);
    assert!(preview.firings.iter().all(|firing| !firing.labels.contains_key("__name__")));
    assert_eq!(preview.threshold, Some(Threshold { op: Op::Greater, value: 5.0 }));
    assert_eq!((preview.step_s, preview.series[0].values.len()), (30, 721));
    assert_eq!(preview.series[2].labels["instance"], "calm");
    assert!(preview.warnings.is_empty(), "{:?}", preview.warnings);
}

#[tokio::test]
async fn what_is_drawn_is_the_left_side_and_the_lowest_where_low_is_bad() {
    let many: Vec<Value> =
        (0..30_u32).map(|n| series(&format!("i{n:02}"), &[f64::from(n)])).collect();
    let preview = run(&wish("m < 0", 0.0), 30, &many).await.unwrap();
    assert_eq!((preview.series.len(), preview.n_series), (MAX_DRAWN, 30));
    assert_eq!(preview.series[0].labels["instance"], "i00");
    let preview = run(&wish("m > 100", 0.0), 30, &many).await.unwrap();
    assert_eq!(preview.series[0].labels["instance"], "i29");
}

#[tokio::test]
async fn without_a_threshold_every_value_means_that_the_condition_holds() {
    let answer = [series("a", &[0.0]), series("b", &[f64::NAN])];
    let preview = run(&wish("a and b", 0.0), 2, &answer).await.unwrap();
    assert_eq!((preview.firing_now, preview.threshold), (2, None));
    assert_eq!(preview.series.iter().filter_map(|s| s.values[720]).count(), 1);
}

#[tokio::test]
async fn thousands_of_firings_are_counted_and_the_newest_listed() {
    let flapping: Vec<f64> = (0..721).map(|n| f64::from(n % 2)).collect();
    let answer = [series("a", &flapping), series("b", &flapping)];
    let preview = run(&wish("m == 1", 0.0), 2, &answer).await.unwrap();
    assert_eq!((preview.n_firings, preview.firings.len()), (720, MAX_FIRINGS));
    assert!(preview.firings[0].span.from_s > preview.firings[499].span.from_s);
}

#[tokio::test]
async fn too_many_series_are_refused_before_their_samples_are_fetched() {
    let (count, body) = (vector(MAX_SERIES + 1), matrix(&[]));
    let prometheus = Scripted::new(&[1], move |_, question| {
        let range = question.path.ends_with("query_range");
        Ok((200, if range { body.clone() } else { count.clone() }))
    });
    let error = preview(&prometheus, &wish("m", 0.0), NOW).await.unwrap_err();
    assert_eq!(error, PreviewError::TooManySeries(MAX_SERIES + 1));
    assert_eq!(prometheus.asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn many_series_get_a_coarser_grid() {
    let preview = run(&wish("m > 5", 60.0), MAX_SERIES, &[series("a", &[9.0])]).await.unwrap();
    assert_eq!(preview.step_s, 180);
    assert!(preview.warnings.iter().any(|it| it.text.contains("every 180 s")));
}

#[tokio::test]
async fn series_of_other_projects_are_warned_of() {
    let mut wish = wish("m > 5", 0.0);
    wish.project = Some("shop".into());
    let preview = run(&wish, 1, &[series("a", &[9.0])]).await.unwrap();
    assert!(preview.warnings[0].text.contains("project shop"), "{:?}", preview.warnings);
    let preview = run(&wish, 0, &[]).await.unwrap();
    assert_eq!(
        preview.warnings,
        [Warning::plain("nothing", "the expression gave nothing in this time")]
    );
}
