//! Tags of guests: their order, and which of them a user may add or take away (`registered-tags`, `user-tag-access` and
//! `tag-style` of `datacenter.cfg`).

use std::collections::BTreeSet;

use schema::{Choice, Params};

use crate::datacenter;

/// Tags that users may give to guests.
#[derive(Choice, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Allowed {
    /// None.
    None,
    /// Those listed.
    List,
    /// Those listed, and those that some guest has.
    Existing,
    /// Any but those that are registered.
    #[default]
    Free,
}

/// Value of `user-tag-access`.
#[derive(Params, Clone, Debug, Default, PartialEq)]
pub struct TagAccess {
    /// Which.
    #[param(name = "user-allow", default = "free")]
    pub allow: Option<Allowed>,
    /// The list.
    #[param(name = "user-allow-list", pattern = r"(?i:[a-z0-9_][a-z0-9_\-\+\.]*)(?:;(?i:[a-z0-9_][a-z0-9_\-\+\.]*))*")]
    pub list: Option<String>,
}

/// What a datacenter says of tags.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    access: TagAccess,
    registered: BTreeSet<String>,
    case_sensitive: bool,
    keep_order: bool,
}

impl Rules {
    /// Reads `datacenter.cfg`.
    #[must_use]
    pub fn of(datacenter: &str) -> Self {
        let option = |key| datacenter::option(datacenter, key);
        let style = |key: &str, value: &str| {
            let parts = option("tag-style").into_iter().flat_map(|style| style.split(','));
            parts.filter_map(|part| part.split_once('=')).any(|part| part == (key, value))
        };
        let mut rules = Self {
            access: option("user-tag-access").and_then(|text| schema::property::parse(text).ok()).unwrap_or_default(),
            case_sensitive: style("case-sensitive", "1"),
            keep_order: style("ordering", "config"),
            registered: BTreeSet::new(),
        };
        rules.registered = rules.set(option("registered-tags"));
        rules
    }

    fn set(&self, list: Option<&str>) -> BTreeSet<String> {
        let tags = schema::kind::split_list(list.unwrap_or_default());
        tags.map(|tag| if self.case_sensitive { tag.to_owned() } else { tag.to_lowercase() }).collect()
    }

    /// The list as it is kept: each tag once, by name unless the order is the user's, separated by semicolons.
    #[must_use]
    pub fn settled(&self, list: &str) -> String {
        let mut tags: Vec<String> = Vec::new();
        for tag in schema::kind::split_list(list) {
            let tag = if self.case_sensitive { tag.to_owned() } else { tag.to_lowercase() };
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        if !self.keep_order {
            tags.sort();
        }
        tags.join(";")
    }

    /// The tags offered to a user, beside any others if `self` lets users be free. `administrator`: has `Sys.Modify` on
    /// `/`. `existing`: lists of tags of guests that the user can see.
    #[must_use]
    pub fn offered<'a>(&self, administrator: bool, existing: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
        let allow = self.access.allow.unwrap_or_default();
        let mut tags = BTreeSet::new();
        if matches!(allow, Allowed::List | Allowed::Existing) || administrator {
            tags.extend(self.set(self.access.list.as_deref()));
        }
        if matches!(allow, Allowed::Existing | Allowed::Free) || administrator {
            tags.extend(existing.flat_map(|list| self.set(Some(list))));
        }
        tags.retain(|tag| !self.registered.contains(tag));
        if administrator {
            tags.extend(self.registered.iter().cloned());
        }
        tags
    }

    /// A tag that only an administrator may add or take away, of those that a change does; nothing where there is none.
    /// `existing` is as in [`Self::offered`].
    #[must_use]
    pub fn refused<'a>(&self, old: &str, new: &str, existing: impl Iterator<Item = &'a str>) -> Option<String> {
        let (old, new) = (self.set(Some(old)), self.set(Some(new)));
        let mut changed = old.symmetric_difference(&new).peekable();
        changed.peek()?;
        let free = self.access.allow.unwrap_or_default() == Allowed::Free;
        let offered = if free { BTreeSet::new() } else { self.offered(false, existing) };
        changed.find(|tag| self.registered.contains(*tag) || !(free || offered.contains(*tag))).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(datacenter: &str, old: &str, new: &str) -> Option<String> {
        Rules::of(datacenter).refused(old, new, ["seen;old", "web"].into_iter())
    }

    #[test]
    fn each_tag_is_kept_once_and_in_the_order_of_the_datacenter() {
        assert_eq!(Rules::of("").settled("web,DB  web;app"), "app;db;web");
        assert_eq!(Rules::of("tag-style: ordering=config,case-sensitive=1\n").settled("web,DB web;db"), "web;DB;db");
        assert_eq!(Rules::of("").settled(""), "");
    }

    #[test]
    fn registered_tags_are_for_administrators() {
        let datacenter = "registered-tags: prod;gold\n";
        assert_eq!(refused(datacenter, "", "test"), None);
        assert_eq!(refused(datacenter, "", "Prod"), Some("prod".to_owned()));
        assert_eq!(refused(datacenter, "gold;a", "a"), Some("gold".to_owned()), "nor may others take them away");
        assert_eq!(refused(datacenter, "gold", "gold;b"), None, "what stays is nobody's change");
    }

    #[test]
    fn users_have_the_choice_that_the_datacenter_gives_them() {
        let rules =
            |allow: &str| format!("registered-tags: gold\nuser-tag-access: user-allow={allow},user-allow-list=a;b\n");
        assert_eq!(refused(&rules("none"), "", "a"), Some("a".to_owned()));
        assert_eq!(refused(&rules("list"), "b", "a"), None);
        assert_eq!(refused(&rules("list"), "", "seen"), Some("seen".to_owned()));
        assert_eq!(refused(&rules("existing"), "", "a;seen"), None);
        assert_eq!(refused(&rules("existing"), "", "new"), Some("new".to_owned()));
        assert_eq!(refused(&rules("free"), "", "new"), None);
    }

    #[test]
    fn what_is_offered_follows_the_same_rules() {
        let rules = Rules::of("registered-tags: gold\nuser-tag-access: user-allow=list,user-allow-list=a\n");
        let offered =
            |administrator| rules.offered(administrator, ["web;gold"].into_iter()).into_iter().collect::<Vec<_>>();
        assert_eq!(offered(false), ["a"]);
        assert_eq!(offered(true), ["a", "gold", "web"]);
    }
}
