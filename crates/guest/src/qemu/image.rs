//! From a volume's place to how QEMU opens it.

use serde_json::{Map, Value, json};
use storage::{
    Content, StorageConfig, StorageError, StorageKind,
    location::{Located, Location, Surroundings, locate},
};

use super::cmdline::{Image, Source, Uring};

/// How QEMU opens a volume of a guest.
///
/// # Errors
/// When no volume can have this name, its storage may not hold it, or lacks what is needed to tell its place.
pub fn of_volume(config: &StorageConfig, volname: &str, around: &Surroundings) -> Result<Image, StorageError> {
    let content = if volname.starts_with("iso/") { Content::Iso } else { Content::Images };
    config.check_use(content)?;
    let located = locate(config, volname, None, around)?;
    Ok(of_located(config, content, &located))
}

/// How QEMU opens what lies there.
#[must_use]
pub fn of_located(config: &StorageConfig, content: Content, located: &Located) -> Image {
    let format = if content == Content::Iso { "raw".to_owned() } else { located.format.to_string() };
    let mut image = Image::of_source(source(&located.location), &format);
    image.uring = uring(config);
    // Past the cache, checksums of a file that changes while it is written would be wrong.
    let own = &config.options.foreign.0;
    image.direct = config.kind != StorageKind::Btrfs || own.nocow == Some(true);
    let chain = own.snapshot_as_volume_chain == Some(true) || config.kind == StorageKind::Lvm;
    image.chain = (chain && format == "qcow2").then(Vec::new);
    image
}

fn uring(config: &StorageConfig) -> Uring {
    match config.kind {
        StorageKind::Lvm | StorageKind::Cifs => Uring::Never,
        StorageKind::Rbd if config.options.foreign.0.krbd == Some(true) => Uring::Direct,
        _ => Uring::Always,
    }
}

/// What QEMU opens at a place.
#[must_use]
pub fn source(location: &Location) -> Source {
    match location {
        Location::Path(path) => Source::of_path(path),
        Location::Part { file, offset, size } => Source::Other(members(
            json!({ "driver": "raw", "offset": offset, "size": size, "file": { "driver": "file", "filename": file } }),
        )),
        Location::Uri(uri) => Source::Other(uri.strip_prefix("rbd:").map(rbd).unwrap_or_default()),
        Location::Options(options) => Source::Other(
            // What belongs to the format is said by the layer above.
            options.iter().filter_map(|(key, value)| option(key.strip_prefix("file.")?, value)).collect(),
        ),
    }
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn option(key: &str, value: &str) -> Option<(String, Value)> {
    let value = match key {
        "lun" => value.parse::<u64>().ok()?.into(),
        // Every initiator of QEMU has the host's name.
        "initiator-name" => return None,
        _ => value.into(),
    };
    Some((key.to_owned(), value))
}

/// Options of the block driver for `pool/image:key=value:…`, as the same thing is written where a path is expected.
fn rbd(text: &str) -> Map<String, Value> {
    let fields = split(text, ':');
    let (place, options) = fields.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    let (place, snapshot) = place.split_once('@').map_or((place, None), |(place, name)| (place, Some(name)));
    let mut parts: Vec<&str> = place.split('/').collect();
    let image = parts.pop().unwrap_or_default();
    let mut node = members(json!({ "driver": "rbd", "image": image }));
    for (key, part) in ["pool", "namespace"].into_iter().zip(parts) {
        node.insert(key.to_owned(), part.into());
    }
    if let Some(snapshot) = snapshot {
        node.insert("snapshot".to_owned(), snapshot.into());
    }
    for option in options {
        let Some((key, value)) = option.split_once('=') else { continue };
        match key {
            "mon_host" => {
                let servers = split(value, ';').into_iter().map(|address| server(&address));
                node.insert("server".to_owned(), servers.collect());
            }
            "auth_supported" => {
                node.insert("auth-client-required".to_owned(), json!([value]));
            }
            "id" => {
                node.insert("user".to_owned(), value.into());
            }
            "conf" => {
                node.insert("conf".to_owned(), value.into());
            }
            // The key is found by the name of the user, through the cluster's configuration.
            _ => {}
        }
    }
    node
}

/// A monitor: `1.2.3.4`, `1.2.3.4:6789`, `[::1]`, `[::1]:6789`.
fn server(address: &str) -> Value {
    let address = address.replace('\\', "");
    let (host, port) = match address.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (host.to_owned(), rest.strip_prefix(':').map(str::to_owned)),
        None => match address.split_once(':') {
            Some((host, port)) => (host.to_owned(), Some(port.to_owned())),
            None => (address, None),
        },
    };
    json!({ "host": host, "port": port.unwrap_or_else(|| "3300".to_owned()) })
}

/// Splits at a character that no backslash stands before.
fn split(text: &str, at: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for letter in text.chars() {
        if letter == at && !escaped {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(letter);
        }
        escaped = letter == '\\' && !escaped;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ceph_image_by_its_driver() {
        let source = source(&Location::Uri(
            r"rbd:p/n/vm-100-disk-0@s:mon_host=1.2.3.4;[\:\:1]\:6789:auth_supported=cephx:id=admin:keyring=/k".into(),
        ));
        let Source::Other(node) = source else { panic!("{source:?}") };
        insta::assert_snapshot!(Value::Object(node), @r#"{"driver":"rbd","image":"vm-100-disk-0","pool":"p","namespace":"n","snapshot":"s","server":[{"host":"1.2.3.4","port":"3300"},{"host":"::1","port":"6789"}],"auth-client-required":["cephx"],"user":"admin"}"#);
    }
}
