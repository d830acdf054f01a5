//! Display, ports and the small devices.

use base64::Engine as _;

use super::{Plan, PlanError, Version, quoted, wrong};
use crate::qemu::config::{
    Bios,
    device::{AgentType, Smbios, Vga, VgaType},
    port::SerialPort,
};

/// Whether a display setting means that there is none.
pub(super) fn is_headless(vga: &Vga) -> bool {
    use VgaType::{None as Nothing, Serial0, Serial1, Serial2, Serial3};
    matches!(vga.kind, Some(Nothing | Serial0 | Serial1 | Serial2 | Serial3))
}

impl Plan<'_> {
    fn vga_type(&self) -> VgaType {
        let old = self.os.windows() > 0 && self.os.windows() < 6;
        let default = if old { VgaType::Cirrus } else { VgaType::Std };
        self.config.vga.as_ref().and_then(|vga| vga.kind).unwrap_or(default)
    }

    fn headless(&self) -> bool {
        self.config.vga.as_ref().is_some_and(|vga| is_headless(vga))
    }

    pub(super) fn display(&mut self) -> Result<(), PlanError> {
        let kind = self.vga_type();
        if self.headless() {
            if kind == VgaType::None {
                self.option("-vga", "none");
            }
            self.flag("-nographic");
            return Ok(());
        }
        if matches!(kind, VgaType::Qxl | VgaType::Qxl2 | VgaType::Qxl3 | VgaType::Qxl4) {
            return Err(wrong("vga", format!("type '{kind}' is not supported by this version yet")));
        }
        let place = self.place("vga");
        let memory = self.config.vga.as_ref().and_then(|vga| vga.memory);
        let model = match kind {
            VgaType::Cirrus => "cirrus-vga",
            VgaType::Vmware => "vmware-svga",
            VgaType::Virtio => "virtio-vga",
            VgaType::VirtioGl => "virtio-vga-gl",
            _ => "VGA",
        };
        let memory = match (kind, memory) {
            (_, None) => String::new(),
            (VgaType::Virtio | VgaType::VirtioGl, Some(mib)) => format!(",max_hostmem={}", mib << 20),
            (_, Some(mib)) => format!(",vgamem_mb={mib}"),
        };
        let windows = self.os.windows() > 0 && self.config.bios != Some(Bios::Ovmf);
        let edid = if kind == VgaType::Std && windows { ",edid=off" } else { "" };
        self.device(format!("{model},id=vga{memory}{place}{edid}"));
        if kind == VgaType::VirtioGl {
            self.option("-display", "egl-headless,gl=core");
        }
        let socket = self.input.places.vnc.display().to_string();
        self.option("-vnc", format!("unix:{socket},password=on"));
        Ok(())
    }

    pub(super) fn input_and_ports(&mut self) -> Result<(), PlanError> {
        self.generation_id();
        if self.config.tablet.unwrap_or(!self.headless()) {
            let bus = if self.machine.q35 { "ehci.0" } else { "uhci.0" };
            self.device(format!("usb-tablet,id=tablet,bus={bus},port=1"));
        }
        let config = self.config;
        for (index, kind) in config.serial.iter() {
            if *kind != SerialPort::Socket {
                return Err(wrong(
                    &format!("serial{index}"),
                    "devices of the host are not supported by this version yet",
                ));
            }
            let path = &self.input.places.serial[*index as usize % 4];
            self.option("-chardev", format!("socket,id=serial{index},path={},server=on,wait=off", path.display()));
            self.device(format!("isa-serial,chardev=serial{index}"));
        }
        Ok(())
    }

    fn generation_id(&mut self) {
        if let Some(id) = self.config.vmgenid.as_deref().filter(|id| id.len() > 1) {
            self.device(format!("vmgenid,guid={id}"));
        }
    }

    pub(super) fn small_devices(&mut self) {
        self.clipboard();
        self.agent();
        self.watchdog();
        self.rng();
        if self.config.balloon != Some(0) {
            let place = self.place("balloon0");
            let report = if self.machine.since(Version::new(6, 2)) { ",free-page-reporting=on" } else { "" };
            self.device(format!("virtio-balloon-pci,id=balloon0{place}{report}"));
        }
    }

    fn agent(&mut self) {
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

    /// The clipboard shared with VNC clients: the channel that a SPICE agent in the guest listens on.
    fn clipboard(&mut self) {
        if self.config.vga.as_ref().and_then(|vga| vga.clipboard).is_none() {
            return;
        }
        let place = self.place("spice");
        self.device(format!("virtio-serial,id=spice{place}"));
        self.option("-chardev", "qemu-vdagent,id=vdagent,name=vdagent,clipboard=on");
        self.device("virtserialport,chardev=vdagent,name=com.redhat.spice.0");
    }

    fn watchdog(&mut self) {
        let config = self.config;
        let Some(watchdog) = &config.watchdog else { return };
        let model = watchdog.model.map_or("i6300esb", |model| model.as_str());
        let place = if model == "i6300esb" { self.place("watchdog") } else { String::new() };
        self.device(format!("{model}{place}"));
        if let Some(action) = watchdog.action {
            self.option("-watchdog-action", action.as_str());
        }
    }

    fn rng(&mut self) {
        let config = self.config;
        let Some(rng) = &config.rng0 else { return };
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
