//! Starting a container.

use std::sync::{Arc, Mutex, PoisonError};

use host::{
    lxc::{Running, Start, Volume},
    lxcfs,
    tap::{self, Tap},
};
use schema::Vmid;
use storage::VolumeId;

use super::{
    application, check,
    config::{CtConfig, GuestLock, NetDevice, RootFs},
    cts::{Ct, Cts, Inner},
    error::CtError,
    idmap,
    plan::{self, Found, Plan, choose_cpus, veth},
    points,
    setup::{self, Facts},
};
use crate::{
    hook::{self, Phase},
    qemu::progress::Progress,
};

impl Cts {
    /// Starts a container. Pending changes take effect.
    ///
    /// # Errors
    /// When it runs, is locked, or cannot be started; nothing is left mounted or running then.
    pub async fn start(&self, progress: &dyn Progress, vmid: Vmid, skiplock: bool) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        self.start_in_turn(progress, vmid, skiplock).await
    }

    pub(crate) async fn start_in_turn(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        skiplock: bool,
    ) -> Result<(), CtError> {
        let ct = self.get(vmid)?;
        ct.check_lock(skiplock)?;
        if ct.has_lock(GuestLock::Mounted) {
            // A file system that is mounted twice would be destroyed.
            self.inner.lxc.hide(vmid.get())?;
        }
        if ct.config.template == Some(true) {
            return Err(CtError::Template);
        }
        if self.running(vmid).is_some() {
            return Err(CtError::Running(vmid));
        }
        if !ct.file.pending.is_empty() {
            self.inner.apply_pending(vmid).await?;
        }
        let ct = self.get(vmid)?;
        let (storages, script) = (&self.inner.storages, ct.config.hookscript.as_deref());
        hook::run(storages, progress, vmid, script, Phase::PreStart).await?;
        let running = match self.inner.launch(progress, vmid).await {
            Ok(running) => running,
            Err(err) => {
                hook::attend(storages, progress, vmid, script, Phase::PostStop).await;
                return Err(err);
            }
        };
        hook::note_start(&self.inner.started(vmid)).map_err(CtError::io("unable to note the start"))?;
        self.adopt(vmid, running);
        hook::attend(storages, progress, vmid, script, Phase::PostStart).await;
        Ok(())
    }
}

impl Inner {
    async fn launch(&self, progress: &dyn Progress, vmid: Vmid) -> Result<Running, CtError> {
        let ct = self.get(vmid)?;
        let plan = self.plan(vmid, &ct).await?;
        plan.warnings.iter().for_each(|warning| progress.warn(warning));
        if ct.config.is_unprivileged() && wants_quota(&ct.config) {
            progress.warn("quota: only privileged containers can have quotas inside");
        }
        if plan.map.is_some() {
            reserve_ids()?;
            host::subid::check("/etc".as_ref(), |users, groups| idmap::check_given(&plan.ids, users, groups))
                .map_err(CtError::Plan)?;
        }
        let figures = lxcfs::state().await;
        match figures {
            lxcfs::State::Silent => progress.warn(
                "lxcfs does not answer: the container sees the host's memory and processors instead of its limits; \
                 start lxcfs anew, then the container",
            ),
            lxcfs::State::Idle => {
                progress.log("lxcfs does not run: the container sees the host's memory and processors")
            }
            lxcfs::State::Absent | lxcfs::State::Serving => {}
        }
        let said = Arc::new(Mutex::new(Vec::new()));
        let (config, facts, heard) = (ct.config.clone(), self.setup_facts(), said.clone());
        let start = Start {
            vmid: vmid.get(),
            config: plan.config,
            seccomp: Some(plan.seccomp),
            rootfs: self.root_volume(&ct.config).await?,
            mount_options: root_options(&ct.config),
            points: self.points(&ct.config, &plan.ids, false).await?,
            map: plan.map,
            devices: plan.devices,
            debug: ct.config.debug == Some(true),
            without_lxcfs: figures == lxcfs::State::Silent,
            log: self.paths.lxc_log(vmid),
            setup: Box::new(move |root| {
                let warnings = setup::set_up(root, &config, &facts, None)?;
                application::write_script(root, config.entrypoint.as_deref())?;
                heard.lock().unwrap_or_else(PoisonError::into_inner).extend(warnings);
                Ok(())
            }),
        };
        let running = self.lxc.start(&self.cgroups, start).await?;
        said.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(|warning| progress.warn(warning));
        if let Err(err) = tap::attach(&careful_ends(vmid, &ct.config)).await {
            // Without its VLAN or its limit it must not go on.
            if let Err(err) = self.lxc.kill(&self.cgroups, vmid.get()).await {
                progress.warn(&format!("the container could not be ended: {err}"));
            }
            return Err(CtError::Plan(err.to_string()));
        }
        self.unplug(progress, vmid, &ct.config).await;
        Ok(running)
    }

