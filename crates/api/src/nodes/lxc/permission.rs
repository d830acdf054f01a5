//! What a caller may change of a container's configuration: by option, as the table of options says, and by value.

use guest::lxc::config::{CtConfig, Features};
use schema::{ApiError, Params};

use crate::engine::Call;
use crate::nodes::pool::Place;

/// Checks all options that a call sets or removes. `unprivileged`: whether the container is, or will be.
pub(super) fn check(
    call: &Call,
    place: &Place,
    set: &[(String, String)],
    removed: &[String],
    unprivileged: bool,
) -> Result<(), ApiError> {
    if call.is_root() {
        return Ok(());
    }
    set.iter().try_for_each(|(key, value)| option(call, place, key, Some(value), unprivileged))?;
    removed.iter().try_for_each(|key| option(call, place, key, None, unprivileged))
}

fn option(call: &Call, place: &Place, key: &str, value: Option<&str>, unprivileged: bool) -> Result<(), ApiError> {
    let Some(option) = CtConfig::SPEC.find(key) else { return root_only(key) };
    match option.needs {
        None | Some("root@pam") => return root_only(key),
        Some(privilege) => place.require(call, &[privilege])?,
    }
    match (option.name, value) {
        ("startup", _) => call.require("/", &["Sys.Modify"]),
        ("unprivileged", Some("0")) => call.require("/", &["Sys.Modify"]),
        ("features", value) => features(value, unprivileged),
        ("net", Some(value)) => bridge(call, value),
        ("rootfs" | "mp", Some(value)) => volume(call, key, value),
        _ => Ok(()),
    }
}

fn root_only(key: &str) -> Result<(), ApiError> {
    Err(ApiError::internal(format!("only root can set '{key}' config")))
}

/// Nesting is safe in an unprivileged container; everything else is the administrator's to weigh.
fn features(value: Option<&str>, unprivileged: bool) -> Result<(), ApiError> {
    let wanted = value.map(schema::property::parse::<Features>).transpose();
    let wanted = wanted.map_err(|error| ApiError::param("features", error))?.unwrap_or_default();
    let only_nesting = Features { nesting: wanted.nesting, ..Features::default() } == wanted;
    if unprivileged && only_nesting {
        return Ok(());
    }
    Err(ApiError::internal("changing feature flags (except nesting) is only allowed for root@pam"))
}

/// Checks what a copy takes over from its original: bridges.
pub(super) fn check_copy(call: &Call, original: &guest::config_file::Section) -> Result<(), ApiError> {
    original.iter().try_for_each(|(key, value)| {
        let card = key.strip_prefix("net").is_some_and(|index| index.parse::<u32>().is_ok());
        if card { bridge(call, value) } else { Ok(()) }
    })
}

fn bridge(call: &Call, value: &str) -> Result<(), ApiError> {
    match value.split(',').find_map(|part| part.strip_prefix("bridge=")) {
        Some(bridge) => call.require(&format!("/sdn/zones/localnetwork/{bridge}"), &["SDN.Use"]),
        None => Ok(()),
    }
}

/// A volume needs room on its storage. Whatever is a path is the host's own: nobody but root may hand that out.
fn volume(call: &Call, key: &str, value: &str) -> Result<(), ApiError> {
    let volume = value.split(',').next().unwrap_or_default();
    let volume = volume.strip_prefix("volume=").unwrap_or(volume);
    match volume.split_once(':').filter(|_| !volume.starts_with('/')) {
        Some((storage, _)) => call.require(&format!("/storage/{storage}"), &["Datastore.AllocateSpace"]),
        None => root_only(key),
    }
}
