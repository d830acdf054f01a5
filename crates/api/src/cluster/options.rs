//! `/cluster/options`: settings of the whole datacenter, kept in `datacenter.cfg`.

use access::Access;
use guest::tags::{Rules, TagAccess};
use schema::{ApiError, ConfigId, Flat, NoParams, Params, Props, Vmid};
use serde_json::{Map, Value};
use store::{StoreError, Tree, views::Views};

use super::options_types::{
    BandwidthLimits, Console, Fencing, HaSettings, Keyboard, Language, Location, NextId, Notify, Scheduling, TagStyle,
    Transfer, U2f, Webauthn,
};
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Shows the settings of the datacenter; those that only administrators need are left out for others.
    GET "/cluster/options" => get, name = "get_options", Access::User, Target::Any;
    /// Changes settings of the datacenter.
    PUT "/cluster/options" => set, name = "set_options", Access::perm("/", &["Sys.Modify"]), Target::Any;
}

/// The key of the file in the configuration tree.
const KEY: &str = "datacenter.cfg";

/// What everybody may see: consoles, keyboards and colours are needed to draw a screen.
const PUBLIC: [&str; 4] = ["console", "keyboard", "tag-style", "consent-text"];

/// Settings whose value is a property string, shown as objects; with the key that a bare value belongs to.
const STRUCTURED: [(&str, &str); 12] = [
    ("bwlimit", ""),
    ("crs", ""),
    ("ha", ""),
    ("location", ""),
    ("migration", "type"),
    ("next-id", ""),
    ("notify", ""),
    ("replication", "type"),
    ("tag-style", ""),
    ("u2f", ""),
    ("user-tag-access", ""),
    ("webauthn", ""),
];

/// Settings of the datacenter.
#[derive(Params, Clone, Debug)]
pub(crate) struct Options {
    /// Limits on the speed of long copies.
    bwlimit: Option<Props<BandwidthLimits>>,
    /// Text shown before logging in.
    #[param(name = "consent-text", max_len = 65536)]
    consent_text: Option<String>,
    /// Which viewer to open consoles with.
    console: Option<Console>,
    /// How to choose nodes for guests.
    #[param(later)]
    crs: Option<Props<Scheduling>>,
    /// Notes.
    #[param(max_len = 65536)]
    description: Option<String>,
    /// Sender of mails.
    #[param(later, format = "email-opt")]
    email_from: Option<String>,
    /// How to make sure that a lost node is off.
    #[param(later, default = "watchdog")]
    fencing: Option<Fencing>,
    /// Settings of high availability.
    #[param(later)]
    ha: Option<Props<HaSettings>>,
    /// Proxy for downloads.
    #[param(later, pattern = "http://.*")]
    http_proxy: Option<String>,
    /// Keyboard layout of consoles.
    keyboard: Option<Keyboard>,
    /// Language of the web interface.
    language: Option<Language>,
    /// Where the datacenter is.
    #[param(later)]
    location: Option<Props<Location>>,
    /// First bytes of generated hardware addresses.
    #[param(format = "mac-prefix", default = "BC:24:11")]
    mac_prefix: Option<String>,
    /// Most guests that are started or stopped at once.
    #[param(min = 1)]
    max_workers: Option<u64>,
    /// How guests travel between nodes.
    #[param(later)]
    migration: Option<Props<Transfer>>,
    /// Old form of `migration`.
    #[param(later)]
    migration_unsecure: Option<bool>,
    /// From where to where free guest IDs are looked for.
    #[param(name = "next-id")]
    next_id: Option<Props<NextId>>,
    /// What to send notifications about.
    #[param(later)]
    notify: Option<Props<Notify>>,
    /// Tags that only administrators of the datacenter may set.
    #[param(name = "registered-tags", pattern = r"(?:(?i:[a-z0-9_][a-z0-9_\-\+\.]*);)*(?i:[a-z0-9_][a-z0-9_\-\+\.]*)")]
    registered_tags: Option<String>,
    /// How copies of disks travel between nodes.
    #[param(later)]
    replication: Option<Props<Transfer>>,
    /// Looks of tags.
    #[param(name = "tag-style")]
    tag_style: Option<Props<TagStyle>>,
    /// Settings for U2F keys.
    #[param(later)]
    u2f: Option<Props<U2f>>,
    /// Which tags users may set.
    #[param(name = "user-tag-access")]
    user_tag_access: Option<Props<TagAccess>>,
    /// Settings for WebAuthn keys.
    #[param(later)]
    webauthn: Option<Props<Webauthn>>,
}

#[derive(Params, Clone, Debug)]
struct Update {
    /// Settings to remove.
    delete: Vec<ConfigId>,
    /// Settings to change.
    options: Flat<Options>,
}

/// The file taken apart: settings in their order, notes under `description`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct File {
    values: Vec<(String, String)>,
}

