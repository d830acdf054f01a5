//! `/nodes/{node}/{syslog,journal}`: what programs on a node said.

use access::Access;
use host::systemd::{self, Look};
use schema::{ApiError, NodeName, Params, Reply};

use crate::endpoints;
use crate::engine::{Call, Part, Target};

/// Who may look.
const SYSLOG: Access = Access::perm("/nodes/{node}", &["Sys.Syslog"]);

endpoints! {
    /// Shows lines of the system's log, numbered.
    GET "/nodes/{node}/syslog" => syslog, name = "syslog", SYSLOG, Target::Node;
    /// Shows lines of the system's log with the place after them, which a later call can go on from: the first and the
    /// last line are such places.
    GET "/nodes/{node}/journal" => journal, name = "journal", SYSLOG, Target::Node;
}

/// Most lines that one answer has.
const MOST: u64 = 50_000;

/// What is shown instead of an empty log where there is none.
const NONE: &str = "-- this node keeps no journal (systemd-journald does not run) --";

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Syslog {
    /// Name of the node.
    node: NodeName,
    /// Most lines to show; 50 if not given.
    #[param(min = 0)]
    limit: Option<u64>,
    /// Only what this service said.
    #[param(max_len = 128)]
    service: Option<String>,
    /// Only lines since then.
    #[param(pattern = r"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?$")]
    since: Option<String>,
    /// Number of the first line to show, from 0.
    #[param(min = 0)]
    start: Option<u64>,
    /// Only lines until then.
    #[param(pattern = r"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?$")]
    until: Option<String>,
}

/// A numbered line.
#[derive(Reply, Clone, Debug)]
struct Line {
    /// Its number, from 1.
    n: u64,
    /// Its text.
    t: String,
}

/// The unit of a service by the name that clients know.
fn unit(service: &str) -> Result<String, ApiError> {
    let good = service.chars().all(|c| c.is_ascii_alphanumeric() || "_.@:-".contains(c));
    if !good || service.is_empty() {
        return Err(ApiError::param("service", "not the name of a service"));
    }
    Ok(match service {
        "pvedaemon" => "pleiad-daemon",
        "pveproxy" => "pleiad-proxy",
        "sshd" => "ssh",
        "syslog" => "rsyslog",
        other => other,
    }
    .to_owned())
}

/// Lines of the journal; where there is none, a line that says so.
async fn read(look: &Look) -> Result<(Vec<String>, Option<String>), ApiError> {
    if !systemd::rules() {
        return Ok((vec![NONE.to_owned()], None));
    }
    systemd::journal(look).await.map_err(|error| ApiError::internal(error.to_string()))
}

async fn syslog(_: Call, p: Syslog) -> Result<Part<Line>, ApiError> {
    let unit = p.service.as_deref().map(unit).transpose()?;
    let bounded = p.since.is_some() || p.until.is_some();
    let look = Look { unit, since: p.since, until: p.until, last: (!bounded).then_some(MOST), ..Look::default() };
    let (lines, _) = read(&look).await?;
    let total = lines.len() as u64;
    let (start, limit) = (p.start.unwrap_or(0), p.limit.unwrap_or(50).min(MOST));
    let numbered = (1..).zip(lines).map(|(n, t)| Line { n, t });
    let page =
        numbered.skip(usize::try_from(start).unwrap_or(usize::MAX)).take(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(Part { items: page.collect(), total })
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node; some options are refused when given
struct Journal {
    /// Name of the node.
    node: NodeName,
    /// Only lines before this place.
    #[param(later)]
    endcursor: Option<String>,
    /// List the programs that said something instead.
    #[param(later, default = "0")]
    identifiers: Option<bool>,
    /// Only what the kernel said.
    #[param(default = "0")]
    kernel: Option<bool>,
    /// Only the last so many lines.
    #[param(min = 0)]
    lastentries: Option<u64>,
    /// Only lines of these urgencies: `3`, `0..4`.
    #[param(pattern = r"^([0-7](\.\.[0-7])?)?$")]
    priority: Option<String>,
    /// Only what this service said.
    #[param(max_len = 128, pattern = r"^[A-Za-z0-9_.@:*?!\[\]\/-]+$")]
    service: Option<String>,
    /// Only lines since then, seconds since 1970.
    #[param(min = 0)]
    since: Option<u64>,
    /// Only lines after this place.
    startcursor: Option<String>,
    /// Answer entries instead of lines.
    #[param(later, default = "0")]
    structured: Option<bool>,
    /// Only what this unit said.
    #[param(max_len = 256, pattern = r"^[A-Za-z0-9_.@:-]+$")]
    unit: Option<String>,
    /// List the units that said something instead.
    #[param(later, default = "0")]
    units: Option<bool>,
    /// Only lines until then, seconds since 1970.
    #[param(min = 0)]
    until: Option<u64>,
}

async fn journal(_: Call, p: Journal) -> Result<Vec<String>, ApiError> {
    let service = p.service.as_deref().map(unit).transpose()?;
    let moment = |seconds: u64| format!("@{seconds}");
    let after = p.startcursor;
    if after.as_ref().is_some_and(|place| place.chars().any(|c| !(c.is_ascii_alphanumeric() || "=;:".contains(c)))) {
        return Err(ApiError::param("startcursor", "not a place in the journal"));
    }
    let bounded = p.since.is_some() || after.is_some();
    let look = Look {
        unit: p.unit.or(service),
        since: p.since.map(moment),
        until: p.until.map(moment),
        last: p.lastentries.map(|last| last.min(MOST)).or((!bounded).then_some(500)),
        after: after.clone(),
        priority: p.priority.filter(|text| !text.is_empty()),
        kernel: p.kernel == Some(true),
    };
    let (lines, place) = read(&look).await?;
    let end = place.or(after).unwrap_or_default();
    // Where the lines begin is told by where they end only: a client goes on downwards.
    Ok(std::iter::once(end.clone()).chain(lines).chain([end]).collect())
}
