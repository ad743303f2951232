//! Ties the notifier to the doors that reach it.

use crate::{
    notify::{Notify, delivery::DeliveryId, receipt::Filter},
    peer::{local_door::NotifyHandler, resolve},
    web::deps::{self, ReceiptPage, ReceiptQuery},
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// Resolves channels' names with hickory, like everything else.
#[must_use]
pub fn lookup() -> crate::notify::outgoing::Lookup {
    Arc::new(|name| {
        Box::pin(async move { resolve::lookup(&name).await.map_err(|error| error.to_string()) })
    })
}

/// The notifier behind the public API and the loopback door. Cheap to clone.
#[derive(Clone)]
pub struct Door(pub Arc<Notify>);

impl NotifyHandler for Door {
    fn notify(&self, receiver: String, body: Bytes) -> BoxFuture<'static, (u16, String)> {
        let intake = self.0.intake.clone();
        Box::pin(async move {
            let answer = intake.accept(&receiver, &body).await;
            (answer.status, answer.text)
        })
    }
}

impl deps::Notify for Door {
    fn accept(&self, receiver: &str, body: Bytes) -> BoxFuture<'_, deps::IntakeAnswer> {
        let receiver = receiver.to_owned();
        Box::pin(async move {
            let answer = self.0.intake.accept(&receiver, &body).await;
            deps::IntakeAnswer { status: answer.status, text: answer.text }
        })
    }

    fn receipts(&self, query: &ReceiptQuery) -> Result<ReceiptPage, String> {
        let text = |what: &str| format!("`{what}` is no receipt id");
        let parse = |id: &String| {
            serde_json::from_value::<DeliveryId>(id.clone().into()).map_err(|_| text(id))
        };
        let before = query.before.as_ref().map(parse).transpose()?;
        let filter = Filter {
            fingerprint: query
                .fingerprint
                .as_ref()
                .map(|text| serde_json::from_value(text.clone().into()))
                .transpose()
                .map_err(|error| error.to_string())?,
            receiver: query.receiver.clone(),
            state: query
                .state
                .as_ref()
                .map(|text| serde_json::from_value(text.clone().into()))
                .transpose()
                .map_err(|error| error.to_string())?,
            ..Filter::default()
        };
        let page = self
            .0
            .receipts
            .page(&filter, before, query.limit)
            .map_err(|error| error.to_string())?;
        let as_json = |value| serde_json::to_value(value).map_err(|error| error.to_string());
        let next = page.next.map(as_json_id).transpose()?;
        Ok(ReceiptPage {
            items: page.receipts.iter().map(as_json).collect::<Result<_, _>>()?,
            next,
        })
    }
}

fn as_json_id(id: DeliveryId) -> Result<String, String> {
    let value = serde_json::to_value(id).map_err(|error| error.to_string())?;
    value.as_str().map(ToOwned::to_owned).ok_or_else(|| "an id that is no text".into())
}