impl File {
    fn parse(text: &str) -> Self {
        let mut file = Self::default();
        let mut notes = String::new();
        for line in text.lines() {
            if let Some(note) = line.strip_prefix('#') {
                notes.push_str(note);
                notes.push('\n');
            } else if let Some((key, value)) = line.split_once(':') {
                file.set(key.trim(), Some(value.trim()));
            }
        }
        if !notes.is_empty() {
            file.set("description", Some(&notes));
        }
        file
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    fn set(&mut self, key: &str, value: Option<&str>) {
        self.values.retain(|(name, _)| name != key);
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.values.push((key.to_owned(), value.to_owned()));
        }
    }

    fn print(&self) -> String {
        let notes = self.get("description").unwrap_or_default();
        let notes = notes.lines().map(|line| format!("#{line}\n"));
        let mut values: Vec<_> = self.values.iter().filter(|(key, _)| key != "description").collect();
        values.sort();
        notes.chain(values.into_iter().map(|(key, value)| format!("{key}: {value}\n"))).collect()
    }
}

/// A property string as an object.
fn object(text: &str, default_key: &str) -> Value {
    let pair = |part: &str| match part.split_once('=') {
        Some((key, value)) => (key.trim().to_owned(), Value::from(value)),
        None => (default_key.to_owned(), Value::from(part)),
    };
    Value::Object(text.split(',').filter(|part| !part.is_empty()).map(pair).collect())
}

fn shown(key: &str, text: &str) -> Value {
    match STRUCTURED.iter().find(|(name, _)| *name == key) {
        Some((_, default_key)) => object(text, default_key),
        None => text.into(),
    }
}

async fn get(call: Call, _: NoParams) -> Result<Map<String, Value>, ApiError> {
    let tree = call.node.store.tree();
    let file = Views::get(&tree, KEY, File::parse);
    let all = call.may("/", &["Sys.Audit"]);
    let visible = file.values.iter().filter(|(key, _)| all || PUBLIC.contains(&key.as_str()));
    let mut map: Map<String, Value> = visible.map(|(key, text)| (key.clone(), shown(key, text))).collect();
    let existing = crate::nodes::tags::existing(&call);
    let rules = Rules::of(guest::datacenter::text(&tree));
    let offered = rules.offered(call.may("/", &["Sys.Modify"]), existing.iter().map(String::as_str));
    map.insert("allowed-tags".to_owned(), offered.into_iter().collect());
    Ok(map)
}

async fn set(call: Call, p: Update) -> Result<(), ApiError> {
    let changes = schema::config::pairs(&p.options.0);
    let deletions = p.delete;
    if let Some(both) = deletions.iter().find(|name| changes.iter().any(|(key, _)| key == name.as_str())) {
        return Err(ApiError::param("delete", format!("unable to set and delete '{both}' at the same time")));
    }
    if let Some(unknown) = deletions.iter().find(|name| <Options as Params>::SPEC.find(name.as_str()).is_none()) {
        return Err(ApiError::param("delete", format!("no such option '{unknown}'")));
    }
    let change = |entry: Option<&store::Entry>| -> Result<Option<String>, StoreError> {
        let mut file = entry.map_or_else(File::default, |entry| File::parse(&entry.text));
        changes.iter().for_each(|(key, value)| file.set(key, Some(value)));
        deletions.iter().for_each(|key| file.set(key.as_str(), None));
        Ok(Some(file.print()))
    };
    store::edit(&*call.node.store, KEY, change).await.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(())
}

/// From where to where free guest IDs are looked for; nothing if that is configured to be nowhere.
pub(crate) fn id_range(tree: &Tree) -> Option<(Vmid, Vmid)> {
    let file = Views::get(tree, KEY, File::parse);
    let range = file.get("next-id").map(|text| object(text, "")).unwrap_or_default();
    let limit = |key: &str| range.get(key)?.as_str()?.parse::<u32>().ok();
    let (lower, above) = (limit("lower").unwrap_or(100), limit("upper").unwrap_or(1_000_000));
    Some((Vmid::new(lower)?, Vmid::new(above.checked_sub(1)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_and_settings_are_kept() {
        let text = "#first\n#\n#third\nkeyboard: de\nunknown: x:y\n";
        let mut file = File::parse(text);
        assert_eq!(file.get("description"), Some("first\n\nthird\n"));
        assert_eq!(file.print(), text);
        file.set("keyboard", None);
        file.set("next-id", Some("lower=200"));
        assert_eq!(file.print(), "#first\n#\n#third\nnext-id: lower=200\nunknown: x:y\n");
    }

    #[test]
    fn property_strings_are_shown_as_objects() {
        assert_eq!(
            shown("migration", "secure,network=10.0.0.0/8").to_string(),
            r#"{"type":"secure","network":"10.0.0.0/8"}"#
        );
        assert_eq!(shown("keyboard", "de"), "de");
    }
}
