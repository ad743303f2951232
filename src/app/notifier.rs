//! Ties the notifier to the doors that reach it.

use crate::{
    base::redact::Secret,
    model::UnixMs,
    notify::{
        Inbound, Notify,
        alert::Fingerprint,
        book::Episode,
        delivery::DeliveryId,
        receipt::{self, Filter},
        secret::{Seal, SecretError},
        tally::Tally,
        trial::{TestError, TestResult, Tried},
    },
    peer::{
        data_key::DataKey,
        formation::Formed,
        local_door::{Incoming, NotifyHandler},
        resolve,
    },
    store::command::{Change, Precondition},
    web::deps,
};
use futures_util::{StreamExt as _, TryStreamExt as _, future::BoxFuture};
use std::sync::Arc;

/// Resolves channels' names with hickory, like everything else.
#[must_use]
pub fn lookup() -> crate::notify::outgoing::Lookup {
    Arc::new(|name| {
        Box::pin(async move { resolve::lookup(&name).await.map_err(|error| error.to_string()) })
    })
}

/// Keeps secrets under the cluster's data key.
#[must_use]
pub fn seal(formed: &Formed) -> Arc<dyn Seal> {
    Arc::new(Sealing(formed.data_key.clone()))
}

struct Sealing(DataKey);

impl Seal for Sealing {
    fn seal(&self, purpose: &str, plain: &[u8]) -> Result<String, String> {
        self.0.seal(purpose, plain).map_err(|error| error.to_string())
    }

    fn open(&self, purpose: &str, sealed: &str) -> Result<Secret<Vec<u8>>, String> {
        self.0.unseal(purpose, sealed).map_err(|error| error.to_string())
    }
}

/// The notifier behind the public API and the loopback door. Cheap to clone.
#[derive(Clone)]
pub struct Door(pub Arc<Notify>);

impl NotifyHandler for Door {
    fn notify(&self, incoming: Incoming) -> BoxFuture<'static, (u16, String)> {
        let intake = self.0.intake.clone();
        let Incoming { receiver, sender, encoding, body } = incoming;
        let body = body.into_data_stream().map_err(Into::into).boxed();
        Box::pin(async move {
            let answer = intake.receive(Inbound { receiver, sender, encoding, body }).await;
            (answer.status, answer.text)
        })
    }
}

impl deps::Notify for Door {
    fn accept(&self, inbound: Inbound) -> BoxFuture<'_, deps::IntakeAnswer> {
        Box::pin(async move {
            let answer = self.0.intake.receive(inbound).await;
            deps::IntakeAnswer { status: answer.status, text: answer.text }
        })
    }

    fn receipts(
        &self,
        filter: &Filter,
        before: Option<DeliveryId>,
        limit: usize,
    ) -> Result<receipt::Page, String> {
        self.0.receipts.page(filter, before, limit).map_err(|error| error.to_string())
    }

    fn tally(&self, since: UnixMs) -> Result<Tally, String> {
        self.0.receipts.tally(since).map_err(|error| error.to_string())
    }

    fn episodes(&self, fingerprint: Fingerprint) -> Result<Vec<Episode>, String> {
        self.0.receipts.episodes_of(fingerprint).map_err(|error| error.to_string())
    }

    fn test(&self, tried: Tried, by: &str) -> BoxFuture<'_, Result<Vec<TestResult>, TestError>> {
        let by = by.to_owned();
        Box::pin(async move { self.0.trials.run(tried, &by).await })
    }

    fn put_secret(
        &self,
        name: &str,
        value: &Secret<String>,
        by: &str,
    ) -> Result<(Precondition, Change), SecretError> {
        self.0.secrets.put(name, value, by)
    }
}
