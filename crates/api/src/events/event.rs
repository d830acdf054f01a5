//! An event, rendered once for all who may see it.

use std::sync::Arc;

use access::expr::need;
use access::{Authid, UserConfig};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::cluster::view::Item;

/// Who may see something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// Whoever is logged in.
    Everybody,
    /// Whoever has one of these privileges on the path.
    Any(String, &'static [&'static str]),
    /// Its owner, and whoever has the privilege on the path; a user also owns what his tokens do.
    Own {
        /// User or token.
        owner: String,
        /// Paths for the others: one is enough.
        paths: Vec<String>,
        /// Privilege for the others.
        privilege: &'static str,
    },
}

impl Sight {
    /// Whether somebody may see it.
    pub(crate) fn allows(&self, users: &UserConfig, who: &Authid) -> bool {
        match self {
            Self::Everybody => true,
            Self::Any(path, privs) => need(users, who, path, privs, true).is_ok(),
            Self::Own { owner, paths, privilege } => {
                owns(who, owner) || paths.iter().any(|path| need(users, who, path, &[privilege], true).is_ok())
            }
        }
    }
}

/// Whether something of `owner` belongs to `who`: a user owns also what his tokens do.
pub(crate) fn owns(who: &Authid, owner: &str) -> bool {
    let who = who.to_string();
    owner == who || owner.split_once('!').is_some_and(|(user, _)| user == who)
}

/// An event of the history.
#[derive(Debug)]
pub(crate) struct Event {
    /// The message.
    full: Bytes,
    /// The message for those who may not see all; none at all for them when empty.
    reduced: Option<Bytes>,
    /// Who may see it.
    sight: Sight,
    /// It tells that something is gone: who could see that before is told, although his rights went with it.
    farewell: bool,
}

impl Event {
    /// A new or changed resource.
    pub(crate) fn resource(number: u64, item: &Item) -> Self {
        let reduced = item.reduced.as_deref().map(|json| resource_text(number, json));
        Self { full: resource_text(number, &item.json), reduced, sight: sight(item), farewell: false }
    }

    /// A resource that is no more.
    pub(crate) fn gone(number: u64, item: &Item) -> Self {
        let sight = if item.reduced.is_some() { Sight::Everybody } else { sight(item) };
        Self { full: gone_text(number, &item.id), reduced: None, sight, farewell: true }
    }

    /// A task that began or ended, as lists of tasks show it.
    pub(crate) fn task(number: u64, row: &Value, owner: String) -> Self {
        let sight = Sight::Own { owner, paths: vec!["/".to_owned()], privilege: "Sys.Audit" };
        Self::plain(&json!({"type": "task", "seq": number, "data": row}), sight)
    }

    /// A line of the cluster's log.
    pub(crate) fn log(number: u64, row: &Value, sight: Sight) -> Self {
        Self::plain(&json!({"type": "log", "seq": number, "data": row}), sight)
    }

    /// What lies below a path of the API has changed.
    pub(crate) fn config(number: u64, path: &str, sight: Sight) -> Self {
        Self::plain(&json!({"type": "config", "seq": number, "path": path}), sight)
    }

    fn plain(message: &Value, sight: Sight) -> Self {
        Self { full: Bytes::from(message.to_string()), reduced: None, sight, farewell: false }
    }

    /// What somebody is told of it, by the rights of now and those that his stream knew last.
    pub(crate) fn text_for(&self, users: &UserConfig, before: &UserConfig, who: &Authid) -> Option<Bytes> {
        if self.sight.allows(users, who) || (self.farewell && self.sight.allows(before, who)) {
            return Some(self.full.clone());
        }
        self.reduced.clone()
    }
}

fn sight(item: &Item) -> Sight {
    item.needs.as_ref().map_or(Sight::Everybody, |(path, privs)| Sight::Any(path.clone(), privs))
}

/// How much of a resource somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Nothing,
    Reduced,
    All,
}

fn seen(item: &Item, users: &UserConfig, who: &Authid) -> Seen {
    match (sight(item).allows(users, who), &item.reduced) {
        (true, _) => Seen::All,
        (false, Some(_)) => Seen::Reduced,
        (false, None) => Seen::Nothing,
    }
}

/// What a change of rights means to somebody: resources that come into his sight, change there, or leave it. The
/// messages carry the number that his stream has reached.
pub(crate) fn change_of_rights(
    items: &[Arc<Item>],
    before: &UserConfig,
    now: &UserConfig,
    who: &Authid,
    number: u64,
) -> Vec<Bytes> {
    let change = |item: &Arc<Item>| match (seen(item, before, who), seen(item, now, who)) {
        (before, now) if before == now => None,
        (_, Seen::Nothing) => Some(gone_text(number, &item.id)),
        (_, Seen::Reduced) => item.reduced.as_deref().map(|json| resource_text(number, json)),
        (_, Seen::All) => Some(resource_text(number, &item.json)),
    };
    items.iter().filter_map(change).collect()
}

