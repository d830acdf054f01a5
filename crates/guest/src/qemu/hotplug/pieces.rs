//! The pieces of a command line that QEMU also takes while it runs, and what two command lines differ in.
//!
//! What is plugged is not described a second time: the command line of the VM as it will be holds it, and so a device
//! plugged now is the one that the next start gives.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::qemu::cmdline::CommandLine;

/// What kind of thing a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `-object`
    Object,
    /// `-chardev`
    Chardev,
    /// `-blockdev`
    Blockdev,
    /// `-netdev`
    Netdev,
    /// `-device`
    Device,
}

/// Something with an ID of its own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its ID (of a block graph: the name of its topmost node).
    pub(crate) id: String,
    /// What it is made of, as on the command line: the driver under the empty key.
    options: Options,
}

#[derive(Debug, Clone, PartialEq)]
enum Options {
    Words(Vec<(String, String)>),
    Json(Map<String, Value>),
}

/// Splits `driver,key=value,…`; a doubled comma is one of the value.
fn words(text: &str) -> Vec<(String, String)> {
    let mut parts = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == ',' && letters.peek() != Some(&',') {
            parts.push(String::new());
            continue;
        }
        if letter == ',' {
            letters.next();
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    let pair = |(place, part): (usize, String)| match part.split_once('=') {
        Some((key, value)) => (key.to_owned(), value.to_owned()),
        None if place == 0 => (String::new(), part),
        None => (part, "on".to_owned()),
    };
    parts.into_iter().enumerate().map(pair).collect()
}

impl Piece {
    fn read(option: &str, text: &str) -> Option<Self> {
        let kind = match option {
            "-object" => Kind::Object,
            "-chardev" => Kind::Chardev,
            "-blockdev" => Kind::Blockdev,
            "-netdev" => Kind::Netdev,
            "-device" => Kind::Device,
            _ => return None,
        };
        let options = match serde_json::from_str(text) {
            Ok(Value::Object(options)) => Options::Json(options),
            _ => Options::Words(words(text)),
        };
        let id = if kind == Kind::Blockdev { "node-name" } else { "id" };
        let id = match &options {
            Options::Words(words) => words.iter().find(|(key, _)| key == id)?.1.clone(),
            Options::Json(options) => options.get(id)?.as_str()?.to_owned(),
        };
        Some(Self { kind, id, options })
    }

    /// A value of it.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        match &self.options {
            Options::Words(words) => words.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str()),
            Options::Json(options) => options.get(key)?.as_str(),
        }
    }

    /// The model of a device, the type of an object or backend.
    pub(crate) fn driver(&self) -> &str {
        let named = match self.kind {
            Kind::Object => "qom-type",
            Kind::Netdev => "type",
            _ => "driver",
        };
        self.get("").or_else(|| self.get(named)).unwrap_or_default()
    }

    /// Whether it names the other as what it needs.
    fn stands_on(&self, other: &Self) -> bool {
        let names = match other.kind {
            Kind::Device => {
                return self
                    .get("bus")
                    .and_then(|bus| bus.strip_prefix(other.id.as_str()))
                    .is_some_and(|rest| rest.starts_with('.'));
            }
            Kind::Object => ["throttle-group", "iothread", "memdev"].as_slice(),
            Kind::Chardev => &["chardev"],
            Kind::Blockdev => &["drive"],
            Kind::Netdev => &["netdev"],
        };
        names.iter().any(|name| self.get(name) == Some(other.id.as_str()))
    }

    /// Whether further buses hang on it: it stays when the last device on it goes.
    fn is_bridge(&self) -> bool {
        matches!(self.driver(), "pci-bridge" | "pcie-root-port" | "pcie-pci-bridge") || self.driver().ends_with("-xhci")
    }

    /// The same without its place in the boot order, which moves when other devices come and go.
    fn without(&self, key: &str) -> Self {
        let mut piece = self.clone();
        match &mut piece.options {
            Options::Words(words) => words.retain(|(name, _)| name != key),
            Options::Json(options) => {
                options.remove(key);
            }
        }
        piece
    }

    /// The same device, but not booted from.
    pub(crate) fn unbootable(&self) -> Option<Self> {
        self.get("bootindex").is_some().then(|| self.without("bootindex"))
    }

    /// The command that makes it, and its arguments. `types` are those of a device's properties.
    pub(crate) fn command(&self, types: &BTreeMap<String, String>) -> (&'static str, Value) {
        let words = match &self.options {
            Options::Json(options) => return (self.maker(), options.clone().into()),
            Options::Words(words) => words,
        };
        if self.kind == Kind::Chardev {
            let data = words.iter().filter(|(key, _)| !key.is_empty() && key != "id");
            let data: Map<String, Value> = data
                .map(|(key, value)| {
                    (if key == "name" { "type".to_owned() } else { key.clone() }, value.as_str().into())
                })
                .collect();
            let backend = json!({ "type": self.driver(), "data": data });
            return (self.maker(), json!({ "id": self.id, "backend": backend }));
        }
        let named = match self.kind {
            Kind::Object => "qom-type",
            Kind::Netdev => "type",
            _ => "driver",
        };
        let mut arguments = Map::new();
        for (key, value) in words {
            let key = if key.is_empty() { named } else { key };
            let typed = match self.kind {
                Kind::Device => typed(value, types.get(key).map_or("str", String::as_str)),
                _ => typed(value, backend_type(key)),
            };
            match arguments.get_mut(key) {
                // Only lists come more than once.
                Some(Value::Array(list)) => list.extend(typed.as_array().cloned().unwrap_or_default()),
                _ => {
                    arguments.insert(key.to_owned(), typed);
                }
            }
        }
        (self.maker(), arguments.into())
    }

    fn maker(&self) -> &'static str {
        match self.kind {
            Kind::Object => "object-add",
            Kind::Chardev => "chardev-add",
            Kind::Blockdev => "blockdev-add",
            Kind::Netdev => "netdev_add",
            Kind::Device => "device_add",
        }
    }

    /// The command that removes it.
    pub(crate) fn remover(&self) -> (&'static str, Value) {
        match self.kind {
            Kind::Object => ("object-del", json!({ "id": self.id })),
            Kind::Chardev => ("chardev-remove", json!({ "id": self.id })),
            Kind::Blockdev => ("blockdev-del", json!({ "node-name": self.id })),
            Kind::Netdev => ("netdev_del", json!({ "id": self.id })),
            Kind::Device => ("device_del", json!({ "id": self.id })),
        }
    }
}

