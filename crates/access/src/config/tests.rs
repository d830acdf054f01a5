use proptest::prelude::*;

use super::*;

const FULL: &str = "\
user:jo@pve:1:1700000000:J%C3%B6:O%3AK:jo@example.org:a%25b::
token:jo@pve!ci:0:1:for ci:
user:root@pam:1:0::::::

group:ops:jo@pve,root@pam:the ops:

pool:a:::st:
pool:a/b:nested:100,200::

role:mine:Sys.Audit,VM.Audit:

acl:0:/:@ops,jo@pve:PVEAuditor:
acl:1:/vms:jo@pve!ci:PVEVMUser,mine:
";

fn parse(text: &str) -> UserConfig {
    let (config, warnings) = UserConfig::parse(text);
    assert_eq!(warnings, []);
    config
}

fn warnings(text: &str) -> String {
    UserConfig::parse(text).1.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_file_comes_back_as_it_was() {
    assert_eq!(parse(FULL).print(), FULL);
}

#[test]
fn free_text_is_decoded() {
    let config = parse(FULL);
    let jo = &config.users["jo@pve"];
    assert_eq!((jo.firstname.as_str(), jo.lastname.as_str(), jo.comment.as_str()), ("J\u{f6}", "O:K", "a%b"));
}

#[test]
fn root_cannot_be_lost_but_needs_no_entries() {
    assert!(parse("").users["root@pam"].enable);
    let config = parse("acl:1:/:root@pam:PVEAdmin:\n");
    assert!(!config.print().contains("acl:"));
}

#[test]
fn lines_that_make_no_sense_are_named_and_left_out() {
    insta::assert_snapshot!(warnings("\
user:bad:1:
user:jo@pve:1:soon:
token:ann@pve!tk:0:1:
group:ops:ann@pve:
group:a b::
pool:x::100:
pool:y::100,abc:1st:
pool:a/b/c/d:::
role:r:VM.Fly:
role:PVEAdmin:VM.Audit:
acl:1:/vms:ann@pve,@gone,ann@pve!tk,%:PVEAdmin:
acl:1:/v ms:root@pam:PVEAdmin:
acl:1:/vms:root@pam:Nix:
nonsense
"), @r"
    user.cfg line 1: value 'bad' does not look like a valid user name
    user.cfg line 2: 'soon' is no time of expiry
    user.cfg line 3: token 'ann@pve!tk': no such user
    user.cfg line 4: group 'ops': no such user 'ann@pve'
    user.cfg line 5: 'a b' is no name of a group
    user.cfg line 7: pool 'y': VM 100 is already a member of pool 'x'
    user.cfg line 7: pool 'y': 'abc' is no ID of a guest
    user.cfg line 7: pool 'y': '1st' is no name of a storage
    user.cfg line 8: 'a/b/c/d' is no name of a pool
    user.cfg line 9: role 'r': no such privilege 'VM.Fly'
    user.cfg line 10: role 'PVEAdmin' is built in
    user.cfg line 11: no such user ('ann@pve')
    user.cfg line 11: group 'gone' does not exist
    user.cfg line 11: no such token 'tk' for user 'ann@pve'
    user.cfg line 11: '%' is no user, group or token
    user.cfg line 12: '/v ms' is no path
    user.cfg line 13: no such role 'Nix'
    user.cfg line 14: unknown kind of line 'nonsense'
    ");
}

#[test]
fn nothing_is_left_of_a_removed_user() {
    let mut config = parse(FULL);
    assert!(config.remove_user(&"jo@pve".parse().unwrap()).is_some());
    let text = config.print();
    assert!(!text.contains("jo@pve"), "{text}");
    assert!(text.contains("acl:0:/:@ops:PVEAuditor:"));
    assert!(!text.contains("/vms"));
}

#[test]
fn nothing_is_left_of_removed_groups_roles_guests_and_storages() {
    let mut config = parse(&format!("{FULL}acl:1:/vms/100:jo@pve:mine:\nacl:1:/storage/st:jo@pve:PVEAdmin:\n"));
    config.remove_guest(100);
    config.remove_storage("st");
    config.remove_group("ops");
    config.remove_role("mine");
    insta::assert_snapshot!(config.print(), @r"
    user:jo@pve:1:1700000000:J%C3%B6:O%3AK:jo@example.org:a%25b::
    token:jo@pve!ci:0:1:for ci:
    user:root@pam:1:0::::::


    pool:a::::
    pool:a/b:nested:200::


    acl:0:/:jo@pve:PVEAuditor:
    acl:1:/vms:jo@pve!ci:PVEVMUser:
    ");
}

#[test]
fn revoking_the_last_entry_removes_the_path() {
    let mut config = parse(FULL);
    let token = Subject::Token("jo@pve!ci".parse().unwrap());
    config.acl.revoke("/vms", &token, "mine");
    config.acl.revoke("/vms", &token, "PVEVMUser");
    assert!(config.acl.get("/vms").is_none());
}

#[test]
fn pools_keep_their_order_of_birth_and_death() {
    let mut pools = Pools::default();
    assert_eq!(pools.create("a/b", "").unwrap_err().to_string(), "parent 'a' of pool 'a/b' does not exist");
    pools.create("a", "").unwrap();
    pools.create("a/b", "").unwrap();
    pools.add_guest("a/b", 100, false).unwrap();
    assert!(matches!(pools.add_guest("a", 100, false), Err(PoolError::GuestTaken { guest: 100, .. })));
    assert!(matches!(pools.remove("a"), Err(PoolError::HasChildren(_))));
    assert!(matches!(pools.remove("a/b"), Err(PoolError::NotEmpty(_))));
    pools.add_guest("a", 100, true).unwrap();
    assert_eq!(pools.of_guest(100), Some("a"));
    pools.remove("a/b").unwrap();
}

#[test]
fn accounts_end() {
    let config = parse("user:jo@pve:1:100:\ntoken:jo@pve!tk:50:1:\nuser:off@pve:0:\n");
    let check = |who: &str, now| config.check_active(&who.parse().unwrap(), now).map_err(|refused| refused.to_string());
    assert_eq!(check("jo@pve!tk", 49), Ok(()));
    assert_eq!(check("jo@pve!tk", 50), Err("token 'jo@pve!tk' access expired".to_owned()));
    assert_eq!(check("jo@pve", 99), Ok(()));
    assert_eq!(check("jo@pve", 100), Err("user 'jo@pve' access expired".to_owned()));
    assert_eq!(check("off@pve", 0), Err("user 'off@pve' is disabled".to_owned()));
    assert_eq!(check("who@pve", 0), Err("no such user ('who@pve')".to_owned()));
    assert_eq!(check("jo@pve!zz", 0), Err("no such token 'zz' for user 'jo@pve'".to_owned()));
}

proptest! {
    #[test]
    fn any_text_is_read_and_what_is_printed_reads_the_same(text in "(((user|group|acl|pool|role|token)(:[a-z@!/,1 %]{0,8}){0,9}|.{0,20})\n){0,8}") {
        let (config, _) = UserConfig::parse(&text);
        let printed = config.print();
        let (again, warnings) = UserConfig::parse(&printed);
        prop_assert_eq!(again.print(), printed, "{:?}", warnings);
    }

    #[test]
    fn free_text_survives(comment in "\\PC{0,30}") {
        let mut config = parse(FULL);
        config.users.get_mut("jo@pve").unwrap().comment.clone_from(&comment);
        let (again, _) = UserConfig::parse(&config.print());
        prop_assert_eq!(again.users["jo@pve"].comment.trim(), comment.trim());
    }
}
