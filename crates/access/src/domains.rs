//! `domains.cfg`: the realms that users belong to. `pam` and `pve` are always there.

use schema::section::{File, Section};

use crate::config::{decode, encode};

/// The host's own accounts.
pub const PAM: &str = "pam";
/// Accounts with a password of ours.
pub const PVE: &str = "pve";

/// What is known of a realm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Realm {
    /// Its name.
    pub realm: String,
    /// How it authenticates: `pam`, `pve`, and others that this version only lists.
    pub kind: String,
    /// Remark.
    pub comment: Option<String>,
    /// Is it the one that login forms offer first?
    pub default: bool,
    /// Second factor that everyone of the realm needs.
    pub tfa: Option<String>,
}

/// The file, with what is not understood kept.
#[derive(Clone, Debug)]
pub struct Domains(File);

impl Domains {
    /// Reads the file; the realms that always are get their sections.
    pub fn parse(text: &str) -> Self {
        let mut file = File::parse(text);
        for (id, comment) in [(PVE, "Accounts of this cluster"), (PAM, "Accounts of the host (Linux PAM)")] {
            if file.get(id).is_none() {
                let mut section = Section::new(id, id);
                section.set("comment", comment);
                file.push_front(section);
            }
        }
        Self(file)
    }
    /// The file's text.
    pub fn print(&self) -> String {
        self.0.to_string()
    }
    /// All realms, sorted by name.
    pub fn list(&self) -> Vec<Realm> {
        let mut realms: Vec<Realm> = self.0.sections().map(view).collect();
        realms.sort_by(|a, b| a.realm.cmp(&b.realm));
        realms
    }
    /// One realm.
    pub fn get(&self, realm: &str) -> Option<Realm> {
        self.0.get(realm).map(view)
    }
    /// Sets the remark of a realm; none removes it. False if there is no such realm.
    pub fn set_comment(&mut self, realm: &str, comment: Option<&str>) -> bool {
        let Some(section) = self.0.get_mut(realm) else { return false };
        match comment {
            Some(comment) => section.set("comment", &encode(comment)),
            None => drop(section.unset("comment")),
        }
        true
    }
    /// Makes a realm the default one, or not; no two are. False if there is no such realm.
    pub fn set_default(&mut self, realm: &str, default: bool) -> bool {
        if self.0.get(realm).is_none() {
            return false;
        }
        let ids: Vec<String> = self.0.sections().map(|section| section.id().to_owned()).collect();
        for id in ids.iter().filter(|id| default || *id == realm) {
            if let Some(section) = self.0.get_mut(id) {
                section.unset("default");
                if default && id == realm {
                    section.set("default", "1");
                }
            }
        }
        true
    }
}

fn view(section: &Section) -> Realm {
    Realm {
        realm: section.id().to_owned(),
        kind: section.kind().to_owned(),
        comment: section.get("comment").map(decode),
        default: matches!(section.get("default"), Some("1" | "on" | "yes" | "true")),
        tfa: section.get("tfa").map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_realms_are_there_without_a_file() {
        let names: Vec<_> = Domains::parse("").list().into_iter().map(|realm| (realm.realm, realm.kind)).collect();
        assert_eq!(names, [("pam".to_owned(), "pam".to_owned()), ("pve".to_owned(), "pve".to_owned())]);
    }

    #[test]
    fn other_realms_and_their_keys_are_kept() {
        let text = "ldap: corp\n\tbase_dn dc=x\n\tserver1 a\n\tdefault 1\n";
        let mut domains = Domains::parse(text);
        assert!(domains.set_default("pve", true));
        assert!(domains.set_comment("pve", Some("a:b \u{e4}")));
        assert!(!domains.set_comment("nix", None));
        let again = Domains::parse(&domains.print());
        let pve = again.get("pve").unwrap();
        assert_eq!((pve.default, pve.comment.as_deref()), (true, Some("a:b \u{e4}")));
        assert!(!again.get("corp").unwrap().default);
        assert!(domains.print().contains("base_dn dc=x"), "{}", domains.print());
    }
}
