//! Where events come from: what is watched of the node, and what is made of it.

use std::sync::{Arc, Weak};
use std::time::Instant;

use access::UserConfig;
use guest::qemu::{Happening, Weight};
use schema::Vmid;
use store::{Watch, WatchEvent};
use task::{TaskEvent, Upid};
use tokio::sync::{broadcast, watch};

use super::event::Sight;
use super::stream::rights;
use super::{Hub, places};
use crate::cluster::log::Line;
use crate::node::Node;
use schema::Reply;

/// What the node tells of.
struct Sources {
    store: Watch,
    tasks: broadcast::Receiver<TaskEvent>,
    figures: watch::Receiver<u64>,
    vms: watch::Receiver<u64>,
    news: broadcast::Receiver<(Vmid, Happening)>,
    cts: watch::Receiver<u64>,
}

/// What happened.
enum Happened {
    Store(Option<WatchEvent>),
    Task(Result<TaskEvent, broadcast::error::RecvError>),
    Figures,
    Guests,
    News(Vmid, Happening),
    Rested,
    Closed,
}

impl Sources {
    fn of(node: &Node) -> Self {
        Self {
            store: node.store.watch(""),
            tasks: node.tasks.events(),
            figures: node.stats.rounds(),
            vms: node.vms.changes(),
            news: node.vms.news(),
            cts: node.cts.changes(),
        }
    }

    /// Waits for the next. `wake`: when rows are to be compared anyway.
    async fn next(&mut self, wake: Option<Instant>) -> Happened {
        let rested = async {
            match wake {
                Some(at) => tokio::time::sleep_until(at.into()).await,
                None => std::future::pending().await,
            }
        };
        let closed = |result: Result<(), _>, happened| if result.is_ok() { happened } else { Happened::Closed };
        tokio::select! {
            change = self.store.next() => Happened::Store(change),
            task = self.tasks.recv() => Happened::Task(task),
            changed = self.figures.changed() => closed(changed, Happened::Figures),
            changed = self.vms.changed() => closed(changed, Happened::Guests),
            changed = self.cts.changed() => closed(changed, Happened::Guests),
            news = self.news.recv() => match news {
                Ok((vmid, happening)) => Happened::News(vmid, happening),
                Err(broadcast::error::RecvError::Lagged(_)) => Happened::Guests,
                Err(broadcast::error::RecvError::Closed) => Happened::Closed,
            },
            () = rested => Happened::Rested,
        }
    }
}

/// Follows everything from now on, until the node is gone.
pub(crate) fn run(node: &Arc<Node>) -> impl Future<Output = ()> + Send + use<> {
    follow(Arc::downgrade(node), Sources::of(node), node.users())
}

async fn follow(node: Weak<Node>, mut sources: Sources, mut users: Arc<UserConfig>) {
    let mut stale = false;
    loop {
        let wake = node.upgrade().filter(|node| stale && node.events.is_heard()).map(|node| node.events.rested());
        let happened = sources.next(wake).await;
        let Some(node) = node.upgrade() else { return };
        let hub = &node.events;
        match happened {
            Happened::Store(None) | Happened::Closed => return,
            Happened::Task(Err(broadcast::error::RecvError::Closed)) => return,
            Happened::Store(Some(WatchEvent::Lagged)) => {
                hub.missed();
                stale = true;
            }
            Happened::Task(Err(broadcast::error::RecvError::Lagged(_))) => hub.missed(),
            Happened::Store(Some(WatchEvent::Changed(change))) => {
                changed(hub, &change.key);
                if *change.key == *crate::access::edit::USERS {
                    let before = std::mem::replace(&mut users, node.users());
                    if before.pools != users.pools {
                        hub.config("/pools", Sight::Everybody);
                    }
                    hub.rights_changed(rights(&node).0);
                }
                stale = true;
            }
            Happened::Task(Ok(TaskEvent::Started(upid))) => task(&node, &upid, format!("starting task {upid}")),
            Happened::Task(Ok(TaskEvent::Ended(upid, outcome))) => {
                task(&node, &upid, format!("end task {upid} {outcome}"));
            }
            Happened::Guests => {
                // Its figures are other ones now, too.
                node.stats.poke();
                stale = true;
            }
            Happened::News(vmid, happening) => {
                let text = format!("VM {vmid}: {}", happening.text);
                let warning = happening.weight == Weight::Warning;
                node.log(if warning { Line::warning("", text) } else { Line::info("", text) });
            }
            Happened::Figures => stale = true,
            Happened::Rested => {}
        }
        if stale && hub.is_heard() && hub.rested() <= Instant::now() {
            stale = false;
            hub.resources(|| node.resources.items(&node));
        }
    }
}

/// A key of the configuration has another text.
fn changed(hub: &Hub, key: &str) {
    match places::of_key(key) {
        Some((path, sight)) => hub.config(&path, sight),
        // Whether somebody may go on listening can depend on keys that no view shows.
        None => hub.nudge(),
    }
}

fn task(node: &Arc<Node>, upid: &Upid, line: String) {
    node.log(Line::info(&upid.user, line));
    if let Some(info) = node.tasks.info(upid) {
        node.events.task(&crate::cluster::tasks::row(info).value(), upid.user.clone());
    }
}
