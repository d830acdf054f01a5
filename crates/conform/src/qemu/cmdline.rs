//! Suite `qemu-cfg2cmd`: a configuration and facts about a host become a command line.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use guest::{
    config_file::{Dialect, GuestFile},
    mapping::Mappings,
    qemu::{
        cmdline::{self, Devices, HostFacts, Image, Input, Places, SevFacts, Source, SpicePlace, Version},
        config::{Arch, VmConfig},
        cpu_models, file, image,
        passthrough::{PassthroughError, Resolved, choose, functions, usb, wishes},
    },
};
use serde_json::{Value, json};
use storage::{Configs, StorageError, VolumeId, location::Surroundings};

use crate::{Outcome, passthrough};

const VMID: u32 = 8006;

pub(super) fn case(dir: &Path, case: &Path, input: &Value) -> Option<Outcome> {
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let env: Value = serde_json::from_str(&read(&dir.join("env.json"))).unwrap_or_default();
    let file = GuestFile::parse(Dialect::Qemu, &read(&case.join("input.conf")));
    let host = facts(&env, input)?;
    let storages = Storages::read(&read(&dir.join("shared/storage.cfg")), &env);
    let models = cpu_models::parse(&read(&dir.join("shared/cpu-models.conf")));
    Some(planned(&file, &host, &storages, &models, &env))
}

fn planned(
    file: &GuestFile,
    facts: &HostFacts,
    storages: &Storages,
    cpu_models: &cpu_models::Models,
    env: &Value,
) -> Outcome {
    let (config, _) = schema::config::read::<VmConfig>(file.main.iter());
    let config = config.ok_or("no configuration")?;
    let mut images = BTreeMap::new();
    for (id, volume) in file::volumes(&config) {
        images.insert(id, storages.image(&volume)?);
    }
    let devices = devices(&config, env)?;
    let input = Input {
        vmid: VMID,
        config: &config,
        meta: file.main.get("meta"),
        images: &images,
        devices: &devices,
        cpu_models,
        facts,
        places: &places(env),
    };
    let line = cmdline::plan(&input).map_err(|err| err.to_string())?;
    Ok(json!({ "options": line.options, "warnings": line.warnings }))
}

fn devices(config: &VmConfig, env: &Value) -> Result<Resolved, String> {
    let node = env["host"]["nodename"].as_str().unwrap_or_default().parse()?;
    let known = passthrough::devices(env);
    let text = |error: PassthroughError| error.to_string();
    let wishes = wishes(config, &passthrough::mappings(env), &node, &known).map_err(text)?;
    let pci = functions(VMID, &choose(wishes, &known.taken).map_err(text)?);
    Ok(Resolved { pci, usb: usb(config, &Mappings::parse(""), &node, &known).map_err(text)? })
}

fn places(env: &Value) -> Places {
    let run = Path::new("/run/qemu");
    let place = |name: &str| run.join(format!("{VMID}.{name}"));
    let port = env["host"]["next_spice_port"].as_str().and_then(|port| port.parse().ok()).unwrap_or(61000);
    Places {
        qmp: place("qmp"),
        vnc: place("vnc"),
        serial: [place("serial0"), place("serial1"), place("serial2"), place("serial3")],
        agent: place("qga"),
        pid: place("pid"),
        // The one place that the suite compares.
        efi_vars: Path::new("/run/qemu-server/efidisk").join(format!("{VMID}-ovmf.fd")),
        spice: SpicePlace::Tls { address: "127.0.0.1".to_owned(), port },
        tpm: place("swtpm"),
        virtiofs: place("virtiofs-"),
    }
}

fn arch(name: &str) -> Option<Arch> {
    match name {
        "x86_64" => Some(Arch::X8664),
        "aarch64" => Some(Arch::Aarch64),
        _ => None,
    }
}

