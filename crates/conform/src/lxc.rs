//! Containers: id maps, files written into a root file system, bind mounts.

use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::symlink,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use guest::{
    config_file::{Dialect, GuestFile},
    lxc::{
        config::CtConfig,
        idmap,
        setup::{Distribution, Facts, First, set_up},
    },
};
use host::{
    mount::in_private_namespace,
    mount_point::{MountPoint, Source},
    rootfs::Root,
};
use serde_json::{Value, json};

use crate::Outcome;

pub(crate) fn case(suite: &str, dir: &Path, name: &str, input: &Value) -> Option<Outcome> {
    match suite {
        "ct-idmap" => Some(id_map(input)),
        "ct-setup" => setup(dir, name),
        "ct-bindmount" => Some(bind_mount(dir, input)),
        _ => None,
    }
}

fn id_map(input: &Value) -> Outcome {
    let pairs = input["config"]["lxc"].as_array().into_iter().flatten();
    let raw: Vec<(String, String)> =
        pairs.filter_map(|pair| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned()))).collect();
    idmap::of(&raw, input["config"]["unprivileged"] == 1).map(|_| json!({ "result": "valid" }))
}

/// The steps of a bind mount, with what an attacker does between them.
fn bind_mount(dir: &Path, input: &Value) -> Outcome {
    let env = fs::read_to_string(dir.join("env.json")).map_err(|err| err.to_string())?;
    let env: Value = serde_json::from_str(&env).map_err(|err| err.to_string())?;
    let base = std::env::temp_dir().join(format!("conform-{}-bind", std::process::id()));
    let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
    let below = |path: &str| base.join(path.trim_start_matches(['.', '/']));
    make_tree(&base, &env["tree"]).map_err(|err| err.to_string())?;
    let (source, root) = (below(&text("source")), below(&text("rootfs")));
    let point = MountPoint {
        name: "mp0".into(),
        source: Source::Host(source.clone()),
        path: text("destination"),
        options: Vec::new(),
        read_only: input["readonly_requested"] == true,
        keep_attributes: false,
        owners: Vec::new(),
    };
    let mounted = MountPoint { read_only: point.read_only && input["mount_writable_anyway"] != true, ..point.clone() };
    let (swapped, secret) = (input["swap_with_symlink"].as_str().map(below), below("secret"));
    let restored = input["restore_after_mount"] == true;
    let done = in_private_namespace(move |_| {
        let root = Root::open(&root, None).map_err(|err| err.to_string())?;
        let opened = point.open(&source).map_err(|err| err.to_string())?;
        let away = swapped.as_ref().map(|path| path.with_extension("away"));
        if let (Some(path), Some(away)) = (&swapped, &away) {
            fs::rename(path, away).and_then(|()| symlink(&secret, path)).map_err(|err| err.to_string())?;
        }
        mounted.bind(&root, &opened, true).map_err(|err| err.to_string())?;
        if let (Some(path), Some(away), true) = (&swapped, &away, restored) {
            fs::remove_file(path).and_then(|()| fs::rename(away, path)).map_err(|err| err.to_string())?;
        }
        point.check_read_only(&root).and_then(|()| point.verify(&root, &source)).map_err(|err| err.to_string())
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|err| err.to_string())?;
    let outcome = runtime.block_on(done).map_err(|err| err.to_string())?;
    // What stays of it harms nobody.
    let _ = fs::remove_dir_all(&base);
    outcome.map(|()| json!({ "result": "mounted" }))
}

fn make_tree(base: &Path, tree: &Value) -> io::Result<()> {
    let below = |path: &str| base.join(path.trim_start_matches(['.', '/']));
    for path in tree["directories"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        fs::create_dir_all(below(path))?;
    }
    for (path, target) in tree["symlinks"].as_object().into_iter().flatten() {
        symlink(target.as_str().unwrap_or_default(), below(path))?;
    }
    Ok(())
}

fn setup(dir: &Path, name: &str) -> Option<Outcome> {
    let case = dir.join("cases").join(name);
    let copy = std::env::temp_dir().join(format!("conform-{}-{}", std::process::id(), name.replace('/', "-")));
    let outcome = set_up_copy(dir, &case, &copy);
    // It is a copy; what stays of it harms nobody.
    let _ = fs::remove_dir_all(&copy);
    outcome.unwrap_or_else(|err| Some(Err(err.to_string())))
}

/// None where the distribution is one that this version does not write files for.
fn set_up_copy(dir: &Path, case: &Path, copy: &Path) -> io::Result<Option<Outcome>> {
    // With what lies beside the tree: links in it may try to lead there.
    copy_tree(case, copy)?;
    let copy = &copy.join("rootfs");
    let env: Value = serde_json::from_str(&fs::read_to_string(dir.join("env.json"))?)?;
    let text = fs::read_to_string(case.join("ct.conf"))?;
    let config = CtConfig::read(&GuestFile::parse(Dialect::Lxc, &text).main);
    let root = Root::open(copy, None)?;
    if !matches!(Distribution::detect(&root), Distribution::Known { .. }) {
        return Ok(None);
    }
    let resolv = &env["host_resolv_conf"];
    let servers = resolv["nameservers"].as_array().into_iter().flatten();
    let facts = Facts {
        nameservers: servers.filter_map(|server| Some(server.as_str()?.to_owned())).collect(),
        search: resolv["search"].as_str().unwrap_or_default().to_owned(),
        timezone: None,
        uuid: env["random_uuid"].as_str().map(str::to_owned),
    };
    let field = |name: &str| env[name].as_str().map(str::to_owned);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let first = First {
        password_hash: field("root_password_hash"),
        ssh_keys: field("ssh_public_keys"),
        days: now / 86400,
        random: 1,
        host_keys: Vec::new(),
    };
    for _ in 0..env["runs"].as_u64().unwrap_or(1) {
        if let Err(error) = set_up(&root, &config, &facts, Some(&first)) {
            return Ok(Some(Err(error)));
        }
    }
    let mut files = BTreeMap::new();
    collect(copy, copy, &mut files)?;
    Ok(Some(Ok(json!({ "files": files }))))
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (entry, kind) = entry.and_then(|entry| entry.file_type().map(|kind| (entry, kind)))?;
        let target = to.join(entry.file_name());
        if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path())?, target)?;
        } else if kind.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else if let Some(to) = lost_link(&entry.path())? {
            std::os::unix::fs::symlink(to, target)?;
        } else {
            fs::write(target, fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// What a file names that was a link before its tree was copied by something that knows no links: the path of something
/// that is there, and nothing else.
fn lost_link(path: &Path) -> io::Result<Option<String>> {
    let Ok(text) = String::from_utf8(fs::read(path)?) else { return Ok(None) };
    let leads = !text.is_empty() && !text.contains(['\n', '\0']) && path.with_file_name(&text).exists();
    Ok(leads.then_some(text))
}

fn collect(base: &Path, directory: &Path, files: &mut BTreeMap<String, String>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let (entry, kind) = entry.and_then(|entry| entry.file_type().map(|kind| (entry, kind)))?;
        let path = entry.path();
        if kind.is_dir() {
            collect(base, &path, files)?;
        } else if kind.is_file() {
            let name = path.strip_prefix(base).unwrap_or(&path).to_string_lossy().into_owned();
            files.insert(name, String::from_utf8_lossy(&fs::read(&path)?).into_owned());
        }
    }
    Ok(())
}
