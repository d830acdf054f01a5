//! Disks and CD-ROMs as the guest sees them: controllers and devices.

use schema::Scalar as _;
use serde_json::json;

use super::{
    Plan, PlanError,
    drive::{Bus, Drive, DriveId, all_drives},
    graph::{Opening, limits},
    on_off, quoted,
    versions::Change,
    wrong,
};
use crate::qemu::config::{ScsiHw, drive::Cache};

impl Plan<'_> {
    pub(super) fn drives(&mut self) -> Result<(), PlanError> {
        all_drives(self.config).iter().try_for_each(|drive| self.drive(drive))
    }

    /// One drive with its controller, unless that is there already.
    pub(super) fn drive(&mut self, drive: &Drive<'_>) -> Result<(), PlanError> {
        if drive.id.bus == Bus::Scsi && drive.id.index > 13 && !self.machine.uses(Change::ManyScsiDisks) {
            let message = "machine version 4.1+pve2 or higher is required to use more than 14 SCSI disks";
            return Err(wrong(&drive.id.to_string(), message));
        }
        if let Some(id) = self.controller_id(drive)
            && self.controllers.insert(id.clone())
        {
            let device = self.controller(drive, id);
            self.device(device);
        }
        self.node(drive)?;
        let device = self.drive_device(drive);
        self.device(device);
        Ok(())
    }

    fn controller_id(&self, drive: &Drive<'_>) -> Option<String> {
        match drive.id.bus {
            Bus::Sata => Some("ahci0".to_owned()),
            Bus::Scsi => Some(self.scsi_controller_id(drive.id)),
            _ => None,
        }
    }

    fn controller(&mut self, drive: &Drive<'_>, id: String) -> String {
        if drive.id.bus == Bus::Sata {
            let place = self.place(&id);
            return format!("ahci,id={id},multifunction=on{place}");
        }
        self.scsi_controller(drive, &id)
    }

    fn scsi_controller(&mut self, drive: &Drive<'_>, id: &str) -> String {
        let model = self.scsihw();
        let place = self.place(id);
        let mut device = match model {
            ScsiHw::VirtioScsiSingle => format!("virtio-scsi-pci,id={id}{place}"),
            other => format!("{other},id={id}{place}"),
        };
        if model == ScsiHw::VirtioScsiSingle {
            if drive.iothread {
                self.option("-object", format!("iothread,id=iothread-{id}"));
                device += &format!(",iothread=iothread-{id}");
            }
            if let Some(queues) = drive.queues {
                device += &format!(",num_queues={queues}");
            }
        } else if drive.iothread {
            self.warn(format!("iothread of '{}' is ignored: it needs controller type virtio-scsi-single", drive.id));
        }
        device
    }

    fn per_controller(&self) -> u32 {
        match self.scsihw() {
            ScsiHw::Lsi | ScsiHw::Lsi53c810 => 7,
            ScsiHw::VirtioScsiSingle => 1,
            _ => 256,
        }
    }

    fn scsi_controller_id(&self, drive: DriveId) -> String {
        match self.scsihw() {
            ScsiHw::VirtioScsiSingle => format!("virtioscsi{}", drive.index),
            _ => format!("scsihw{}", drive.index / self.per_controller()),
        }
    }

    /// The block graph of a drive.
    fn node(&mut self, drive: &Drive<'_>) -> Result<(), PlanError> {
        let id = drive.id.to_string();
        if drive.is_empty() {
            if !self.machine.has(Change::Blockdev) {
                self.option("-drive", format!("if=none,id=drive-{id},media=cdrom"));
            }
            return Ok(());
        }
        let image = self.input.images.get(&drive.id).ok_or_else(|| PlanError::NoImage(id.clone()))?;
        let read_only = drive.read_only || self.config.template == Some(true);
        let mut opening = Opening::new(drive.options, image, self.facts.io_uring, drive.is_cdrom(), read_only);
        // Commands that go to the device itself know no limits.
        opening.throttled = !drive.scsiblock;
        opening.explicit_chain = self.machine.has(Change::Blockdev);
        if opening.throttled {
            let limits = limits(drive.options);
            let group = json!({ "qom-type": "throttle-group", "id": format!("throttle-drive-{id}"), "limits": limits });
            self.option("-object", group.to_string());
        }
        let graph = opening.graph(&id, image, None).to_string();
        match drive.options.snapshot {
            // Only this spelling makes QEMU put a file of its own above, which is gone at the end.
            Some(true) => {
                let (own, node) = (format!("\"drive-{id}\""), format!("\"kept-{id}\""));
                let graph = graph.replacen(&own, &node, 1).replace(',', ",,");
                self.option("-drive", format!("if=none,id=drive-{id},snapshot=on,file=json:{graph}"));
            }
            _ => self.option("-blockdev", graph),
        }
        if drive.iothread && drive.id.bus == Bus::Virtio {
            self.option("-object", format!("iothread,id=iothread-{id}"));
        }
        Ok(())
    }

    fn drive_device(&mut self, drive: &Drive<'_>) -> String {
        let id = drive.id.to_string();
        let kind = self.drive_kind(drive);
        let mut device = match drive.id.bus {
            Bus::Virtio => {
                let place = self.place(&id);
                let thread = if drive.iothread { format!(",iothread=iothread-{id}") } else { String::new() };
                format!("virtio-blk-pci{place}{thread}")
            }
            Bus::Scsi => self.scsi_address(drive.id, kind),
            Bus::Sata => format!("ide-{kind},bus=ahci0.{}", drive.id.index),
            _ => self.ide_address(drive.id, kind),
        };
        let modern = self.machine.has(Change::Blockdev);
        if !(drive.is_empty() && modern) {
            device += &format!(",drive=drive-{id}");
        }
        device += &format!(",id={id}");
        if drive.id.bus == Bus::Scsi && modern && matches!(kind, "hd" | "cd") {
            device += &format!(",device_id=drive-{id}");
        }
        device += &self.bootindex(&id);
        device += &identity(drive, kind);
        if modern && !drive.is_cdrom() {
            let through = matches!(drive.options.cache, Some(Cache::Writethrough | Cache::Directsync));
            device += &format!(",write-cache={}", on_off(!through));
        }
        for (name, action) in [
            ("rerror", drive.options.rerror.map(|action| action.show())),
            ("werror", drive.options.werror.map(|action| action.show())),
        ] {
            if let Some(action) = action {
                device += &format!(",{name}={action}");
            }
        }
        device
    }

    fn drive_kind(&self, drive: &Drive<'_>) -> &'static str {
        match drive.id.bus {
            _ if drive.is_cdrom() => "cd",
            Bus::Scsi => {
                let image = self.input.images.get(&drive.id);
                image.map_or("hd", |image| image.scsi_kind(drive.scsiblock, self.machine.has(Change::IscsiDisks)))
            }
            // Hard disks of these buses cannot be read-only, and nobody ever boots a template.
            Bus::Ide | Bus::Sata if self.config.template == Some(true) => "cd",
            _ => "hd",
        }
    }

    fn scsi_address(&self, id: DriveId, kind: &str) -> String {
        let controller = self.scsi_controller_id(id);
        let unit = id.index % self.per_controller();
        match self.scsihw() {
            ScsiHw::Lsi | ScsiHw::Lsi53c810 | ScsiHw::Pvscsi => {
                format!("scsi-{kind},bus={controller}.0,scsi-id={unit}")
            }
            _ => format!("scsi-{kind},bus={controller}.0,channel=0,scsi-id=0,lun={unit}"),
        }
    }

    fn ide_address(&self, id: DriveId, kind: &str) -> String {
        let (channel, unit) = (id.index / 2, id.index % 2);
        // Each port of a Q35's controller is a channel of its own.
        let (channel, unit) = if self.machine.q35() { (channel + 2 * unit, 0) } else { (channel, unit) };
        format!("ide-{kind},bus=ide.{channel},unit={unit}")
    }
}

/// What the guest reads about a drive besides its data.
fn identity(drive: &Drive<'_>, kind: &str) -> String {
    let mut text = String::new();
    if drive.ssd && kind != "cd" && kind != "generic" {
        text += ",rotation_rate=1";
    }
    if let Some(wwn) = drive.wwn {
        text += &format!(",wwn={wwn}");
    }
    for (name, value) in [("vendor", drive.vendor), ("product", drive.product)] {
        if let Some(value) = value.filter(|_| matches!(kind, "hd" | "cd")) {
            text += &format!(",{name}={}", quoted(value));
        }
    }
    for (name, value) in [("serial", drive.options.serial.as_deref()), ("model", drive.model.filter(|_| kind == "hd"))]
    {
        if let Some(value) = value {
            let decoded = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
            text += &format!(",{name}={}", quoted(&decoded));
        }
    }
    text
}
