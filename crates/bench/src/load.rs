//! The load generator: the same request over and over on some kept-alive connections, bounded in count and time.

use std::io;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::wire::Client;

/// A measurement ends after this many requests on all connections together …
const REQUESTS: usize = 60_000;
/// … or after this time.
const TIME: Duration = Duration::from_secs(4);
/// Requests on each connection before the clock starts.
const WARM_UP: usize = 50;

/// What was measured.
pub(crate) struct Load {
    pub(crate) per_second: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

/// Asks for `path` on `connections` connections; an answer other than 200 is an error.
pub(crate) async fn get(client: &Client, path: &str, connections: usize) -> io::Result<Load> {
    let request = client.request("GET", path, None);
    let mut open = Vec::new();
    for _ in 0..connections {
        let mut connection = client.connect().await?;
        for _ in 0..WARM_UP {
            let answer = connection.exchange(&request).await?;
            if answer.status != 200 {
                let body = String::from_utf8_lossy(&answer.body).into_owned();
                return Err(io::Error::other(format!("GET {path} answered {}: {body}", answer.status)));
            }
        }
        open.push(connection);
    }
    let mut running = JoinSet::new();
    let started = Instant::now();
    for mut connection in open {
        let request = request.clone();
        running.spawn(async move {
            let mut took = Vec::with_capacity(REQUESTS / connections);
            while took.len() < REQUESTS / connections && started.elapsed() < TIME {
                let sent = Instant::now();
                if connection.exchange(&request).await?.status != 200 {
                    return Err(io::Error::other("an answer other than 200 under load"));
                }
                took.push(sent.elapsed());
            }
            Ok(took)
        });
    }
    let mut took = Vec::new();
    while let Some(done) = running.join_next().await {
        took.extend(done.map_err(io::Error::other)??);
    }
    let whole = started.elapsed();
    took.sort_unstable();
    let at = |percent: usize| took.get((took.len() * percent / 100).min(took.len().saturating_sub(1))).copied();
    Ok(Load {
        per_second: took.len() as f64 / whole.as_secs_f64(),
        p50: at(50).unwrap_or_default(),
        p99: at(99).unwrap_or_default(),
    })
}