/// Types of the properties of backends (QEMU's QAPI schema: `MemoryBackendProperties`, `NetdevTapOptions`).
fn backend_type(key: &str) -> &'static str {
    match key {
        "size" | "align" => "size",
        "share" | "prealloc" | "merge" | "dump" | "reserve" | "vhost" | "vnet_hdr" => "bool",
        "queues" | "sndbuf" | "prealloc-threads" => "uint32",
        "host-nodes" => "list",
        _ => "str",
    }
}

/// A word of the command line in the type that QMP wants; what does not look like it stays a text, which QEMU then
/// refuses with its own words.
fn typed(value: &str, kind: &str) -> Value {
    let number = || {
        let parsed = match value.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).ok(),
            None => value.parse().ok(),
        };
        parsed.map(Value::from)
    };
    let typed = match kind {
        "bool" => match value {
            "on" | "yes" | "true" => Some(true.into()),
            "off" | "no" | "false" => Some(false.into()),
            _ => None,
        },
        "size" => number().or_else(|| schema::size::parse_disk_size(value).map(Value::from)),
        "list" => Some(list(value).into()),
        _ if kind.starts_with("int") || kind.starts_with("uint") => {
            number().or_else(|| value.parse::<i64>().ok().map(Value::from))
        }
        _ => None,
    };
    typed.unwrap_or_else(|| value.into())
}

/// `0-2` as numbers.
fn list(value: &str) -> Vec<Value> {
    let (first, last) = value.split_once('-').unwrap_or((value, value));
    match (first.parse::<u16>(), last.parse::<u16>()) {
        (Ok(first), Ok(last)) => (first..=last).map(Value::from).collect(),
        _ => vec![value.into()],
    }
}

/// What must go, and what must come, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Difference {
    /// Taken away, first to last.
    pub(crate) gone: Vec<Piece>,
    /// Added, first to last.
    pub(crate) come: Vec<Piece>,
}

