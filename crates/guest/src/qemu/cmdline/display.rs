//! What the guest shows: graphics card, VNC, SPICE, clipboard.

use super::{Plan, PlanError, SpicePlace, quoted, versions::Change, wrong};
use crate::qemu::config::{
    Arch, Bios, OsType,
    device::{Clipboard, Vga, VgaType},
};

/// Whether a display setting means that there is none.
fn is_headless(kind: VgaType) -> bool {
    use VgaType::{None as Nothing, Serial0, Serial1, Serial2, Serial3};
    matches!(kind, Nothing | Serial0 | Serial1 | Serial2 | Serial3)
}

/// How many screens a QXL type has; 0 for other types.
fn qxl_screens(kind: VgaType) -> u64 {
    match kind {
        VgaType::Qxl => 1,
        VgaType::Qxl2 => 2,
        VgaType::Qxl3 => 3,
        VgaType::Qxl4 => 4,
        _ => 0,
    }
}

impl Plan<'_> {
    fn vga(&self) -> Option<&Vga> {
        self.config.vga.as_deref()
    }

    pub(super) fn vga_type(&self) -> VgaType {
        if let Some(kind) = self.vga().and_then(|vga| vga.kind) {
            return kind;
        }
        // A card of the host that is to be the primary one takes the place of ours.
        if self.config.vga.is_none() && self.primary_gpu() {
            return VgaType::None;
        }
        match self.arch {
            Arch::Aarch64 => VgaType::Virtio,
            Arch::X8664 if matches!(self.os.windows(), 1..6) => VgaType::Cirrus,
            Arch::X8664 if self.os.windows() == 0 && !self.machine.has(Change::StandardVga) => VgaType::Cirrus,
            Arch::X8664 => VgaType::Std,
        }
    }

    pub(super) fn headless(&self) -> bool {
        is_headless(self.vga_type())
    }

    /// Whether the guest has an absolute pointer: always, unless the display brings its own or there is none to point at.
    pub(super) fn tablet(&self) -> bool {
        use VgaType::{Serial0, Serial1, Serial2, Serial3};
        let kind = self.vga_type();
        let needless = qxl_screens(kind) > 0 || matches!(kind, Serial0 | Serial1 | Serial2 | Serial3);
        self.config.tablet.unwrap_or(!needless)
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
        let device = self.graphics_card(kind, 0);
        self.device(device);
        if kind == VgaType::VirtioGl {
            if let Some(reason) = &self.facts.no_gl {
                return Err(wrong("vga", format!("type 'virtio-gl' cannot be used on this node: {reason}")));
            }
            self.option("-display", "egl-headless,gl=core");
        }
        let socket = self.input.places.vnc.display().to_string();
        self.option("-vnc", format!("unix:{socket},password=on"));
        Ok(())
    }

    /// One screen; with QXL on Windows there are several cards.
    fn graphics_card(&mut self, kind: VgaType, number: u64) -> String {
        let arm = self.arch == Arch::Aarch64;
        let screens = qxl_screens(kind);
        let model = match kind {
            VgaType::Cirrus => "cirrus-vga",
            VgaType::Vmware => "vmware-svga",
            VgaType::Virtio if arm => "virtio-gpu",
            VgaType::Virtio => "virtio-vga",
            VgaType::VirtioGl if arm => "virtio-gpu-gl",
            VgaType::VirtioGl => "virtio-vga-gl",
            _ if screens > 0 && number > 0 => "qxl",
            _ if screens > 0 => "qxl-vga",
            _ => "VGA",
        };
        let memory = match self.vga().and_then(|vga| vga.memory) {
            None if screens > 0 && number > 0 => ",ram_size=67108864,vram_size=33554432".to_owned(),
            None => String::new(),
            Some(mib) if matches!(kind, VgaType::Virtio | VgaType::VirtioGl) => format!(",max_hostmem={}", mib << 20),
            Some(mib) if screens > 0 => format!(",vgamem_mb={mib},ram_size_mb={},vram_size_mb={}", mib * 4, mib * 2),
            Some(mib) => format!(",vgamem_mb={mib}"),
        };
        let linux = matches!(self.os.kind, OsType::L24 | OsType::L26 | OsType::Other);
        let outputs = screens > 0 && linux && self.machine.has(Change::QxlOutputs);
        let outputs = if outputs { ",max_outputs=4" } else { "" };
        let windows = self.os.windows() > 0 && self.config.bios != Some(Bios::Ovmf);
        let edid = if model == "VGA" && windows { ",edid=off" } else { "" };
        let id = if number == 0 { "vga".to_owned() } else { format!("vga{number}") };
        let place = self.place(&id);
        format!("{model},id={id}{memory}{outputs}{place}{edid}")
    }

    /// The channel that a SPICE agent in the guest listens on, and SPICE itself for displays that are made for it.
    pub(super) fn spice(&mut self) -> Result<(), PlanError> {
        let kind = self.vga_type();
        let screens = qxl_screens(kind);
        let spice = screens > 0 || matches!(kind, VgaType::Virtio | VgaType::VirtioGl);
        let clipboard = self.vga().and_then(|vga| vga.clipboard) == Some(Clipboard::Vnc);
        if clipboard && self.headless() {
            return Err(wrong("vga", "there is no display that a clipboard could be shared with"));
        }
        let served = spice && self.spice_served(screens > 0)?;
        if !served && !clipboard {
            return Ok(());
        }
        self.more_screens(kind, screens);
        let place = self.place("spice");
        self.device(format!("virtio-serial,id=spice{place}"));
        let agent = if clipboard {
            "qemu-vdagent,id=vdagent,name=vdagent,clipboard=on"
        } else {
            "spicevmc,id=vdagent,name=vdagent"
        };
        self.option("-chardev", agent);
        self.device("virtserialport,chardev=vdagent,name=com.redhat.spice.0");
        if served {
            self.spice_server();
        }
        Ok(())
    }

    /// Whether QEMU can serve SPICE here. Displays that are of use without it do without.
    fn spice_served(&mut self, needed: bool) -> Result<bool, PlanError> {
        match (&self.facts.no_spice, needed) {
            (None, _) => Ok(true),
            (Some(reason), true) => Err(wrong("vga", format!("SPICE cannot be used on this node: {reason}"))),
            (Some(reason), false) => {
                self.warn(format!("the display is reached by VNC only, without SPICE: {reason}"));
                Ok(false)
            }
        }
    }

    /// Further screens: cards of their own for Windows, more memory of the one card for others.
    fn more_screens(&mut self, kind: VgaType, screens: u64) {
        if screens < 2 {
            return;
        }
        if self.os.windows() > 0 {
            for number in 1..screens {
                let device = self.graphics_card(kind, number);
                self.device(device);
            }
            return;
        }
        let (ram, vram) = match self.vga().and_then(|vga| vga.memory) {
            Some(mib) => ((screens * 4 * mib) << 20, (screens * 2 * mib) << 20),
            None => (134_217_728, 67_108_864),
        };
        self.globals.push(format!("qxl-vga.ram_size={ram}"));
        self.globals.push(format!("qxl-vga.vram_size={vram}"));
    }

    fn spice_server(&mut self) {
        let extras = self.config.spice_enhancements.as_deref();
        if extras.and_then(|extras| extras.foldersharing) == Some(true) {
            self.option("-chardev", "spiceport,id=foldershare,name=org.spice-space.webdav.0");
            self.device("virtserialport,chardev=foldershare,name=org.spice-space.webdav.0");
        }
        let streaming = extras.and_then(|extras| extras.videostreaming);
        let streaming = streaming.map(|mode| format!(",streaming-video={mode}")).unwrap_or_default();
        let place = match &self.input.places.spice {
            SpicePlace::Socket(path) => format!("unix=on,addr={},", quoted(&path.display().to_string())),
            SpicePlace::Tls { address, port } => format!("tls-port={port},addr={address},tls-ciphers=HIGH,"),
        };
        self.option("-spice", format!("{place}seamless-migration=on{streaming}"));
    }
}