    /// LXC's configuration for a container on this host.
    pub(crate) async fn plan(&self, vmid: Vmid, ct: &Ct) -> Result<Plan, CtError> {
        let host = self.host().await?;
        let online = host::lxc::online_cpus();
        let cpus = ct.config.cores.and_then(|cores| choose_cpus(&online, cores, &self.used_cpus()));
        let found = Found { cpus, devices: check::devices(&ct.config)? };
        let made = plan::plan(vmid.get(), &ct.config, &ct.file.main.raw, host, &found, host::lxc::link_mtu);
        made.map_err(CtError::Plan)
    }

    pub(crate) fn setup_facts(&self) -> Facts {
        let (nameservers, search) = host::lxc::resolver("/etc".as_ref());
        Facts { nameservers, search, timezone: Some(host::clock::timezone("/etc".as_ref())), uuid: None }
    }

    /// Where the root file system is.
    pub(crate) async fn root_volume(&self, config: &CtConfig) -> Result<Volume, CtError> {
        let root = config.rootfs.as_ref().ok_or_else(|| CtError::parameter("rootfs", "the container has none"))?;
        let id = root.volume.parse::<VolumeId>().map_err(|message| CtError::Parameter {
            name: "rootfs".into(),
            message: format!("{message}: only volumes of storages are supported by this version"),
        })?;
        self.located(&id).await
    }

    /// Switches off the interfaces whose cable shall be unplugged.
    async fn unplug(&self, progress: &dyn Progress, vmid: Vmid, config: &CtConfig) {
        for (index, _) in config.net.iter().filter(|(_, net)| net.link_down == Some(true)) {
            if let Err(err) = set_link(&veth(vmid.get(), *index), false).await {
                progress.warn(&format!("net{index}: {err}"));
            }
        }
    }
}

/// The host's end of an interface with the VLANs and the limit that it shall have.
pub(crate) fn end(vmid: Vmid, index: u32, net: &NetDevice) -> Option<Tap> {
    Some(Tap {
        name: veth(vmid.get(), index),
        bridge: net.bridge.clone()?,
        multiqueue: false,
        tag: net.tag,
        trunks: net.trunks.iter().flat_map(|trunks| trunks.split(';')).map(str::to_owned).collect(),
        rate: net.rate.filter(|rate| *rate > 0.0),
    })
}

/// The ends that LXC does not hang on their bridges.
fn careful_ends(vmid: Vmid, config: &CtConfig) -> Vec<Tap> {
    config.net.iter().filter(|(_, net)| net.needs_care()).filter_map(|(index, net)| end(vmid, *index, net)).collect()
}

/// LXC looks at the machine's own files, whatever our root is.
pub(crate) fn reserve_ids() -> Result<(), CtError> {
    host::subid::reserve("/etc".as_ref()).map_err(CtError::io("unable to reserve user ids in /etc/subuid"))
}

/// Plugs the host's end of an interface in or out.
pub(crate) async fn set_link(name: &str, up: bool) -> Result<(), String> {
    let name = name.parse()?;
    let batch = host::net::Batch::new();
    let batch = if up { batch.up(&name) } else { batch.down(&name) };
    batch.apply().await.map_err(|err| err.to_string())
}

fn wants_quota(config: &CtConfig) -> bool {
    config.rootfs.as_ref().is_some_and(|root| root.quota == Some(true))
        || config.mp.values().any(|point| point.quota == Some(true))
}

fn root_options(config: &CtConfig) -> Vec<String> {
    let Some(root) = config.rootfs.as_ref() else { return Vec::new() };
    let RootFs { acl, ro, mountoptions, quota, .. } = &root.0;
    let mut options: Vec<String> = mountoptions
        .iter()
        .flat_map(|list| list.split(';'))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    if let Some(acl) = acl {
        options.push(if *acl { "acl" } else { "noacl" }.to_owned());
    }
    if points::quota(*quota, config) {
        options.extend(points::QUOTA.map(str::to_owned));
    }
    if *ro == Some(true) {
        options.push("ro".to_owned());
    }
    options
}