fn pieces(line: &CommandLine) -> Vec<Piece> {
    let pieces = line.options.iter().filter_map(|(option, value)| Piece::read(option, value.as_deref()?));
    // Devices last: they stand on the others, wherever they were named.
    let (devices, backends): (Vec<_>, Vec<_>) = pieces.partition(|piece| piece.kind == Kind::Device);
    backends.into_iter().chain(devices).collect()
}

impl Difference {
    /// From one command line to another.
    pub(crate) fn between(old: &CommandLine, new: &CommandLine) -> Self {
        let (old, new) = (pieces(old), pieces(new));
        let same = |one: &Piece, other: &Piece| one.without("bootindex") == other.without("bootindex");
        let differs = |piece: &Piece, others: &[Piece]| !others.iter().any(|other| same(piece, other));
        let mut gone: Vec<&Piece> = old.iter().filter(|piece| differs(piece, &new) && !piece.is_bridge()).collect();
        let mut come: Vec<&Piece> = new.iter().filter(|piece| differs(piece, &old)).collect();
        // What stands on something that is replaced is replaced with it, though it reads the same.
        let replaced = |piece: &Piece, gone: &[&Piece], come: &[&Piece]| {
            let both = |other: &&&Piece| come.iter().any(|new| new.kind == other.kind && new.id == other.id);
            gone.iter().filter(both).any(|other| piece.stands_on(other))
        };
        while let Some(more) = old.iter().find(|piece| !gone.contains(piece) && replaced(piece, &gone, &come)) {
            gone.push(more);
            come.extend(new.iter().filter(|piece| same(piece, more)));
        }
        let ordered = |all: &[Piece], some: &[&Piece]| -> Vec<Piece> {
            all.iter().filter(|piece| some.contains(piece)).cloned().collect()
        };
        let mut gone = ordered(&old, &gone);
        gone.reverse();
        Self { gone, come: ordered(&new, &come) }
    }

    /// Taken apart into modules of memory: what a device stands on comes and goes with it. With the bytes of each.
    pub(crate) fn modules(&self) -> Vec<(Self, u64)> {
        let backend = |device: &Piece, others: &[Piece]| {
            others.iter().find(|other| other.kind == Kind::Object && device.stands_on(other)).cloned()
        };
        let devices = |pieces: &[Piece]| -> Vec<(Piece, Piece)> {
            let devices = pieces.iter().filter(|piece| piece.kind == Kind::Device);
            devices.filter_map(|device| Some((device.clone(), backend(device, pieces)?))).collect()
        };
        let bytes = |object: &Piece| object.command(&BTreeMap::new()).1["size"].as_u64().unwrap_or_default();
        let gone = devices(&self.gone).into_iter().map(|(device, object)| {
            let size = bytes(&object);
            (Self { gone: vec![device, object], come: Vec::new() }, size)
        });
        let come = devices(&self.come).into_iter().map(|(device, object)| {
            let size = bytes(&object);
            (Self { gone: Vec::new(), come: vec![object, device] }, size)
        });
        gone.chain(come).collect()
    }

