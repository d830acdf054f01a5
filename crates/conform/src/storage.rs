//! Suites of storages: names, paths, lists, rights, limits, retention.

use std::fs;
use std::path::{Path, PathBuf};

use access::{Authid, UserConfig};
use schema::{StorageId, Vmid};
use serde_json::{Map, Value, json};
use storage::bandwidth::{self, Caller, Involved};
use storage::config::{Bandwidth, Fixed, Options, Retention, StorageKind};
use storage::plugin::dir::{self, names};
use storage::prune::{self, Backup};
use storage::{Configs, Content, StorageConfig, VolumeId};

use crate::Outcome;

mod disks;
mod listing;

/// Answers a case of these suites.
pub(crate) fn case(suite: &str, dir: &Path, name: &str, input: &Value) -> Option<Outcome> {
    match suite {
        "storage-parse-volname" => Some(parse_volname(input)),
        "storage-path-to-volid" => path_to_volid(dir, input),
        "storage-get-subdir" => Some(subdir(input)),
        "storage-filesystem-path" => Some(filesystem_path(dir, input)),
        "storage-list-volumes" => listing::case(dir, input),
        "storage-archive-info" => Some(archive_info(input)),
        "storage-volume-access" => volume_access(dir, input),
        "storage-bwlimit" => bwlimit(dir, input),
        "storage-prune-backups" => prune_backups(dir, input),
        "storage-disks" => disks::case(dir, name),
        "storage-ceph-conf" => Some(ceph_conf(input)),
        "ceph-osd-node" => Some(osd_node(input)),
        _ => None,
    }
}

fn text<'a>(input: &'a Value, key: &str) -> &'a str {
    input[key].as_str().unwrap_or_default()
}

fn result(value: impl Into<Value>) -> Outcome {
    Ok(json!({"result": value.into()}))
}

fn environment(dir: &Path) -> Option<Value> {
    serde_json::from_str(&fs::read_to_string(dir.join("env.json")).ok()?).ok()
}

fn vmid(value: &Value) -> Option<Vmid> {
    value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|id| id.to_string()))?.parse().ok()
}

fn parse_volname(input: &Value) -> Outcome {
    let volume = names::parse(text(input, "volname")).map_err(|error| error.to_string())?;
    let (basename, basevmid) = volume.base.unzip();
    // Directories of old containers have no format there.
    result(json!({
        "vtype": volume.content.as_str(),
        "name": volume.name,
        "vmid": volume.owner.map(|owner| owner.to_string()),
        "basename": basename,
        "basevmid": basevmid.map(|id| id.to_string()),
        "isbase": volume.is_base.then_some("base-"),
        "format": (volume.content != Content::Rootdir).then_some(volume.format),
    }))
}

fn path_to_volid(dir: &Path, input: &Value) -> Option<Outcome> {
    let configs = Configs::parse(&fs::read_to_string(dir.join("shared/storage.cfg")).ok()?, Path::new("/STORAGE"));
    let local = configs.iter().find(|config| config.id.as_str() == "local")?;
    let found = names::of_path(Path::new(text(input, "path")), |content| local.directory(content).unwrap_or_default());
    Some(result(match found {
        Some((content, volname)) => {
            json!({"vtype": content.as_str(), "volid": VolumeId::new(&local.id, volname).to_string()})
        }
        None => Value::Null,
    }))
}

fn directory_storage(path: Option<&str>, overrides: &Value) -> Result<StorageConfig, String> {
    let pairs = overrides.as_object().into_iter().flatten();
    let content_dirs = pairs.map(|(kind, directory)| format!("{kind}={}", directory.as_str().unwrap_or_default()));
    Ok(StorageConfig {
        id: "local".parse()?,
        kind: StorageKind::Dir,
        content: Content::ALL.into(),
        path: path.map(PathBuf::from),
        options: Options { content_dirs: content_dirs.collect(), ..Options::default() },
        fixed: Fixed::default(),
        secret: None,
    })
}

fn subdir(input: &Value) -> Outcome {
    let storage = &input["storage"];
    let config = directory_storage(storage["path"].as_str(), &storage["content-dirs"])?;
    let content: Content = text(input, "vtype").parse()?;
    result(config.directory(content).map_err(|error| error.to_string())?.display().to_string())
}

fn filesystem_path(dir: &Path, input: &Value) -> Outcome {
    let environment = environment(dir).unwrap_or_default();
    let config = directory_storage(environment["storage_path"].as_str(), &Value::Null)?;
    let volume = names::parse(text(input, "volname")).map_err(|error| error.to_string())?;
    let path = dir::path_of(&config, &volume, input["snapname"].as_str()).map_err(|error| error.to_string())?;
    result(json!({
        "path": path.display().to_string(),
        "vmid": volume.owner.map(|owner| owner.to_string()),
        "vtype": volume.content.as_str(),
    }))
}

