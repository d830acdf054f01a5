//! `/nodes/{node}/tasks`: what was and is being done, by whom, and how it went.

use access::Access;
use schema::{ApiError, Choice, NodeName, Params, Reply, Vmid, render};
use task::{Class, Outcome, Source, TaskFilter, TaskInfo, Upid};

use crate::endpoints;
use crate::engine::{Call, Download, OrDownload, Part, Subdir, Target};

endpoints! {
    /// Lists tasks, newest first: the caller's own, or all for users with Sys.Audit on the node.
    GET "/nodes/{node}/tasks" => list, name = "node_tasks", Access::User, Target::Node;
    /// Lists what there is to read about a task.
    GET "/nodes/{node}/tasks/{upid}" => index, name = "upid_index", Access::User, Target::Any;
    /// Stops a task. It is given five seconds to end by itself; what it did is undone.
    DELETE "/nodes/{node}/tasks/{upid}" => stop, name = "stop_task", Access::User, Target::Node;
    /// Reads the log of a task.
    GET "/nodes/{node}/tasks/{upid}/log" => log, name = "read_task_log", Access::User, Target::Node;
    /// Tells whether a task runs, and how it ended.
    GET "/nodes/{node}/tasks/{upid}/status" => status, name = "read_task_status", Access::User, Target::Node;
}

/// Which tasks to list.
#[derive(Choice, Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ListSource {
    /// Those that have ended.
    #[default]
    Archive,
    /// Those that run.
    Active,
    /// Both.
    All,
}

#[derive(Params, Clone, Debug)]
struct List {
    /// Name of the node.
    node: NodeName,
    /// Skip so many tasks.
    #[param(default = "0")]
    start: Option<u64>,
    /// Most tasks to answer.
    #[param(default = "50")]
    limit: Option<u64>,
    /// Only tasks of users whose name contains this text.
    userfilter: Option<String>,
    /// Only tasks of this type: `qmstart`, `vzdump`, …
    typefilter: Option<String>,
    /// Only tasks about this guest.
    vmid: Option<Vmid>,
    /// Only tasks that failed.
    #[param(default = "0")]
    errors: Option<bool>,
    /// Running tasks, ended ones, or both.
    #[param(default = "archive")]
    source: Option<ListSource>,
    /// Only tasks that began at this time or later, seconds since 1970.
    since: Option<i64>,
    /// Only tasks that began at this time or earlier, seconds since 1970.
    until: Option<i64>,
    /// Only tasks that ended in one of these ways.
    #[param(format = "pve-task-status-type-list")]
    statusfilter: Vec<String>,
}

/// A task, as lists show it.
#[derive(Reply, Clone, Debug)]
pub(crate) struct Listed {
    /// The task.
    #[reply(flat)]
    task: Described,
    /// When it ended, seconds since 1970.
    endtime: Option<u64>,
    /// How it ended, or `RUNNING`.
    status: Option<String>,
}

/// What the name of a task tells.
#[derive(Reply, Clone, Debug)]
pub(crate) struct Described {
    /// Its name.
    upid: Upid,
    /// Where it runs.
    node: String,
    /// The process that runs it.
    pid: u32,
    /// Its start, in hundredths of a second since the node was started.
    pstart: u64,
    /// Its start, seconds since 1970.
    starttime: u64,
    /// What it does.
    r#type: String,
    /// With what.
    id: String,
    /// On whose behalf.
    user: String,
    /// The token that was used.
    tokenid: Option<String>,
}

impl From<Upid> for Described {
    fn from(upid: Upid) -> Self {
        Self {
            node: upid.node.to_string(),
            pid: upid.pid,
            pstart: upid.pstart,
            starttime: upid.starttime,
            r#type: upid.kind.clone(),
            id: upid.id.clone(),
            user: upid.user_only().to_owned(),
            tokenid: upid.token().map(str::to_owned),
            upid,
        }
    }
}

impl Listed {
    /// A task as lists show it, with a status for running ones or without.
    pub(crate) fn new(info: TaskInfo, running: Option<&str>) -> Self {
        let (endtime, status) = match info.ended {
            Some((end, outcome)) => (Some(end), Some(outcome.to_string())),
            None => (None, running.map(str::to_owned)),
        };
        Self { task: info.upid.into(), endtime, status }
    }
}

/// Filters to the caller's own tasks, unless he may see all.
pub(crate) fn visible_to(call: &Call, path: &str) -> Result<Option<String>, ApiError> {
    let all = call.may(path, &["Sys.Audit"]);
    Ok(if all { None } else { Some(call.user()?.to_string()) })
}

