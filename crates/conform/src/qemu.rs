//! Suites about virtual machines: `qemu-parse-config`, `guest-pending`, `qemu-cfg2cmd`.

use std::{collections::BTreeMap, fs, path::Path};

use guest::{
    config_file::{Dialect, GuestFile, parse_deletions, print_deletions},
    qemu::{
        cmdline::{self, HostFacts, Image, Input, Places, Version},
        config::VmConfig,
        file,
    },
};
use serde_json::{Map, Value, json};
use storage::{Configs, Content, StorageError, VolumeId};

use crate::Outcome;

const VMID: u32 = 8006;

/// Answers a case of these suites.
pub(crate) fn case(suite: &str, dir: &Path, name: &str, input: &Value) -> Option<Outcome> {
    match suite {
        "qemu-parse-config" => Some(parse_config(&dir.join("cases").join(name))),
        "guest-pending" => pending(input),
        "qemu-cfg2cmd" => command_line(dir, &dir.join("cases").join(name), input),
        _ => None,
    }
}

fn parse_config(case: &Path) -> Outcome {
    let text = fs::read_to_string(case.join("input.conf")).map_err(|err| err.to_string())?;
    let parsed = GuestFile::parse(Dialect::Qemu, &text);
    let written = json!({ "written": parsed.print() });
    let strict = match file::problems(&parsed).first() {
        Some(problem) => json!({ "error": format!("vm {VMID} - {problem}") }),
        None => written.clone(),
    };
    Ok(json!({ "non-strict": written, "strict": strict }))
}

fn pending(input: &Value) -> Option<Outcome> {
    let params = &input["params"];
    let key = || params[1].as_str().unwrap_or_default();
    let result = match input["op"].as_str()? {
        "parse_pending_delete" => {
            let parsed = parse_deletions(params[0].as_str().unwrap_or_default());
            json!({ "result": parsed.into_iter().map(|(key, force)| (key, json!({ "force": force }))).collect::<Map<_, _>>() })
        }
        "print_pending_delete" => {
            let entries = params[0].as_object()?.iter();
            let deletions =
                entries.map(|(key, entry)| (key.clone(), entry["force"] != 0 && entry["force"] != Value::Null));
            json!({ "result": print_deletions(&deletions.collect()) })
        }
        "add_to_pending_delete" => {
            let mut file = guest_file(&params[0]);
            file.delete_pending(key(), params[2] == 1 || params[2] == "1");
            json!({ "result": value(&file) })
        }
        "remove_from_pending_delete" => {
            let mut file = guest_file(&params[0]);
            file.cancel_deletion(key());
            json!({ "result": value(&file) })
        }
        "cleanup_pending" => {
            let mut file = guest_file(&params[0]);
            file.clean_pending();
            json!({ "config_after": value(&file) })
        }
        _ => return None,
    };
    Some(Ok(result))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn guest_file(config: &Value) -> GuestFile {
    let mut file = GuestFile::new(Dialect::Qemu);
    for (key, entry) in config.as_object().into_iter().flatten() {
        match entry.as_object() {
            Some(pending) => file.pending = pending.iter().map(|(key, entry)| (key, text(entry))).collect(),
            None => file.main.set(key, &text(entry)),
        }
    }
    file
}

fn value(file: &GuestFile) -> Value {
    let section = |section: &guest::config_file::Section| {
        section.iter().map(|(key, text)| (key.to_owned(), text.into())).collect::<Map<_, _>>()
    };
    let mut config = section(&file.main);
    config.insert("pending".into(), section(&file.pending).into());
    config.into()
}

fn command_line(dir: &Path, case: &Path, input: &Value) -> Option<Outcome> {
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let env: Value = serde_json::from_str(&read(&dir.join("env.json"))).unwrap_or_default();
    let file = GuestFile::parse(Dialect::Qemu, &read(&case.join("input.conf")));
    let host = facts(&env, input)?;
    let storages = Storages::read(&read(&dir.join("shared/storage.cfg")));
    Some(planned(&file, &host, &storages))
}

fn planned(file: &GuestFile, facts: &HostFacts, storages: &Storages) -> Outcome {
    file::unsupported(&file.main).map_err(|err| err.to_string())?;
    let (config, _) = schema::config::read::<VmConfig>(file.main.iter());
    let config = config.ok_or("no configuration")?;
    let mut images = BTreeMap::new();
    for (id, volume) in file::volumes(&config) {
        images.insert(id, storages.image(&volume)?);
    }
    let run = Path::new("/run/qemu");
    let place = |name: &str| run.join(format!("{VMID}.{name}"));
    let places = Places {
        qmp: place("qmp"),
        vnc: place("vnc"),
        serial: [place("serial0"), place("serial1"), place("serial2"), place("serial3")],
        agent: place("qga"),
        pid: place("pid"),
        // The one place that the suite compares.
        efi_vars: Path::new("/run/qemu-server/efidisk").join(format!("{VMID}-ovmf.fd")),
    };
    let input =
        Input { vmid: VMID, config: &config, meta: file.main.get("meta"), images: &images, facts, places: &places };
    let line = cmdline::plan(&input).map_err(|err| err.to_string())?;
    Ok(json!({ "options": line.options, "warnings": line.warnings }))
}

fn facts(env: &Value, input: &Value) -> Option<HostFacts> {
    let field = |name: &str| input[name].as_str().or(env["defaults"][name].as_str());
    if field("host_arch")? != "x86_64" || input["arch"].is_string() {
        return None;
    }
    let host = &env["host"];
    let mtu = host["bridge_mtu"].as_object().into_iter().flatten();
    Some(HostFacts {
        qemu: Version::parse(field("qemu_version")?)?,
        patched: true,
        kvm: true,
        cpus: u32::try_from(host["cpus_at_least"].as_u64()?).ok()?,
        cpu_vendor: field("host_cpu_vendor")?.to_owned(),
        vhost_net: true,
        io_uring: true,
        bridge_mtu: mtu.filter_map(|(name, mtu)| Some((name.clone(), u32::try_from(mtu.as_u64()?).ok()?))).collect(),
        firmware_dir: "/usr/share/OVMF".into(),
        small_ovmf: true,
        splash: Some("bootsplash.jpg".into()),
        iscsi_initiator: host["iscsi_initiator_name"].as_str().map(str::to_owned),
    })
}

/// The storages of a suite.
struct Storages(Configs);

impl Storages {
    fn read(text: &str) -> Self {
        Self(Configs::parse(text, Path::new("/var/lib/vz")))
    }

    fn image(&self, volume: &str) -> Result<Image, String> {
        match volume {
            "cdrom" => Ok(Image::of_path(Path::new("/dev/cdrom"), "raw")),
            path if path.starts_with('/') => Ok(Image::of_path(Path::new(path), "raw")),
            volume => self.volume(volume).map_err(|error| error.to_string()),
        }
    }

    fn volume(&self, volume: &str) -> Result<Image, StorageError> {
        let id: VolumeId = volume.parse().map_err(StorageError::Name)?;
        let config = self.0.get(&id.storage)?;
        let plugin = storage::plugin::of(config)?;
        let known = plugin.parse(&id.volname)?;
        config.check_use(known.content)?;
        let format = if known.content == Content::Iso { "raw".to_owned() } else { known.format.clone() };
        Ok(Image::of_path(&plugin.path(config, &known)?, &format))
    }
}
