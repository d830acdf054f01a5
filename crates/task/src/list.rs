//! Lists of tasks.

use crate::{Class, Outcome, Upid};

/// Which tasks a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// Those that ended.
    #[default]
    Archive,
    /// Those that run.
    Active,
    /// Both.
    All,
}

/// What a list is about. Empty, it is about all ended tasks.
#[derive(Clone, Debug, Default)]
pub struct TaskFilter {
    /// Running, ended, or both.
    pub source: Source,
    /// Only tasks that belong to this user or token; see [`Upid::belongs_to`].
    pub owner: Option<String>,
    /// Only tasks of users whose name contains this, in whatever case.
    pub user: Option<String>,
    /// Only tasks of this kind.
    pub kind: Option<String>,
    /// Only tasks with this ID.
    pub id: Option<String>,
    /// Only tasks started then or later, seconds since 1970.
    pub since: Option<u64>,
    /// Only tasks started then or earlier, seconds since 1970.
    pub until: Option<u64>,
    /// Only tasks of these classes; a running one is [`Class::Unknown`]. All, when empty.
    pub classes: Vec<Class>,
    /// Skip so many.
    pub start: usize,
    /// Then show at most so many; all, when `None`.
    pub limit: Option<usize>,
}

/// A task in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskInfo {
    /// The task.
    pub upid: Upid,
    /// When and how it ended, if it has.
    pub ended: Option<(u64, Outcome)>,
}

impl TaskFilter {
    pub(crate) fn matches(&self, upid: &Upid, outcome: Option<&Outcome>) -> bool {
        let class = outcome.map_or(Class::Unknown, Outcome::class);
        self.owner.as_deref().is_none_or(|owner| upid.belongs_to(owner))
            && self.user.as_deref().is_none_or(|part| upid.user.to_lowercase().contains(&part.to_lowercase()))
            && self.kind.as_deref().is_none_or(|kind| upid.kind == kind)
            && self.id.as_deref().is_none_or(|id| upid.id == id)
            && self.since.is_none_or(|since| upid.starttime >= since)
            && self.until.is_none_or(|until| upid.starttime <= until)
            && (self.classes.is_empty() || self.classes.contains(&class))
    }

    /// The page of all that match, and their number.
    pub(crate) fn page(&self, matching: impl Iterator<Item = TaskInfo>) -> (Vec<TaskInfo>, usize) {
        let mut total = 0;
        let mut page = Vec::new();
        for entry in matching {
            if total >= self.start && self.limit.is_none_or(|limit| page.len() < limit) {
                page.push(entry);
            }
            total += 1;
        }
        (page, total)
    }
}
