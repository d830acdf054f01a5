//! Ports and the small devices.

use base64::Engine as _;

use super::{Plan, PlanError, quoted, versions::Change, wrong};
use crate::qemu::config::{
    Arch,
    device::{AgentType, Smbios},
    passthrough::AudioDevice,
    port::SerialPort,
};

impl Plan<'_> {
    pub(super) fn generation_id(&mut self) {
        if let Some(id) = self.config.vmgenid.as_deref().filter(|id| id.len() > 1) {
            self.device(format!("vmgenid,guid={id}"));
        }
    }

    pub(super) fn ports(&mut self) -> Result<(), PlanError> {
        let config = self.config;
        for (index, kind) in config.serial.iter() {
            match kind {
                SerialPort::Socket => {
                    let path = self.input.places.serial[*index as usize % 4].display();
                    self.option("-chardev", format!("socket,id=serial{index},path={path},server=on,wait=off"));
                }
                SerialPort::Device(path) => {
                    if !self.facts.devices.exists(path) {
                        return Err(wrong(&format!("serial{index}"), format!("no such serial device: {path}")));
                    }
                    self.option("-chardev", format!("serial,id=serial{index},path={}", quoted(path)));
                }
            }
            match self.arch {
                // The board has one serial port of its own.
                Arch::Aarch64 if *index == 0 => self.option("-serial", "chardev:serial0"),
                Arch::Aarch64 => return Err(wrong(&format!("serial{index}"), "this machine type has one serial port")),
                Arch::X8664 => self.device(format!("isa-serial,chardev=serial{index}")),
            }
        }
        for (index, port) in config.parallel.iter() {
            let path = &port.0;
            if !self.facts.devices.exists(path) {
                return Err(wrong(&format!("parallel{index}"), format!("no such parallel device: {path}")));
            }
            let kind = if path.starts_with("/dev/usb/lp") { "serial" } else { "parallel" };
            self.option("-chardev", format!("{kind},id=parallel{index},path={}", quoted(path)));
            self.device(format!("isa-parallel,chardev=parallel{index}"));
        }
        Ok(())
    }

    pub(super) fn sound(&mut self) {
        let config = self.config;
        let Some(audio) = &config.audio0 else { return };
        let driver = audio.driver.map_or("spice", |driver| driver.as_str());
        // SPICE's sound goes nowhere when there is no SPICE.
        let driver = if driver == "spice" && self.facts.no_spice.is_some() { "none" } else { driver };
        let place = self.place("audio0");
        let named = self.machine.has(Change::AudioBackend);
        let backend = if named { format!(",audiodev={driver}-backend0") } else { String::new() };
        self.option("-audiodev", format!("{driver},id={driver}-backend0"));
        if audio.device == AudioDevice::AC97 {
            self.device(format!("AC97,id=audiodev0{place}{backend}"));
            return;
        }
        self.device(format!("{},id=audiodev0{place}", audio.device));
        for (number, codec) in ["hda-micro", "hda-duplex"].iter().enumerate() {
            self.device(format!("{codec},id=audiodev0-codec{number},bus=audiodev0.0,cad={number}{backend}"));
        }
    }

    pub(super) fn tpm(&mut self) {
        if self.config.tpmstate0.is_none() {
            return;
        }
        let socket = self.input.places.tpm.display().to_string();
        self.option("-chardev", format!("socket,id=tpmchar,path={}", quoted(&socket)));
        self.option("-tpmdev", "emulator,id=tpmdev,chardev=tpmchar");
        let model = if self.arch == Arch::Aarch64 { "tpm-tis-device" } else { "tpm-tis" };
        self.device(format!("{model},tpmdev=tpmdev"));
    }

    pub(super) fn balloon(&mut self) {
        if self.config.balloon != Some(0) {
            let place = self.place("balloon0");
            let report = if self.machine.has(Change::FreePageReporting) { ",free-page-reporting=on" } else { "" };
            self.device(format!("virtio-balloon-pci,id=balloon0{place}{report}"));
        }
    }

    pub(super) fn shared_memory(&mut self) {
        let config = self.config;
        let Some(shared) = &config.ivshmem else { return };
        let name = shared.name.clone().unwrap_or_else(|| self.input.vmid.to_string());
        let place = self.place("ivshmem");
        self.device(format!("ivshmem-plain,memdev=ivshmem{place}"));
        let path = format!("/dev/shm/pve-shm-{name}");
        self.option(
            "-object",
            format!("memory-backend-file,id=ivshmem,share=on,mem-path={path},size={}M", shared.size),
        );
    }

    pub(super) fn directories(&mut self) {
        let config = self.config;
        for (index, share) in config.virtiofs.iter() {
            let socket = self.input.places.virtiofs(*index).display().to_string();
            self.option("-chardev", format!("socket,id=virtiofs{index},path={}", quoted(&socket)));
            let tag = &share.dirid;
            self.device(format!("vhost-user-fs-pci,queue-size=1024,chardev=virtiofs{index},tag={tag}"));
        }
    }

    pub(super) fn agent(&mut self) {
        let config = self.config;
        let Some(agent) = config.agent.as_ref().filter(|agent| agent.enabled) else { return };
        let socket = self.input.places.agent.display().to_string();
        self.option("-chardev", format!("socket,id=qga0,path={socket},server=on,wait=off"));
        if agent.kind == Some(AgentType::Isa) {
            self.device("isa-serial,chardev=qga0");
        } else {
            let place = self.place("qga0");
            self.device(format!("virtio-serial,id=qga0{place}"));
            self.device("virtserialport,chardev=qga0,name=org.qemu.guest_agent.0");
        }
    }

    pub(super) fn watchdog(&mut self) {
        let config = self.config;
        let Some(watchdog) = &config.watchdog else { return };
        let model = watchdog.model.map_or("i6300esb", |model| model.as_str());
        let place = if model == "i6300esb" { self.place("watchdog") } else { String::new() };
        self.device(format!("{model}{place}"));
        if let Some(action) = watchdog.action {
            self.option("-watchdog-action", action.as_str());
        }
    }

    pub(super) fn rng(&mut self) {
        let config = self.config;
        let Some(rng) = &config.rng0 else { return };
        if !self.machine.uses(Change::Rng) {
            return;
        }
        self.option("-object", format!("rng-random,filename={},id=rng0", rng.source));
        let limit = match (rng.max_bytes.unwrap_or(1024), rng.period.unwrap_or(1000)) {
            (0, _) => String::new(),
            (bytes, period) => format!(",max-bytes={bytes},period={period}"),
        };
        let place = self.place("rng0");
        self.device(format!("virtio-rng-pci,rng=rng0{limit}{place}"));
    }

    pub(super) fn smbios(&mut self) {
        let config = self.config;
        if let Some(smbios) = &config.smbios1 {
            let fields = smbios_fields(smbios);
            self.option("-smbios", format!("type=1{fields}"));
        }
    }
}

fn smbios_fields(smbios: &Smbios) -> String {
    let encoded = smbios.base64 == Some(true);
    let text = |value: &String| {
        let bytes = base64::engine::general_purpose::STANDARD.decode(value).ok().filter(|_| encoded);
        bytes.map_or_else(|| value.clone(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
    };
    let fields = [
        ("family", smbios.family.as_ref().map(text)),
        ("manufacturer", smbios.manufacturer.as_ref().map(text)),
        ("product", smbios.product.as_ref().map(text)),
        ("serial", smbios.serial.as_ref().map(text)),
        ("sku", smbios.sku.as_ref().map(text)),
        ("uuid", smbios.uuid.clone()),
        ("version", smbios.version.as_ref().map(text)),
    ];
    fields.into_iter().filter_map(|(name, value)| Some(format!(",{name}={}", quoted(&value?)))).collect()
}
