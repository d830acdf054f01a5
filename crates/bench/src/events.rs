//! How soon a change shows in an open event stream: from the request that changes a guest to the arrival of its new row
//! on all streams, the request itself included.

use std::io;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::node::{NAME, Node};
use crate::wire::Socket;
use crate::{guests, report};

/// Changes that are measured.
const CHANGES: u32 = 60;
/// Between two changes, as a person or a script that waits for its command makes them.
const PAUSE: Duration = Duration::from_millis(100);
/// A row that has not come by then is lost.
const LOST: Duration = Duration::from_secs(10);

/// What a stream told, and when it came.
enum Told {
    /// That the guest's configuration has changed.
    Config(Instant),
    /// Its new row, with the number in its name.
    Row(u32, Instant),
}

/// Measures with so many streams open.
pub(crate) async fn measure(node: &mut Node, streams: usize) -> io::Result<()> {
    let (told, mut hear) = mpsc::unbounded_channel();
    let mut listeners = Vec::new();
    for _ in 0..streams {
        let mut socket = node.client.connect().await?.upgrade(&node.client.upgrade("/pleiad/events")).await?;
        socket.text().await?;
        listeners.push(tokio::spawn(listen(socket, told.clone())));
    }
    let path = format!("/nodes/{NAME}/qemu/{}/config", guests::FIRST);
    let (mut configs, mut rows) = (Vec::new(), Vec::new());
    for number in 0..CHANGES {
        tokio::time::sleep(PAUSE).await;
        let sent = Instant::now();
        node.call("PUT", &path, &[("name", &format!("event-{number}"))]).await?;
        let (mut last, mut missing) = (sent, streams);
        while missing > 0 {
            let lost = || io::Error::other("a change did not show");
            match tokio::time::timeout(LOST, hear.recv()).await.ok().flatten().ok_or_else(lost)? {
                Told::Row(which, at) if which == number => {
                    last = last.max(at);
                    missing -= 1;
                }
                Told::Config(at) if missing == streams => configs.push(at.duration_since(sent)),
                _ => {}
            }
        }
        rows.push(last.duration_since(sent));
    }
    listeners.iter().for_each(tokio::task::JoinHandle::abort);
    for (what, mut took) in [("config", configs), ("row", rows)] {
        took.sort_unstable();
        let at = |percent: usize| took.get(took.len() * percent / 100).or(took.last()).copied().unwrap_or_default();
        report::millis(&format!("event_latency_{what}_c{streams}_p50"), at(50));
        report::millis(&format!("event_latency_{what}_c{streams}_p99"), at(99));
    }
    Ok(())
}

async fn listen(mut socket: Socket, told: mpsc::UnboundedSender<Told>) {
    while let Ok(text) = socket.text().await {
        let now = Instant::now();
        let text = String::from_utf8_lossy(&text);
        let number = text.split_once("\"name\":\"event-").and_then(|(_, rest)| rest.split('"').next()?.parse().ok());
        let event = match number {
            Some(number) if text.contains("\"type\":\"resource\"") => Told::Row(number, now),
            None if text.contains("\"type\":\"config\"") => Told::Config(now),
            _ => continue,
        };
        if told.send(event).is_err() {
            return;
        }
    }
}