fn archive_info(input: &Value) -> Outcome {
    let archive = storage::archive::info(text(input, "archive"))?;
    let mut map = Map::new();
    map.insert("filename".into(), archive.filename.into());
    map.insert("format".into(), archive.format.into());
    map.insert("compression".into(), json!(archive.compression));
    map.insert("decompressor".into(), json!(archive.decompressor));
    map.insert("type".into(), json!(archive.guest));
    map.insert("is_std_name".into(), u8::from(archive.standard.is_some()).into());
    if let Some(standard) = archive.standard {
        map.insert("vmid".into(), standard.vmid.get().into());
        map.insert("ctime".into(), standard.wall.into());
        map.insert("logfilename".into(), standard.log.into());
        map.insert("notesfilename".into(), standard.notes.into());
    }
    result(Value::Object(map))
}

fn volume_access(dir: &Path, input: &Value) -> Option<Outcome> {
    let users = UserConfig::parse(&fs::read_to_string(dir.join("shared/user.cfg")).ok()?).0;
    let who: Authid = text(input, "user").parse().ok()?;
    let wanted: Option<Content> = input["content_type"].as_str().and_then(|word| word.parse().ok());
    let Ok(id) = text(input, "volid").parse::<VolumeId>() else {
        // A path is no volume: only root may use it.
        return Some(result(if who.is_root() { "allowed" } else { "denied" }));
    };
    let volume = names::parse(&id.volname).ok()?;
    let may = |path: &str, privilege: &str| access::expr::need(&users, &who, path, &[privilege], false).is_ok();
    let allowed = storage::access::may_use(&id.storage, &volume, vmid(&input["vmid"]), may)
        && wanted.is_none_or(|wanted| storage::access::is_of_type(&volume, wanted));
    Some(result(if allowed { "allowed" } else { "denied" }))
}

fn bwlimit(dir: &Path, input: &Value) -> Option<Outcome> {
    let environment = environment(dir)?;
    let configs = Configs::parse(&fs::read_to_string(dir.join("shared/storage.cfg")).ok()?, Path::new("/local"));
    let datacenter = fs::read_to_string(dir.join("shared/datacenter.cfg")).ok()?;
    let line = datacenter.lines().find_map(|line| line.strip_prefix("bwlimit:"))?;
    let datacenter: Bandwidth = schema::property::parse(line.trim()).ok()?;
    let user = text(input, "user");
    let root = environment["superuser"] == user;
    let may = |path: &str, privilege: &str| {
        let held = environment["permissions"][user][path].as_array();
        root || held.is_some_and(|held| held.iter().any(|own| own == privilege))
    };
    let involved = |name: &Value| {
        let Some(id) = name.as_str().and_then(|name| name.parse::<StorageId>().ok()) else {
            return Involved::default();
        };
        let limits = configs.get(&id).ok().and_then(|config| config.options.bwlimit.clone()).map(|limits| limits.0);
        Involved { limits, caller_allocates: may(&format!("/storage/{id}"), "Datastore.Allocate") }
    };
    let storages: Vec<Involved> = input["storages"].as_array().into_iter().flatten().map(involved).collect();
    let caller = Caller { allocates: may("/storage", "Datastore.Allocate"), modifies: may("/", "Sys.Modify") };
    let limit = bandwidth::limit(text(input, "operation"), input["override"].as_f64(), &storages, &datacenter, caller);
    Some(result(json!(limit)))
}

fn prune_backups(dir: &Path, input: &Value) -> Option<Outcome> {
    let environment = environment(dir)?;
    let backup = |backup: &Value| {
        Some(Backup {
            volid: backup["volid"].as_str()?.to_owned(),
            vmid: vmid(&backup["vmid"]),
            ctime: backup["ctime"].as_i64()?,
            protected: backup["protected"].as_i64() == Some(1),
        })
    };
    let backups: Vec<Backup> =
        environment["backups"][text(input, "backups")].as_array()?.iter().filter_map(backup).collect();
    let pairs: Vec<(&str, String)> =
        input["keep"].as_object()?.iter().map(|(key, value)| (key.as_str(), value.to_string())).collect();
    let keep = schema::config::read::<Retention>(pairs.iter().map(|(key, value)| (*key, value.as_str()))).0?;
    if let Err(error) = prune::check(&keep) {
        return Some(Err(error));
    }
    let marked = prune::mark(&backups, &keep, (vmid(&input["vmid"]), input["type"].as_str()), |_| 0);
    Some(result(schema::Reply::value(marked)))
}

/// Read; and what is written of it read again says the same.
fn ceph_conf(input: &Value) -> Outcome {
    let conf = storage::ceph::Conf::parse(text(input, "ceph_conf"));
    let again = storage::ceph::Conf::parse(&conf.to_string());
    if again != conf {
        return Err("what was written is not what was read".to_owned());
    }
    result(json!(conf.sections))
}

fn osd_node(input: &Value) -> Outcome {
    let osd = input["osd"].as_u64().unwrap_or(u64::MAX);
    result(storage::ceph::is_on_host(&input["tree"], text(input, "node"), osd))
}
