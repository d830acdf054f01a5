//! Which manager takes a step back: the one key of an undo record names it.

use std::sync::{Arc, OnceLock, Weak};

use serde_json::Value;
use store::BoxFuture;

use super::Node;

/// The way from the task registry, which is opened first, to the managers, which come later. It holds the node weakly:
/// the node owns the registry.
#[derive(Clone, Default)]
pub(super) struct Dispatcher(Arc<OnceLock<Weak<Node>>>);

impl Dispatcher {
    /// The function that takes steps back, for the registry.
    pub(super) fn function(&self) -> impl Fn(Value) -> BoxFuture<'static, Result<(), String>> + Send + Sync + 'static {
        let this = self.clone();
        move |record| {
            let node = this.0.get().and_then(Weak::upgrade);
            Box::pin(async move {
                let Some(node) = node else { return Err("the daemon is ending".to_owned()) };
                undo(&node, &record).await
            })
        }
    }

    /// From now on the node's managers answer.
    pub(super) fn serve(&self, node: &Arc<Node>) {
        // Each node is assembled once; a second call would change nothing.
        let _ = self.0.set(Arc::downgrade(node));
    }
}

async fn undo(node: &Node, record: &Value) -> Result<(), String> {
    let manager = record.as_object().and_then(|object| object.keys().next()).map(String::as_str);
    match manager {
        Some("vm") => node.vms.undo(record).await,
        Some("lxc") => node.cts.undo(record).await,
        Some("disk") => storage::disks::make::undo(record).await,
        _ => Err(format!("no part of this version knows the undo record {record}")),
    }
}
