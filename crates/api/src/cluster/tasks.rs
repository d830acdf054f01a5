//! `/cluster/tasks`: what was done lately on all nodes.

use access::Access;
use schema::{ApiError, NoParams, Reply};
use task::{Source, TaskFilter, TaskInfo};

use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::tasks::{Listed, visible_to};

/// Ended tasks that are shown, beside all that run.
const LATELY: usize = 25;

endpoints! {
    /// Lists running and lately ended tasks of all nodes: the caller's own, or all for users with Sys.Audit on `/`.
    GET "/cluster/tasks" => list, name = "tasks", Access::User, Target::Any;
}

/// A task.
#[derive(Reply, Clone, Debug)]
pub(crate) struct Recent {
    /// The task.
    #[reply(flat)]
    task: Listed,
    /// `1` when it is in the archive of its node.
    saved: Option<&'static str>,
}

async fn list(call: Call, _: NoParams) -> Result<Vec<Recent>, ApiError> {
    let filter = TaskFilter { owner: visible_to(&call, "/")?, ..TaskFilter::default() };
    let (running, _) = call.node.tasks.list(&TaskFilter { source: Source::Active, ..filter.clone() });
    let (ended, _) = call.node.tasks.list(&TaskFilter { limit: Some(LATELY), ..filter });
    let recent = running.into_iter().chain(ended);
    Ok(recent.map(row).collect())
}

/// A task, as this list shows it.
pub(crate) fn row(info: TaskInfo) -> Recent {
    Recent { saved: info.ended.is_some().then_some("1"), task: Listed::new(info, None) }
}
