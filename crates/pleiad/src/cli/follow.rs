//! Following a task: its log while it grows, then its end.

use std::{io::Write, thread::sleep, time::Duration};

use api::Verb;
use schema::ApiError;
use serde_json::{Map, Value, json};

use super::client::{Client, encode};

/// Pause between looks at a task; doubles up to the longest one while nothing happens.
const SHORTEST: Duration = Duration::from_millis(3);
const LONGEST: Duration = Duration::from_millis(300);
/// Most lines taken at a time.
const PAGE: u64 = 5000;

/// Whether a text is the name of a task.
pub(super) fn is_task(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| text.starts_with("UPID:"))
}

/// Prints a task's log until it ends.
///
/// # Errors
/// The error that the task ended with.
pub(super) fn follow(client: &mut Client, upid: &str, out: &mut dyn Write) -> Result<(), ApiError> {
    let node = upid.split(':').nth(1).unwrap_or_default();
    let base = format!("/nodes/{}/tasks/{}", encode(node), encode(upid));
    let mut seen = 0;
    let mut pause = SHORTEST;
    loop {
        // Asked first: what is logged until the end is read after it.
        let status = client.call(Verb::Get, &format!("{base}/status"), &Map::new())?;
        let ended = status["status"] != "running";
        let news = print_log(client, &base, &mut seen, out)?;
        if ended && !news {
            let end = status["exitstatus"].as_str().unwrap_or("unexpected status");
            return if end == "OK" || end.starts_with("WARNINGS") { Ok(()) } else { Err(ApiError::internal(end)) };
        }
        if !ended {
            pause = if news { SHORTEST } else { (pause * 2).min(LONGEST) };
            sleep(pause);
        }
    }
}

/// Prints the lines that are new; answers whether there were any.
fn print_log(client: &mut Client, base: &str, seen: &mut u64, out: &mut dyn Write) -> Result<bool, ApiError> {
    let args = json!({"start": *seen, "limit": PAGE});
    let lines = client.call(Verb::Get, &format!("{base}/log"), args.as_object().unwrap_or(&Map::new()))?;
    let mut news = false;
    for line in lines.as_array().into_iter().flatten() {
        let (number, text) = (line["n"].as_u64().unwrap_or_default(), line["t"].as_str().unwrap_or_default());
        // An empty log is shown as one line that is none.
        if number <= *seen || (*seen == 0 && text == "no content") {
            continue;
        }
        *seen = number;
        news = true;
        if !text.starts_with("TASK ") {
            // Nobody may be reading any more; the task goes on.
            writeln!(out, "{text}").ok();
        }
    }
    Ok(news)
}
