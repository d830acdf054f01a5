//! One client's stream: what it has been told, and what its caller may see.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use access::{Authid, UserConfig};
use bytes::Bytes;
use serde_json::Value;
use store::BoxFuture;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::event::{change_of_rights, hello, ping};
use super::follow::Follows;
use super::hub::Full;
use crate::engine::{Proof, Said, Talk};
use crate::node::Node;

/// Between two signs of life.
const PING: Duration = Duration::from_secs(15);
/// Events that are taken out of the history at a time.
const BATCH: usize = 256;

/// Close code: events were missed. The client connects again and loads anew.
pub(crate) const MISSED: u16 = 4000;
/// Close code: the credentials that opened the stream are not good any more.
pub(crate) const UNAUTHORIZED: u16 = 4401;
/// Close code: the daemon ends.
pub(crate) const GOING_AWAY: u16 = 1001;

/// Where a client was when it left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resume {
    /// Of which hub.
    pub(crate) epoch: String,
    /// The last number it was told.
    pub(crate) since: u64,
}

/// A stream.
pub(crate) struct Stream {
    node: Arc<Node>,
    who: Authid,
    proof: Proof,
    cursor: u64,
    /// Rights as they were when something was told last, and the version of their text.
    users: (Option<u64>, Arc<UserConfig>),
    wake: watch::Receiver<bool>,
    follows: Follows,
    ping: Interval,
    ready: VecDeque<Bytes>,
}

impl Stream {
    /// Begins a stream, where the client left if that can be.
    ///
    /// # Errors
    /// [`Full`] when there are too many.
    pub(crate) fn open(node: &Arc<Node>, who: Authid, proof: Proof, resume: Option<&Resume>) -> Result<Self, Full> {
        let hub = &node.events;
        hub.enter(&who)?;
        let (users, wake) = (rights(node), hub.wake());
        // What changed while nobody listened was compared by nobody.
        hub.resources(|| node.resources.items(node));
        let entry = hub.begin(resume.map(|resume| (resume.epoch.as_str(), resume.since)), users.0);
        let greeting = hello(hub.epoch(), entry.cursor, entry.resumed, host::clock::now());
        let mut ping = interval_at(Instant::now() + PING, PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let follows = Follows::new(Arc::clone(&node.tasks));
        let (node, cursor) = (Arc::clone(node), entry.cursor);
        Ok(Self { node, who, proof, cursor, users, wake, follows, ping, ready: VecDeque::from([greeting]) })
    }

    /// What there is to tell now; an end when the stream cannot go on.
    fn tell(&mut self) -> Option<Said> {
        if *self.wake.borrow_and_update() {
            return Some(Said::Close(GOING_AWAY, "the daemon ends"));
        }
        if !self.proof.is_good() {
            return Some(Said::Close(UNAUTHORIZED, "the session has ended"));
        }
        let Ok((events, reached)) = self.node.events.after(self.cursor, BATCH) else {
            return Some(Said::Close(MISSED, "events were missed, connect again"));
        };
        // Rights after events: who knows the number of a change of rights has been told what it shows and hides.
        let before = Arc::clone(&self.users.1);
        let now = rights(&self.node);
        if now.0 != self.users.0 {
            let rows = self.node.events.rows();
            self.ready.extend(change_of_rights(&rows, &before, &now.1, &self.who, self.cursor));
            self.follows.keep(|upid| may_read(&now.1, &self.who, upid));
            self.users = now;
        }
        let (users, who) = (&self.users.1, &self.who);
        self.ready.extend(events.iter().filter_map(|event| event.text_for(users, &before, who)));
        self.cursor = reached;
        // Without texts when nothing of the batch is for this client: more may follow.
        (!self.ready.is_empty() || !events.is_empty()).then(|| Said::Texts(self.ready.drain(..).collect()))
    }

    async fn wait(&mut self) -> Said {
        loop {
            if let Some(said) = self.tell() {
                return said;
            }
            tokio::select! {
                woken = self.wake.changed() => if woken.is_err() {
                    return Said::Close(GOING_AWAY, "the daemon ends");
                },
                lines = self.follows.next() => self.ready.push_back(lines),
                _ = self.ping.tick() => self.ready.push_back(ping()),
            }
        }
    }
}

impl Talk for Stream {
    fn next(&mut self) -> BoxFuture<'_, Said> {
        Box::pin(self.wait())
    }

    /// What clients of later versions may say is passed over, as they pass over what they do not know.
    fn hear(&mut self, text: &str) {
        let Ok(message) = serde_json::from_str::<Value>(text) else { return };
        if let Some(upid) = message["follow"].as_str() {
            let (users, who) = (self.node.users(), &self.who);
            self.follows.begin(upid, |upid| may_read(&users, who, upid));
        }
        if let Some(upid) = message["unfollow"].as_str() {
            self.follows.end(upid);
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.node.events.leave(&self.who);
    }
}

/// Rights of now, with the version of their text: the same version is the same rights.
pub(super) fn rights(node: &Node) -> (Option<u64>, Arc<UserConfig>) {
    let tree = node.store.tree();
    let version = tree.get(crate::access::edit::USERS).map(|entry| entry.version);
    (version, crate::access::edit::current(&tree))
}

/// Whether somebody may read the log of a task: his own, or with the privilege on its node.
fn may_read(users: &UserConfig, who: &Authid, upid: &task::Upid) -> bool {
    let paths = vec![format!("/nodes/{}", upid.node)];
    super::event::Sight::Own { owner: upid.user.clone(), paths, privilege: "Sys.Audit" }.allows(users, who)
}