fn facts(env: &Value, input: &Value) -> Option<HostFacts> {
    let field = |name: &str| input[name].as_str().or(env["defaults"][name].as_str());
    let host = &env["host"];
    let mtu = host["bridge_mtu"].as_object().into_iter().flatten();
    let flag = |value: &Value| *value == true || *value == 1;
    let qemu = field("qemu_version")?;
    let firmware_dir = Path::new("/usr/share/OVMF");
    Some(HostFacts {
        node: host["nodename"].as_str()?.to_owned(),
        arch: arch(field("host_arch")?)?,
        qemu: Version::parse(qemu)?,
        qemu_text: qemu.to_owned(),
        patched: true,
        kvm: true,
        cpus: u32::try_from(host["cpus_at_least"].as_u64()?).ok()?,
        cpu_vendor: field("host_cpu_vendor")?.to_owned(),
        phys_bits: u32::try_from(host["phys_address_bits"].as_u64()?).ok()?,
        numa_nodes: if flag(&host["numa_node_exists"]) { u32::MAX } else { 1 },
        hugepages_mib: if flag(&host["hugepage_size_supported"]) { BTreeSet::from([2, 1024]) } else { BTreeSet::new() },
        sev: sev(env, &input["hw_capabilities"]),
        tdx: false,
        no_emulator: None,
        no_gl: None,
        no_spice: None,
        devices: Devices::All,
        vhost_net: flag(&host["kernel_has_vhost_net"]),
        io_uring: true,
        bridge_mtu: mtu.filter_map(|(name, mtu)| Some((name.clone(), u32::try_from(mtu.as_u64()?).ok()?))).collect(),
        firmware_dir: firmware_dir.into(),
        arm_firmware_dir: firmware_dir.into(),
        small_ovmf: true,
        splash: Some("bootsplash.jpg".into()),
        iscsi_initiator: host["iscsi_initiator_name"].as_str().map(str::to_owned),
    })
}

/// What the processor encrypts with: capabilities by name or as they are.
fn sev(env: &Value, wanted: &Value) -> Option<SevFacts> {
    let known = wanted.as_str().map_or(wanted, |name| &env["hw_capabilities"][name]);
    let sev = known["amd-sev"].as_object()?;
    let number = |name: &str| sev.get(name).and_then(Value::as_u64).and_then(|value| u32::try_from(value).ok());
    let flag = |name: &str| sev.get(name).is_some_and(|value| *value == true || *value == 1);
    Some(SevFacts {
        cbitpos: number("cbitpos")?,
        reduced_phys_bits: number("reduced-phys-bits")?,
        std: flag("sev-support"),
        es: flag("sev-support-es"),
        snp: flag("sev-support-snp"),
    })
}

/// The storages of the suite.
struct Storages<'a> {
    configs: Configs,
    env: &'a Value,
}

impl<'a> Storages<'a> {
    fn read(text: &str, env: &'a Value) -> Self {
        Self { configs: Configs::parse(text, Path::new("/var/lib/vz")), env }
    }

    fn image(&self, volume: &str) -> Result<Image, String> {
        match volume {
            "cdrom" => {
                let path = self.env["host"]["cdrom_path"].as_str().unwrap_or("/dev/cdrom");
                Ok(Image::of_source(Source::Cdrom(path.into()), "raw"))
            }
            path if path.starts_with('/') => Ok(Image::of_path(Path::new(path), "raw")),
            volume => self.volume(volume).map_err(|error| error.to_string()),
        }
    }

    fn volume(&self, volume: &str) -> Result<Image, StorageError> {
        let id: VolumeId = volume.parse().map_err(StorageError::Name)?;
        let config = self.configs.get(&id.storage)?;
        let host = &self.env["host"];
        let around = Surroundings {
            initiator: host["iscsi_initiator_name"].as_str().unwrap_or_default().to_owned(),
            cluster: self.env["storage"][id.storage.as_str()]["fsid"].as_str().map(str::to_owned),
            lun: host["zfs_over_iscsi_lun"].as_str().and_then(|lun| lun.parse().ok()),
            keyring: None,
        };
        let mut image = image::of_volume(config, &id.volname, &around)?;
        if image.chain.is_some() {
            image.chain = Some(self.chain(id.storage.as_str()));
        }
        Ok(image)
    }

    /// The files below a volume, nearest first.
    fn chain(&self, storage: &str) -> Vec<Source> {
        let snapshots = &self.env["volume_snapshots"][format!("{storage}:any")];
        let mut below = Vec::new();
        let mut name = snapshots["current"]["parent"].as_str();
        while let Some(snapshot) = name.map(|name| &snapshots[name]) {
            below.extend(snapshot["file"].as_str().map(|path| Source::of_path(Path::new(path))));
            name = snapshot["parent"].as_str();
        }
        below
    }
}
