//! `/pleiad/events`: the live event stream. Its messages are described in the book, "Events".

use access::Access;
use schema::{ApiError, Params};

use crate::endpoints;
use crate::engine::{Call, Conversation, Target};
use crate::events::{Full, Resume, Stream};

endpoints! {
    /// Opens the stream of events as a web socket: text frames of JSON about everything that the caller may see.
    GET "/pleiad/events" => open, name = "events", Access::User, Target::Any, [Extension];
}

#[derive(Params, Clone, Debug)]
struct Open {
    /// Number of the last event that the client knows; it is told what happened since.
    #[param(requires = "epoch")]
    since: Option<u64>,
    /// The epoch of that number, as the greeting told it.
    #[param(requires = "since", max_len = 64)]
    epoch: Option<String>,
}

async fn open(call: Call, p: Open) -> Result<Conversation, ApiError> {
    let resume = p.epoch.zip(p.since).map(|(epoch, since)| Resume { epoch, since });
    let stream = Stream::open(&call.node, call.user()?.clone(), call.proof.clone(), resume.as_ref());
    let full = |Full| ApiError::new(503, "too many event streams are open: close some of them");
    Ok(Conversation(Box::new(stream.map_err(full)?)))
}
