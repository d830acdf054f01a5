use super::*;
use crate::privilege::built_in;

fn config(text: &str) -> UserConfig {
    UserConfig::parse(text).0
}

fn names(text: &str, who: &str, path: &str) -> String {
    rights(&config(text), &who.parse().unwrap(), path).here.to_string()
}

const BASE: &str = "\
user:jo@pve:1:
token:jo@pve!full:0:0:
token:jo@pve!sep:0:1:
token:root@pam!sep:0:1:
token:root@pam!full:0:0:
group:ops:jo@pve:
role:a:VM.Audit:
role:c:VM.Console:
role:p:VM.PowerMgmt:
";

#[test]
fn the_deepest_entry_replaces_those_above() {
    let text = format!("{BASE}acl:1:/:jo@pve:a:\nacl:1:/vms/100:jo@pve:c:\n");
    assert_eq!(names(&text, "jo@pve", "/vms/101"), "VM.Audit");
    assert_eq!(names(&text, "jo@pve", "/vms/100"), "VM.Console");
}

#[test]
fn an_entry_without_propagation_holds_on_its_path_only() {
    let text = format!("{BASE}acl:1:/:jo@pve:a:\nacl:0:/vms:jo@pve:c:\n");
    assert_eq!(names(&text, "jo@pve", "/vms"), "VM.Console");
    assert_eq!(names(&text, "jo@pve", "/vms/100"), "VM.Audit");
}

#[test]
fn the_users_own_entry_beats_the_groups_on_the_same_path() {
    let text = format!("{BASE}acl:1:/vms:@ops:c:\nacl:1:/vms:jo@pve:a:\nacl:1:/vms/7:@ops:p:\n");
    assert_eq!(names(&text, "jo@pve", "/vms"), "VM.Audit");
    assert_eq!(names(&text, "jo@pve", "/vms/7"), "VM.PowerMgmt");
}

#[test]
fn no_access_takes_everything_even_from_the_pool() {
    let text = format!("{BASE}acl:1:/vms/100:jo@pve:a,NoAccess:\npool:x::100:\nacl:1:/pool/x:jo@pve:c:\n");
    assert_eq!(names(&text, "jo@pve", "/vms/100"), "");
    let text = format!("{BASE}acl:1:/vms/100:jo@pve:a:\npool:x::100:\nacl:1:/pool/x:jo@pve:NoAccess:\n");
    assert_eq!(names(&text, "jo@pve", "/vms/100"), "");
}

#[test]
fn rights_from_a_pool_do_not_propagate() {
    let text = format!("{BASE}pool:x/y::100:st:\nacl:1:/pool/x:jo@pve:c:\nacl:1:/vms:jo@pve:a:\n");
    let found = rights(&config(&text), &"jo@pve".parse().unwrap(), "/vms/100");
    assert_eq!(
        (found.here.to_string().as_str(), found.below.to_string().as_str()),
        ("VM.Audit,VM.Console", "VM.Audit")
    );
    assert_eq!(names(&text, "jo@pve", "/storage/st"), "VM.Console");
}

#[test]
fn a_separated_token_has_no_more_than_both() {
    let text = format!("{BASE}acl:1:/vms:jo@pve:a,c:\nacl:1:/vms:jo@pve!sep:c,p:\nacl:1:/vms:jo@pve!full:p:\n");
    assert_eq!(names(&text, "jo@pve!sep", "/vms/100"), "VM.Console");
    assert_eq!(names(&text, "jo@pve!full", "/vms/100"), "VM.Audit,VM.Console");
    assert_eq!(names(&text, "jo@pve!gone", "/vms/100"), "");
}

#[test]
fn roots_tokens_have_all_or_their_own() {
    let text = format!("{BASE}acl:1:/vms:root@pam!sep:c:\n");
    assert_eq!(names(&text, "root@pam!sep", "/vms/100"), "VM.Console");
    let all = rights(&config(&text), &"root@pam!full".parse().unwrap(), "/");
    assert_eq!(Some(all.here), built_in("Administrator"));
}

#[test]
fn the_overview_lists_only_paths_with_rights() {
    let text = format!("{BASE}acl:0:/vms/100:jo@pve:a:\npool:x::200:\nacl:1:/pool/x:jo@pve:c:\n");
    let overview: Vec<String> = effective(&config(&text), &"jo@pve".parse().unwrap())
        .into_iter()
        .flat_map(|(path, rights)| {
            rights.flags().map(move |(name, below)| format!("{path} {name} {below}")).collect::<Vec<_>>()
        })
        .collect();
    insta::assert_snapshot!(overview.join("\n"), @r"
    /pool/x VM.Console true
    /vms/100 VM.Audit false
    /vms/200 VM.Console false
    ");
}

#[test]
fn others_rights_are_shown_to_auditors_and_owners() {
    let text = format!("{BASE}user:aud@pve:1:\nacl:1:/access:aud@pve:PVEAuditor:\n");
    let sees =
        |caller: &str, other: &str| may_see_rights(&config(&text), &caller.parse().unwrap(), &other.parse().unwrap());
    assert!(sees("jo@pve", "jo@pve") && sees("jo@pve", "jo@pve!sep") && sees("aud@pve", "jo@pve"));
    assert!(!sees("jo@pve", "aud@pve") && !sees("jo@pve!sep", "jo@pve") && !sees("jo@pve!full", "jo@pve!sep"));
}

#[test]
fn a_thousand_guests_are_filtered_quickly() {
    let mut text = BASE.to_owned();
    for id in 1000..2000 {
        text.push_str(&format!("pool:p{id}::{id}:\nacl:1:/vms/{id}:@ops:a:\nacl:1:/pool/p{id}:@ops:c:\n"));
    }
    let config = config(&text);
    let who: Authid = "jo@pve".parse().unwrap();
    let audit = Privileges::of(&["VM.Audit", "VM.Console"]);
    let count = (1000..3000).filter(|id| allows(&config, &who, &format!("/vms/{id}"), audit, false)).count();
    assert_eq!(count, 1000);
}