    /// The way back.
    pub(crate) fn reversed(&self) -> Self {
        let turned = |pieces: &[Piece]| pieces.iter().rev().cloned().collect();
        Self { gone: turned(&self.come), come: turned(&self.gone) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(options: &[(&str, &str)]) -> CommandLine {
        let options = options.iter().map(|(option, value)| ((*option).to_owned(), Some((*value).to_owned())));
        CommandLine { options: options.collect(), ..CommandLine::default() }
    }

    #[test]
    fn a_device_is_told_in_the_types_that_qemu_wants() {
        let piece = Piece::read("-device", "scsi-hd,id=scsi1,lun=1,wwn=0x10,serial=a,,b,packed=on,product=5").unwrap();
        let types = [("lun", "uint32"), ("wwn", "uint64"), ("packed", "bool"), ("product", "str")];
        let types = types.map(|(name, kind)| (name.to_owned(), kind.to_owned())).into();
        insta::assert_snapshot!(piece.command(&types).1, @r#"{"driver":"scsi-hd","id":"scsi1","lun":1,"wwn":16,"serial":"a,b","packed":true,"product":"5"}"#);
    }

    #[test]
    fn backends_are_told_in_theirs() {
        let told = |option, text| Piece::read(option, text).unwrap().command(&BTreeMap::new()).1;
        let memory = told("-object", "memory-backend-ram,id=mem-dimm0,size=512M,host-nodes=0-1,policy=bind");
        insta::assert_snapshot!(memory, @r#"{"qom-type":"memory-backend-ram","id":"mem-dimm0","size":536870912,"host-nodes":[0,1],"policy":"bind"}"#);
        let tap = told("-netdev", "type=tap,id=net0,ifname=tap1i0,script=no,vhost=on,queues=2");
        insta::assert_snapshot!(tap, @r#"{"type":"tap","id":"net0","ifname":"tap1i0","script":"no","vhost":true,"queues":2}"#);
        let usb = told("-chardev", "spicevmc,id=usbredirchardev0,name=usbredir");
        insta::assert_snapshot!(usb, @r#"{"id":"usbredirchardev0","backend":{"type":"spicevmc","data":{"type":"usbredir"}}}"#);
    }

    #[test]
    fn what_comes_and_goes_between_two_command_lines() {
        let old = line(&[
            ("-netdev", "type=user,id=net0"),
            ("-object", "iothread,id=t"),
            ("-device", "pci-bridge,id=pci.3"),
            ("-device", "a,id=ctl"),
            ("-device", "b,bus=ctl.0,id=disk"),
            ("-device", "nic,id=net0,bootindex=102"),
            ("-device", "usb-tablet"),
        ]);
        let new = line(&[("-netdev", "type=user,id=net0"), ("-device", "nic,id=net0,bootindex=101")]);
        let ids = |pieces: &[Piece]| pieces.iter().map(|piece| piece.id.clone()).collect::<Vec<_>>();
        let difference = Difference::between(&old, &new);
        assert_eq!(ids(&difference.gone), ["disk", "ctl", "t"]);
        assert!(difference.come.is_empty());
        let back = Difference::between(&new, &old);
        assert_eq!(ids(&back.come), ["t", "pci.3", "ctl", "disk"]);
        assert_eq!(ids(&difference.reversed().come), ["t", "ctl", "disk"]);
    }

    #[test]
    fn memory_comes_and_goes_by_modules() {
        let module = |number: u32| {
            let object = format!("memory-backend-ram,id=mem-dimm{number},size=512M");
            [("-object", object), ("-device", format!("pc-dimm,id=dimm{number},memdev=mem-dimm{number},node=0"))]
        };
        let all: Vec<_> = [module(0), module(1)].concat();
        let all: Vec<_> = all.iter().map(|(option, value)| (*option, value.as_str())).collect();
        let difference = Difference::between(&line(&[]), &line(&all));
        let ids = |pieces: &[Piece]| pieces.iter().map(|piece| piece.id.clone()).collect::<Vec<_>>().join(" ");
        let come: Vec<_> = difference.modules().iter().map(|(step, bytes)| (ids(&step.come), *bytes)).collect();
        assert_eq!(come, [("mem-dimm0 dimm0".into(), 512 << 20), ("mem-dimm1 dimm1".into(), 512 << 20)]);
        let gone: Vec<_> = difference.reversed().modules().iter().map(|(step, _)| ids(&step.gone)).collect();
        assert_eq!(gone, ["dimm1 mem-dimm1", "dimm0 mem-dimm0"]);
    }

    #[test]
    fn a_device_is_replaced_with_what_it_stands_on() {
        let device = ("-device", "scsi-hd,bus=ctl.0,drive=drive-a,id=a");
        let old = line(&[("-blockdev", r#"{"node-name":"drive-a","file":1}"#), device]);
        let new = line(&[("-blockdev", r#"{"node-name":"drive-a","file":2}"#), device]);
        let difference = Difference::between(&old, &new);
        let ids = |pieces: &[Piece]| pieces.iter().map(|piece| piece.id.clone()).collect::<Vec<_>>();
        assert_eq!(
            (ids(&difference.gone), ids(&difference.come)),
            (vec!["a".into(), "drive-a".into()], vec!["drive-a".into(), "a".into()])
        );
    }
}
