//! Which manager takes a step back: the one key of an undo record names it.

use std::sync::{Arc, Weak};

use serde_json::Value;
use task::Undo;

use super::Node;

/// The function that takes steps back, for the task registry. It holds the node weakly: the node owns the registry.
pub(super) fn dispatcher(node: &Arc<Node>) -> Undo {
    let node = Arc::downgrade(node);
    Arc::new(move |record| Box::pin(undo(Weak::clone(&node), record)))
}

async fn undo(node: Weak<Node>, record: Value) -> Result<(), String> {
    let Some(_node) = node.upgrade() else { return Err("the daemon is ending".to_owned()) };
    Err(format!("no part of this version knows the undo record {record}"))
}
