use super::*;

fn wish(name: &str) -> SnapshotWish {
    SnapshotWish { name: name.into(), description: Some("before the update".into()), ram: false }
}

fn file(text: &str) -> GuestFile {
    GuestFile::parse(Dialect::Qemu, text)
}

#[test]
fn a_snapshot_keeps_the_configuration_and_not_what_is_about_the_moment() {
    let mut file = file("#notes\ncores: 2\nparent: a1\nunused0: s:vm-100-x\n[PENDING]\ncores: 4\n[a1]\ncores: 1\n");
    begin(&mut file, &wish("b1"), 7, &vec![("vmstate", "s:state".to_owned())]).unwrap();
    insta::assert_snapshot!(file.print(), @r"
    #notes
    cores: 2
    lock: snapshot
    parent: a1
    unused0: s:vm-100-x

    [PENDING]
    cores: 4

    [a1]
    cores: 1

    [b1]
    #before the update
    cores: 2
    parent: a1
    snapstate: prepare
    snaptime: 7
    vmstate: s:state
    ");
    assert_eq!(check_name(&file, "b1").unwrap_err().to_string(), "snapshot name 'b1' already used");
    assert!(check_name(&file, "Current").unwrap_err().to_string().contains("reserved"));
    assert_eq!(begin(&mut file, &wish("c1"), 7, &Memory::new()).unwrap_err().to_string(), "VM is locked (snapshot)");
    commit(&mut file, "b1").unwrap();
    assert_eq!((file.main.get("parent"), file.main.get("lock")), (Some("b1"), None));
    assert_eq!(commit(&mut file, "b1"), Err(Refusal::LockLost("snapshot")));
}

#[test]
fn what_came_after_a_removed_snapshot_comes_after_the_one_before() {
    let mut file = file("parent: b1\n[a1]\ncores: 1\n[b1]\nparent: a1\n[c1]\nparent: b1\n");
    forget(&mut file, "b1");
    assert_eq!(file.print(), "parent: a1\n\n[a1]\ncores: 1\n\n[c1]\nparent: a1\n");
    forget(&mut file, "a1");
    assert_eq!(file.print(), "\n[c1]\n");
}

#[test]
fn a_removal_that_was_cut_off_says_what_is_left() {
    let mut file = file("[a1]\nscsi0: s:a,size=1G\nscsi1: s:b\nvmstate: s:state\n");
    begin_delete(&mut file, "a1").unwrap();
    set_aside(&mut file, "a1", "vmstate");
    set_aside(&mut file, "a1", "scsi0");
    assert_eq!(file.print(), "lock: snapshot-delete\n\n[a1]\nscsi1: s:b\nsnapstate: delete\nunused0: s:a\n");
    assert_eq!(volumes(Dialect::Qemu, &file.snapshots["a1"]).len(), 1);
    assert_eq!(check_rollback(&file, "a1").unwrap_err().to_string(), "VM is locked (snapshot-delete)");
}

#[test]
fn a_rollback_loses_no_volume() {
    let mut file = file(
        "#now\ncores: 4\nscsi0: s:100/vm-100-a,size=1G\nscsi1: s:100/vm-100-b\nscsi2: s:7/vm-7-c\nide2: s:iso/x,media=cdrom\n\
         unused0: s:100/vm-100-d\n[PENDING]\ncores: 2\n[a1]\n#then\ncores: 1\nscsi0: s:100/vm-100-a\nsnaptime: 1\n\
         vmstate: s:100/vm-100-state-a1.raw\n",
    );
    apply(&mut file, "a1", &|volume| volume.contains("vm-100")).unwrap();
    file.snapshots.clear();
    assert_eq!(
        file.print(),
        "#now\ncores: 1\nparent: a1\nscsi0: s:100/vm-100-a\nunused0: s:100/vm-100-d\nunused1: s:100/vm-100-b\n"
    );
}

#[test]
fn a_container_keeps_its_raw_lines() {
    let text = "mp1: s:c,mp=/c\nmp0: volume=s:b,mp=/b\nrootfs: s:a,size=1G\nlxc.mount.auto: proc\n";
    let mut file = GuestFile::parse(Dialect::Lxc, text);
    let keys: Vec<String> = volumes(Dialect::Lxc, &file.main).into_iter().map(|volume| volume.volume).collect();
    assert_eq!(keys, ["s:a", "s:b", "s:c"]);
    begin(&mut file, &wish("a1"), 7, &Memory::new()).unwrap();
    commit(&mut file, "a1").unwrap();
    file.main.raw.clear();
    apply(&mut file, "a1", &|_| true).unwrap();
    assert_eq!(file.main.raw, [("lxc.mount.auto".to_owned(), "proc".to_owned())]);
}