async fn list(call: Call, p: List) -> Result<Part<Listed>, ApiError> {
    let mut classes: Vec<Class> = p.statusfilter.iter().filter_map(|name| class(name)).collect();
    if p.errors == Some(true) {
        classes = vec![Class::Error];
    }
    // Tasks of before 1970 are all of them.
    let seconds = |time: i64| u64::try_from(time).unwrap_or(0);
    let index = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let filter = TaskFilter {
        source: match p.source.unwrap_or_default() {
            ListSource::Archive => Source::Archive,
            ListSource::Active => Source::Active,
            ListSource::All => Source::All,
        },
        owner: visible_to(&call, &format!("/nodes/{}", p.node))?,
        user: p.userfilter,
        kind: p.typefilter,
        id: p.vmid.map(|vmid| vmid.to_string()),
        since: p.since.map(seconds),
        until: p.until.map(seconds),
        classes,
        start: index(p.start.unwrap_or(0)),
        limit: Some(index(p.limit.unwrap_or(50))),
    };
    let (tasks, total) = call.node.tasks.list(&filter);
    let items = tasks.into_iter().map(|info| Listed::new(info, Some("RUNNING"))).collect();
    Ok(Part { items, total: total as u64 })
}

fn class(name: &str) -> Option<Class> {
    match name {
        "ok" => Some(Class::Ok),
        "warning" => Some(Class::Warning),
        "error" => Some(Class::Error),
        "unknown" => Some(Class::Unknown),
        _ => None,
    }
}

#[derive(Params, Clone, Debug)]
struct OfTask {
    /// Name of the node.
    node: NodeName,
    /// Name of the task.
    upid: String,
}

impl OfTask {
    /// The task, if it is the caller's own or he has the privilege on the node.
    fn allowed(&self, call: &Call, privilege: &'static str) -> Result<Upid, ApiError> {
        allowed(call, &self.node, &self.upid, privilege)
    }
}

fn allowed(call: &Call, node: &NodeName, upid: &str, privilege: &'static str) -> Result<Upid, ApiError> {
    let upid: Upid = upid.parse()?;
    if upid.node != *node {
        return Err(ApiError::param("upid", format!("no such task - it belongs to node '{}'", upid.node)));
    }
    if !upid.belongs_to(&call.user()?.to_string()) {
        call.require(&format!("/nodes/{node}"), &[privilege])?;
    }
    Ok(upid)
}

async fn index(call: Call, p: OfTask) -> Result<Vec<Subdir>, ApiError> {
    p.upid.parse::<Upid>()?;
    Ok(call.listing())
}

async fn stop(call: Call, p: OfTask) -> Result<(), ApiError> {
    let upid = p.allowed(&call, "Sys.Modify")?;
    call.node.tasks.status(&upid)?;
    if call.node.tasks.stop(&upid) {
        call.node.tasks.wait_stopped(&upid).await;
    }
    Ok(())
}

/// State of a task.
#[derive(Reply, Clone, Debug)]
struct Status {
    /// The task.
    #[reply(flat)]
    task: Described,
    /// `running` or `stopped`.
    status: &'static str,
    /// How it ended: `OK`, `WARNINGS: n`, or why it failed.
    exitstatus: Option<String>,
}

async fn status(call: Call, p: OfTask) -> Result<Status, ApiError> {
    let upid = p.allowed(&call, "Sys.Audit")?;
    let outcome: Option<Outcome> = call.node.tasks.status(&upid)?;
    let status = if outcome.is_none() { "running" } else { "stopped" };
    Ok(Status { task: upid.into(), status, exitstatus: outcome.map(|outcome| outcome.to_string()) })
}

#[derive(Params, Clone, Debug)]
struct Log {
    /// Name of the node.
    node: NodeName,
    /// Name of the task.
    upid: String,
    /// Skip so many lines.
    #[param(default = "0")]
    start: Option<u64>,
    /// Most lines to answer; 0 for all.
    #[param(default = "50")]
    limit: Option<u64>,
    /// Answer the whole log as a file.
    download: Option<bool>,
}

/// A line of a log.
#[derive(Reply, Clone, Debug)]
struct Line {
    /// Its number, from 1.
    n: u64,
    /// Its text.
    t: String,
}

async fn log(call: Call, p: Log) -> Result<OrDownload<Part<Line>>, ApiError> {
    let upid = allowed(&call, &p.node, &p.upid, "Sys.Audit")?;
    if p.download == Some(true) {
        if p.start.is_some() || p.limit.is_some() {
            return Err(ApiError::param("download", "a whole log cannot have 'start' or 'limit'"));
        }
        call.node.tasks.status(&upid)?;
        let path = call.node.tasks.log_path(&upid);
        let time = render::timestamp(upid.starttime.cast_signed(), 0).replace(' ', "T");
        let name = format!("task-{}-{}-{time}Z.log", upid.node, upid.kind);
        return Ok(OrDownload::File(Download { path, name, mime: "text/plain" }));
    }
    let (tasks, start, limit) = (call.node.tasks.clone(), p.start.unwrap_or(0), p.limit.unwrap_or(50));
    let page = tokio::task::spawn_blocking(move || tasks.log(&upid, start, limit));
    let page = page.await.map_err(|error| ApiError::internal(error.to_string()))??;
    let mut items: Vec<Line> = page.lines.into_iter().map(|(n, t)| Line { n, t }).collect();
    if page.total == 0 && start == 0 {
        items.push(Line { n: 1, t: "no content".to_owned() });
    }
    Ok(OrDownload::Data(Part { items, total: page.total }))
}

#[cfg(test)]
#[path = "tasks_tests.rs"]
mod tests;
