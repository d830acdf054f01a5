use std::borrow::Cow;

use super::*;

const CONFIG: &str = "\
user:jo@pve:1:
user:ann@pve:1:
user:boss@pve:1:
group:ops:ann@pve:
group:devs:jo@pve:
role:vm:VM.Audit,VM.PowerMgmt:
role:um:User.Modify:
role:realm:Realm.AllocateUser:
acl:1:/vms/100:jo@pve:vm:
acl:1:/pool/a:jo@pve:PVEPoolAdmin:
acl:1:/access/groups/devs:ann@pve:um:
acl:1:/access:boss@pve:um,realm:
";

fn ask(access: Access, caller: &str, params: &[(&str, &'static str)]) -> Result<(), String> {
    let (config, warnings) = UserConfig::parse(CONFIG);
    assert_eq!(warnings, []);
    let param = |name: &str| params.iter().find(|(key, _)| *key == name).map(|(_, value)| Cow::Borrowed(*value));
    access.authorize(&config, &caller.parse().unwrap(), param).map_err(|denied| denied.to_string())
}

const START: Access = Access::perm("/vms/{vmid}", &["VM.PowerMgmt", "VM.Audit"]);

#[test]
fn a_template_takes_the_parameter() {
    assert_eq!(ask(START, "jo@pve", &[("vmid", "100")]), Ok(()));
    assert_eq!(
        ask(START, "jo@pve", &[("vmid", "101")]),
        Err("Permission check failed (/vms/101, VM.PowerMgmt)".to_owned())
    );
    assert!(ask(START, "jo@pve", &[]).is_err(), "an absent parameter opens nothing");
    assert!(ask(START, "jo@pve", &[("vmid", "")]).is_err());
}

#[test]
fn the_message_names_what_is_missing() {
    const ANY: Access = Access::any("/nodes", &["Sys.Audit", "Sys.Modify"]);
    assert_eq!(ask(ANY, "jo@pve", &[]), Err("Permission check failed (/nodes, Sys.Audit|Sys.Modify)".to_owned()));
    const ALL: Access = Access::perm("/vms/100", &["VM.Audit", "VM.Clone"]);
    assert_eq!(ask(ALL, "jo@pve", &[]), Err("Permission check failed (/vms/100, VM.Clone)".to_owned()));
    assert_eq!(ask(Access::RootOnly, "jo@pve", &[]), Err("Permission check failed (user != root@pam)".to_owned()));
    assert_eq!(ask(Access::RootOnly, "root@pam", &[]), Ok(()));
}

#[test]
fn and_or_nest_and_a_required_parameter_closes_its_branch() {
    const CLONE: Access = Access::and(&[
        Check::perm("/vms/{vmid}", &["VM.Audit"]),
        Check::Or(&[
            Check::perm("/vms/{newid}", &["VM.Allocate"]),
            Check::perm_with("pool", "/pool/{pool}", &["Pool.Allocate"]),
        ]),
    ]);
    let base = [("vmid", "100"), ("newid", "200")];
    assert!(ask(CLONE, "jo@pve", &base).is_err());
    assert_eq!(ask(CLONE, "jo@pve", &[base[0], base[1], ("pool", "a")]), Ok(()));
    assert!(ask(CLONE, "jo@pve", &[base[0], base[1], ("pool", "b")]).is_err());
}

#[test]
fn self_is_the_very_caller() {
    const SELF: Access = Access::or(&[Check::UseridSelf, Check::userid_group(&["User.Modify"])]);
    assert_eq!(ask(SELF, "jo@pve", &[("userid", "jo@pve")]), Ok(()));
    assert!(ask(SELF, "jo@pve", &[("userid", "ann@pve")]).is_err());
    assert!(ask(SELF, "jo@pve!ci", &[("userid", "jo@pve")]).is_err(), "a token is not its owner");
    assert_eq!(ask(SELF, "ann@pve", &[("userid", "jo@pve")]), Ok(()), "by the group devs");
    assert!(ask(SELF, "ann@pve", &[("userid", "nobody@pve")]).is_err());
}

#[test]
fn users_are_created_within_allowed_groups() {
    const CREATE: Access =
        Access::and(&[Check::UseridRealm, Check::UseridGroup { privs: &["User.Modify"], groups: GroupsParam::Create }]);
    let new = ("userid", "new@pve");
    assert_eq!(ask(CREATE, "boss@pve", &[new]), Ok(()));
    assert_eq!(ask(CREATE, "boss@pve", &[new, ("groups", "ops,devs")]), Ok(()));
    assert_eq!(
        ask(CREATE, "ann@pve", &[new, ("groups", "devs")]),
        Err("Permission check failed (/access/realm/pve, Realm.AllocateUser)".to_owned())
    );
    const UPDATE: Access = Access::Check(Check::UseridGroup { privs: &["User.Modify"], groups: GroupsParam::Update });
    assert_eq!(ask(UPDATE, "ann@pve", &[("userid", "jo@pve"), ("groups", "devs")]), Ok(()));
    assert_eq!(
        ask(UPDATE, "ann@pve", &[("userid", "jo@pve"), ("groups", "devs ops")]),
        Err("Permission check failed (/access/groups/ops, User.Modify)".to_owned())
    );
}

#[test]
fn rights_may_be_given_where_things_may_be_made() {
    const MODIFY: Access = Access::Check(Check::PermModify { path: "{path}" });
    assert_eq!(ask(MODIFY, "jo@pve", &[("path", "/pool/a")]), Ok(()));
    assert_eq!(
        ask(MODIFY, "jo@pve", &[("path", "/vms/100")]),
        Err("Permission check failed (/vms/100, Permissions.Modify|VM.Allocate)".to_owned())
    );
    assert_eq!(ask(MODIFY, "jo@pve", &[]), Err("Permission check failed (/access, Permissions.Modify)".to_owned()));
}
