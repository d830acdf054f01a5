use super::*;

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
