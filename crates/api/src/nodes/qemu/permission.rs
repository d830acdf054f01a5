//! What a caller may change of a VM's configuration: by option, as the table of options says, and by value.

use guest::qemu::{cloudinit::Kind, cmdline::DriveId, config::VmConfig, import_source};
use schema::{ApiError, Params, StorageId, Vmid};
use storage::{Content, VolumeId, access::may_use};

use crate::engine::Call;
use crate::nodes::pool::Place;

/// Checks all options that a call sets or removes.
pub(super) fn check(call: &Call, place: &Place, set: &[(String, String)], removed: &[String]) -> Result<(), ApiError> {
    if call.is_root() {
        return Ok(());
    }
    set.iter().try_for_each(|(key, value)| option(call, place, key, Some(value)))?;
    removed.iter().try_for_each(|key| option(call, place, key, None))
}

fn option(call: &Call, place: &Place, key: &str, value: Option<&str>) -> Result<(), ApiError> {
    if DriveId::parse(key).is_some() || key == "cdrom" {
        return drive(call, place, key, value);
    }
    let Some(option) = VmConfig::SPEC.find(key) else { return root_only(key) };
    if ["hostpci", "serial", "usb", "virtiofs"].contains(&option.name) {
        // Who may not give a device of the host may not take it either, nor put something else in its place.
        let vm = call.node.vms.get(place.vmid()).ok();
        let stored = vm.iter().flat_map(|vm| [&vm.file.main, &vm.file.pending]).filter_map(|section| section.get(key));
        value.into_iter().chain(stored).try_for_each(|value| of_host(call, option.name, key, value))?;
    }
    match option.needs {
        None | Some("root@pam") => return root_only(key),
        Some("VM.Config.Cloudinit") => place.require_any(call, &["VM.Config.Cloudinit", "VM.Config.Network"])?,
        Some(privilege) => place.require(call, &[privilege])?,
    }
    match (option.name, value) {
        ("startup", _) => call.require("/", &["Sys.Modify"]),
        ("net", Some(value)) => bridge(call, value),
        ("cicustom", Some(value)) => snippets(call, value),
        _ => Ok(()),
    }
}

/// What gives a guest something of the host: a mapping may be given to users, all else is root's.
fn of_host(call: &Call, name: &str, key: &str, value: &str) -> Result<(), ApiError> {
    let mapping = |kind: &str, id: &str| call.require(&format!("/mapping/{kind}/{id}"), &["Mapping.Use"]);
    let part = |name: &str| value.split(',').find_map(|part| part.split_once('=').filter(|(key, _)| *key == name));
    let first = value.split(',').next().filter(|first| !first.contains('='));
    let host = part("host").map(|(_, host)| host).or(first);
    match (name, host, part("mapping")) {
        ("serial", ..) if value == "socket" => Ok(()),
        ("virtiofs", ..) => mapping("dir", part("dirid").map(|(_, id)| id).or(first).unwrap_or_default()),
        ("usb", Some(host), None) if host.eq_ignore_ascii_case("spice") => Ok(()),
        ("usb", None, Some((_, id))) => mapping("usb", id),
        ("hostpci", None, Some((_, id))) => mapping("pci", id),
        _ => root_only(key),
    }
}

fn root_only(key: &str) -> Result<(), ApiError> {
    Err(ApiError::internal(format!("only root can set '{key}' config")))
}

fn bridge(call: &Call, value: &str) -> Result<(), ApiError> {
    match value.split(',').find_map(|part| part.strip_prefix("bridge=")) {
        Some(bridge) => call.require(&format!("/sdn/zones/localnetwork/{bridge}"), &["SDN.Use"]),
        None => Ok(()),
    }
}

/// Own files for cloud-init end up in the guest: they must be on storages that the caller may look into.
fn snippets(call: &Call, value: &str) -> Result<(), ApiError> {
    let mut volumes = value.split(',').filter_map(|part| part.split_once('=')).map(|(_, volume)| volume);
    volumes.try_for_each(|volume| {
        let id: VolumeId = volume.parse().map_err(|why: String| ApiError::param("cicustom", why))?;
        call.require(&format!("/storage/{}", id.storage), &["Datastore.Audit"])
    })
}

/// Checks what a copy takes over from its original: bridges, and what is the host's own.
pub(super) fn check_copy(call: &Call, original: &guest::config_file::Section) -> Result<(), ApiError> {
    original.iter().try_for_each(|(key, value)| {
        let drive = DriveId::parse(key).is_some();
        if drive && value.split(',').next() == Some("cdrom") {
            return call.require("/", &["Sys.Console"]);
        }
        if let Some(name) = VmConfig::SPEC.find(key).map(|option| option.name)
            && ["hostpci", "serial", "usb", "virtiofs"].contains(&name)
        {
            return of_host(call, name, key, value);
        }
        let card = key.strip_prefix("net").is_some_and(|index| index.parse::<u32>().is_ok());
        if card { bridge(call, value) } else { Ok(()) }
    })
}

fn drive(call: &Call, place: &Place, key: &str, value: Option<&str>) -> Result<(), ApiError> {
    let named =
        value.is_some_and(|value| value.split(',').any(|part| part == "media=cdrom") || Kind::of(value).is_some());
    let cdrom = key == "cdrom" || named;
    place.require(call, &[if cdrom { "VM.Config.CDROM" } else { "VM.Config.Disk" }])?;
    if let Some(Kind::Wish(storage)) = value.and_then(Kind::of) {
        place.require(call, &["VM.Config.Cloudinit"])?;
        return call.require(&format!("/storage/{storage}"), &["Datastore.AllocateSpace"]);
    }
    match value.and_then(import_source) {
        Some(path) if path.starts_with('/') => return root_only(key),
        Some(source) => volume_use(call, place.vmid(), source)?,
        None => {}
    }
    let Some(file) = value.and_then(|value| value.split(',').next()) else { return Ok(()) };
    let file = file.strip_prefix("file=").unwrap_or(file);
    match file {
        "none" => Ok(()),
        "cdrom" => call.require("/", &["Sys.Console"]),
        path if path.starts_with('/') => root_only(key),
        volume => volume_use(call, place.vmid(), volume),
    }
}

/// Checks the storage for what importing would unpack.
pub(super) fn working_storage(call: &Call, storage: Option<&StorageId>) -> Result<(), ApiError> {
    let Some(storage) = storage else { return Ok(()) };
    call.require(&format!("/storage/{storage}"), &["Datastore.AllocateSpace"])?;
    let usable = call.node.storages.usable_for(storage, Content::Images);
    usable.map(drop).map_err(|error| ApiError::param("import-working-storage", error.to_string()))
}

/// A new volume takes space; an existing one must be the VM's own, or one that the caller may read.
pub(super) fn volume_use(call: &Call, vmid: Vmid, volume: &str) -> Result<(), ApiError> {
    if let Some((storage, _)) = storage::volid::parse_new(volume) {
        return call.require(&format!("/storage/{storage}"), &["Datastore.AllocateSpace"]);
    }
    let wrong = |why: String| ApiError::internal(why);
    let id: VolumeId = volume.parse().map_err(wrong)?;
    let known = call.node.storages.volume(&id).map_err(|error| wrong(error.to_string()))?;
    if may_use(&id.storage, &known, Some(vmid), |path, privilege| call.may(path, &[privilege])) {
        return Ok(());
    }
    Err(ApiError::forbidden(&format!("/storage/{}", id.storage), &["Datastore.AllocateSpace"]))
}
