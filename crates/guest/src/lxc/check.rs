//! What is wrong with options in a way that their types do not show: against each other, and against this host.

use std::{collections::BTreeMap, path::Path};

use host::device_node::Device;

use super::{
    config::CtConfig,
    error::CtError,
    plan::{DHCP_INSIDE, NO_MKNOD},
    points::{Kind, kind},
};

/// What the paths of `dev0` and so on stand for.
///
/// # Errors
/// On the first option whose path is missing, leads nowhere or to something else than a device.
pub(super) fn devices(config: &CtConfig) -> Result<BTreeMap<u32, Device>, CtError> {
    let mut found = BTreeMap::new();
    for (index, device) in &config.dev {
        let wrong = |why: String| CtError::parameter(&format!("dev{index}"), why);
        let path = device.path.as_deref().ok_or_else(|| wrong("Path is required when using dev entries".into()))?;
        found.insert(*index, Device::at(Path::new(path)).map_err(wrong)?);
    }
    Ok(found)
}

/// Checks options that somebody sets, `set`, in the light of all that the container will have, `all`.
///
/// # Errors
/// On the first option that cannot be.
pub(super) fn options(set: &CtConfig, all: &CtConfig) -> Result<(), CtError> {
    devices(set)?;
    volumes_apart(set, all)?;
    let mknod = set.features.as_ref().is_some_and(|features| features.mknod == Some(true));
    if mknod && all.is_unprivileged() {
        return Err(CtError::parameter("features", NO_MKNOD));
    }
    for (index, net) in &set.net {
        let wrong = |why: String| CtError::parameter(&format!("net{index}"), why);
        let dhcp = [&net.ip, &net.ip6].iter().any(|address| address.as_deref() == Some("dhcp"));
        if dhcp && net.host_managed == Some(true) {
            return Err(wrong(DHCP_INSIDE.into()));
        }
        if net.rate.is_some_and(|rate| rate < 0.0) {
            return Err(wrong("rate: a limit is not negative".into()));
        }
        for (other, twin) in all.net.iter().filter(|(other, _)| *other != index) {
            if twin.name == net.name {
                return Err(wrong(format!("net{other} is called '{}' inside already", net.name)));
            }
            if net.hwaddr.is_some() && same(&twin.hwaddr, &net.hwaddr) {
                return Err(wrong(format!("net{other} has this hardware address already")));
            }
        }
    }
    Ok(())
}

/// Refuses a volume that somebody sets as a mount point while another one, or the root file system, of `all` is the same:
/// two mounts of one image damage it.
///
/// # Errors
/// On the first such option.
pub(super) fn volumes_apart(set: &CtConfig, all: &CtConfig) -> Result<(), CtError> {
    let volume = |text: &str| match kind(text) {
        Ok(Kind::Volume(id)) => Some(id),
        _ => None,
    };
    for (index, point) in &set.mp {
        let Some(wanted) = volume(&point.volume) else { continue };
        let others = all.mp.iter().filter(|(other, _)| *other != index);
        let root = all.rootfs.iter().map(|root| ("rootfs".to_owned(), &root.volume));
        let mut others = root.chain(others.map(|(other, point)| (format!("mp{other}"), &point.volume)));
        if let Some((other, _)) = others.find(|(_, text)| volume(text).as_ref() == Some(&wanted)) {
            let why = format!("volume '{wanted}' is already used by '{other}'");
            return Err(CtError::parameter(&format!("mp{index}"), why));
        }
    }
    Ok(())
}

fn same(one: &Option<String>, other: &Option<String>) -> bool {
    one.as_deref().map(str::to_ascii_uppercase) == other.as_deref().map(str::to_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config_file::{Dialect, GuestFile};

    fn config(text: &str) -> CtConfig {
        CtConfig::read(&GuestFile::parse(Dialect::Lxc, text).main)
    }

    fn refusal(text: &str) -> String {
        options(&config(text), &config(text)).unwrap_err().to_string()
    }

    #[test]
    fn devices_are_there_or_refused() {
        assert_eq!(devices(&config("dev3: /dev/null\n")).unwrap()[&3].to_string(), "c 1:3");
        assert_eq!(refusal("dev0: /dev/absent\n"), "dev0: Device /dev/absent does not exist");
        assert_eq!(refusal("dev1: uid=3\n"), "dev1: Path is required when using dev entries");
    }

    #[test]
    fn a_volume_is_mounted_once() {
        let twice = "mp0: local:100/vm-100-disk-1.raw,mp=/a\nmp1: local:100/vm-100-disk-1.raw,mp=/b,ro=1\n";
        assert_eq!(refusal(twice), "mp0: volume 'local:100/vm-100-disk-1.raw' is already used by 'mp1'");
        let root = "rootfs: local:100/vm-100-disk-0.raw,size=1G\nmp3: local:100/vm-100-disk-0.raw,mp=/b\n";
        assert_eq!(refusal(root), "mp3: volume 'local:100/vm-100-disk-0.raw' is already used by 'rootfs'");
        let fine = config("mp0: local:1,mp=/a\nmp1: local:1,mp=/b\nmp2: /srv,mp=/c\nmp3: /srv,mp=/d\n");
        assert!(options(&fine, &fine).is_ok(), "new volumes are two, and directories may be shown twice");
    }

    #[test]
    fn options_that_exclude_each_other() {
        assert!(refusal("features: mknod=1\nunprivileged: 1\n").starts_with("features: mknod in unprivileged"));
        assert!(options(&config("features: mknod=1\n"), &config("features: mknod=1\n")).is_ok());
        assert!(refusal("net0: name=eth0,host-managed=1,ip=dhcp\n").contains("needs a client inside"));
        let net = "net0: name=eth0,hwaddr=BC:24:11:00:00:01\nnet1: name=eth1,hwaddr=bc:24:11:00:00:01\n";
        assert!(refusal(net).contains("hardware address already"));
        assert!(refusal("net0: name=eth0\nnet1: name=eth0\n").contains("called 'eth0' inside already"));
    }
}
