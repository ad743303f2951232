//! What a mail says in each language. Names, labels and texts of alerts stay as they are.

use crate::{
    model::language::Language,
    notify::{alert::Status, message::Data},
};

/// What a note counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// Alerts that have no room.
    Hidden,
    /// Notifications that are part of this one.
    Merged,
    /// Alerts that Alertmanager left out.
    LeftOut,
}

/// In place of an alert's name that is missing.
pub(super) const fn alert(language: Language) -> &'static str {
    match language {
        Language::En => "alert",
        Language::Zh => "告警",
    }
}

/// Begins the subject of a mail that somebody asked for.
pub(super) const fn test(language: Language) -> &'static str {
    match language {
        Language::En => "[test] ",
        Language::Zh => "[测试] ",
    }
}

/// Of an alert, or of all of them.
pub(super) const fn status(language: Language, status: Status) -> &'static str {
    match (language, status) {
        (Language::En, Status::Firing) => "FIRING",
        (Language::En, Status::Resolved) => "RESOLVED",
        (Language::Zh, Status::Firing) => "告警中",
        (Language::Zh, Status::Resolved) => "已恢复",
    }
}

/// `FIRING: 2 alerts for ops (cluster lab)`
pub(super) fn headline(language: Language, data: &Data) -> String {
    let (n, to, cluster) = (data.alerts.len(), &data.receiver, &data.cluster);
    let word = status(language, data.status);
    match (language, data.test) {
        (Language::En, true) => format!("TEST: a message to {to} was asked for; no alert fires"),
        (Language::Zh, true) => format!("测试：有人请求向 {to} 发送消息，并没有告警"),
        (Language::En, false) => {
            let alerts = if n == 1 { "alert" } else { "alerts" };
            format!("{word}: {n} {alerts} for {to} (cluster {cluster})")
        }
        (Language::Zh, false) => format!("{word}：{n} 条告警，接收者 {to}（集群 {cluster}）"),
    }
}

/// What is not shown one by one.
pub(super) fn note(language: Language, counted: Counted, n: u64) -> String {
    match (language, counted) {
        (Language::En, Counted::Hidden) => format!("{n} more alerts are not shown here"),
        (Language::Zh, Counted::Hidden) => format!("另有 {n} 条告警未在此列出"),
        (Language::En, Counted::Merged) => {
            format!("{n} further notifications were merged into this one")
        }
        (Language::Zh, Counted::Merged) => format!("另有 {n} 条通知已并入本条"),
        (Language::En, Counted::LeftOut) => format!("{n} alerts were left out by Alertmanager"),
        (Language::Zh, Counted::LeftOut) => format!("Alertmanager 省略了 {n} 条告警"),
    }
}

/// Says that the sending node is on its own.
pub(super) const fn local(language: Language) -> &'static str {
    match language {
        Language::En => "sent by a node that could not reach the others",
        Language::Zh => "由一个无法联系其他节点的节点发送",
    }
}

/// `DiskFull, critical, since T, over at T`
pub(super) fn line(language: Language, parts: &[&str], since: &str, over: Option<&str>) -> String {
    let (comma, from, to) = match language {
        Language::En => (", ", "since ", "over at "),
        Language::Zh => ("，", "开始于 ", "结束于 "),
    };
    let mut line = parts.join(comma);
    for (word, at) in [(from, Some(since)), (to, over)] {
        if let Some(at) = at {
            line.extend([comma, word, at]);
        }
    }
    line
}

/// Before the labels.
pub(super) const fn labels(language: Language) -> &'static str {
    match language {
        Language::En => "labels: ",
        Language::Zh => "标签：",
    }
}

/// Names the link to the expression.
pub(super) const fn expression(language: Language) -> &'static str {
    match language {
        Language::En => "Expression",
        Language::Zh => "表达式",
    }
}
