use super::*;

#[test]
fn ids_are_reserved_once() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("subuid"), "me:200000:65536").unwrap();
    reserve_ids(directory.path()).unwrap();
    reserve_ids(directory.path()).unwrap();
    let read = |name| std::fs::read_to_string(directory.path().join(name)).unwrap();
    assert_eq!(read("subuid"), "me:200000:65536\nroot:100000:65536\n");
    assert_eq!(read("subgid"), "root:100000:65536\n");
    assert!(reserved("root:90000:100000\n") && !reserved("root:100000:1000\n"));
}

#[test]
fn errors_of_the_log() {
    let text = "lxc-start 900 20261123114830.629 WARN     cgfsng - ../src/x.c:f:3232 - Invalid argument - Ignored\n\
        lxc-start 900 20261123114830.630 ERROR    start - ../src/start.c:g:1 - No such file - Failed to exec\n";
    assert_eq!(parse_log(text).as_deref(), Some("No such file - Failed to exec"));
    assert_eq!(parse_log("x WARN y"), None);
}

#[test]
fn processor_lists() {
    assert_eq!(parse_cpus("0-2,5"), [0, 1, 2, 5]);
}

#[test]
fn command_lines() {
    let lxc = Lxc::new("/var/lib/lxc".into());
    let line = lxc.exec_argv(100, true, &["ls".into(), "-l".into()]).join(" ");
    assert_eq!(line, "lxc-attach -n 100 -P /var/lib/lxc -- ls -l");
    let line = lxc.console_argv(100, Console::Console, false).join(" ");
    assert_eq!(line, "lxc-console -n 100 -P /var/lib/lxc -t 0 -e -1");
}