fn resource_text(number: u64, json: &str) -> Bytes {
    Bytes::from(format!(r#"{{"type":"resource","seq":{number},"data":{json}}}"#))
}

fn gone_text(number: u64, id: &str) -> Bytes {
    Bytes::from(json!({"type": "resource-gone", "seq": number, "id": id}).to_string())
}

/// The first message of a stream.
pub(crate) fn hello(epoch: &str, number: u64, resumed: bool, time: i64) -> Bytes {
    let message = json!({"type": "hello", "epoch": epoch, "seq": number, "resumed": resumed, "time": time});
    Bytes::from(message.to_string())
}

/// A sign of life.
pub(crate) fn ping() -> Bytes {
    Bytes::from_static(br#"{"type":"ping"}"#)
}

/// What differs between two lists of resources: rows that are new or changed, and rows that are gone.
pub(crate) fn differences<'a>(
    before: &'a [Arc<Item>],
    now: &'a [Arc<Item>],
) -> (Vec<&'a Arc<Item>>, Vec<&'a Arc<Item>>) {
    let same = |old: &Arc<Item>, new: &Arc<Item>| Arc::ptr_eq(old, new) || old == new;
    let mut known: std::collections::HashMap<&str, &Arc<Item>> =
        before.iter().map(|item| (item.id.as_str(), item)).collect();
    let changed = now.iter().filter(|item| known.remove(item.id.as_str()).is_none_or(|old| !same(old, item))).collect();
    let mut gone: Vec<&Arc<Item>> = known.into_values().collect();
    gone.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    (changed, gone)
}

/// The shared form in which the history keeps events.
pub(crate) type Shared = Arc<Event>;

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "user:jo@pve:1:0::::::\nuser:ann@pve:1:0::::::\ntoken:jo@pve!tok:0:1::\n\
        acl:1:/vms/100:jo@pve:PVEAuditor:\n";

    fn users(text: &str) -> UserConfig {
        UserConfig::parse(text).0
    }

    fn who(text: &str) -> Authid {
        text.parse().unwrap()
    }

    fn guest(vmid: u32, json: &str) -> Arc<Item> {
        Arc::new(Item {
            id: format!("qemu/{vmid}"),
            filter: None,
            needs: Some((format!("/vms/{vmid}"), &["VM.Audit"])),
            json: json.to_owned(),
            reduced: None,
        })
    }

    fn node(json: &str) -> Arc<Item> {
        let needs = Some(("/nodes/n1".to_owned(), ["Sys.Audit"].as_slice()));
        let reduced = Some("{}".into());
        Arc::new(Item { id: "node/n1".into(), filter: None, needs, json: json.to_owned(), reduced })
    }

    fn text(event: &Event, now: &UserConfig, before: &UserConfig, user: &str) -> Option<String> {
        event.text_for(now, before, &who(user)).map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[test]
    fn a_guest_is_seen_by_those_with_rights_on_it() {
        let users = users(USERS);
        let event = Event::resource(7, &guest(100, r#"{"id":"qemu/100"}"#));
        let told = |user| text(&event, &users, &users, user);
        assert_eq!(told("jo@pve").unwrap(), r#"{"type":"resource","seq":7,"data":{"id":"qemu/100"}}"#);
        assert_eq!((told("ann@pve"), told("jo@pve!tok")), (None, None));
        assert!(told("root@pam").is_some());
        let event = Event::resource(8, &node(r#"{"cpu":1}"#));
        assert_eq!(text(&event, &users, &users, "ann@pve").unwrap(), r#"{"type":"resource","seq":8,"data":{}}"#);
    }

    #[test]
    fn the_end_of_a_guest_is_told_also_when_the_rights_went_first() {
        let (before, now) = (users(USERS), users("user:jo@pve:1:0::::::\n"));
        let gone = Event::gone(9, &guest(100, "{}"));
        assert_eq!(
            text(&gone, &now, &before, "jo@pve").unwrap(),
            r#"{"type":"resource-gone","seq":9,"id":"qemu/100"}"#
        );
        assert_eq!(text(&gone, &now, &before, "ann@pve"), None);
        let row = Event::resource(9, &guest(100, "{}"));
        assert_eq!(text(&row, &now, &before, "jo@pve"), None, "a row needs the rights of now");
    }

    #[test]
    fn a_task_is_told_to_its_owner_and_to_auditors() {
        let users = users(USERS);
        let event = |owner: &str| Event::task(1, &json!({}), owner.into());
        assert!(text(&event("jo@pve"), &users, &users, "jo@pve").is_some());
        assert!(text(&event("jo@pve!tok"), &users, &users, "jo@pve").is_some(), "what a token does is its user's");
        assert!(text(&event("jo@pve"), &users, &users, "jo@pve!tok").is_none(), "but not the other way round");
        assert!(text(&event("jo@pve"), &users, &users, "ann@pve").is_none());
        assert!(text(&event("jo@pve"), &users, &users, "root@pam").is_some());
    }

    #[test]
    fn a_change_of_rights_shows_and_hides_resources() {
        let items = [guest(100, r#"{"a":1}"#), guest(101, r#"{"b":1}"#), node("{}")];
        let now = users("user:jo@pve:1:0::::::\nacl:1:/vms/101:jo@pve:PVEAuditor:\n");
        let told = change_of_rights(&items, &users(USERS), &now, &who("jo@pve"), 5);
        assert_eq!(
            told,
            [r#"{"type":"resource-gone","seq":5,"id":"qemu/100"}"#, r#"{"type":"resource","seq":5,"data":{"b":1}}"#]
        );
        assert!(change_of_rights(&items, &now, &now, &who("jo@pve"), 5).is_empty());
    }

    #[test]
    fn differences_are_new_changed_and_gone_rows() {
        let before = [guest(100, "1"), guest(101, "1"), guest(102, "1")];
        let now = [guest(100, "1"), guest(101, "2"), guest(103, "1")];
        let (changed, gone) = differences(&before, &now);
        let ids = |items: Vec<&Arc<Item>>| items.into_iter().map(|item| item.id.clone()).collect::<Vec<_>>();
        assert_eq!((ids(changed), ids(gone)), (vec!["qemu/101".into(), "qemu/103".into()], vec!["qemu/102".into()]));
    }
}
