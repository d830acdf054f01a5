//! User data that is kept with a VM: text of its own, checked, instead of a file that somebody put on a storage.
//!
//! It lies among the snippets of a storage as `vm-ID-DIGEST.user-data.yaml`, and option `cicustom` names it: so the
//! configuration file means the same to others, and each state that a snapshot kept has its own text. What no
//! configuration names any more goes away.

use schema::{StorageId, Vmid};
use storage::{Content, VolumeId};

use super::check;
use crate::qemu::{
    config::passthrough::CiCustom,
    error::VmError,
    progress::Progress,
    update::Update,
    vms::{Inner, Vms},
};

/// How the names of such files end.
const ENDING: &str = ".user-data.yaml";

/// User data of a VM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserData {
    /// The volume with it.
    pub volume: String,
    /// It.
    pub text: String,
    /// What is odd about it.
    pub warnings: Vec<String>,
}

/// Whether a file among snippets is one that we keep for a VM.
fn is_kept(name: &str, vmid: Vmid) -> bool {
    let middle = name.strip_prefix(&format!("vm-{vmid}-")).and_then(|rest| rest.strip_suffix(ENDING));
    middle.is_some_and(|digest| digest.len() == 8 && digest.bytes().all(|c| c.is_ascii_hexdigit()))
}

fn kept_volume(volume: &str, vmid: Vmid) -> bool {
    volume.split_once(":snippets/").is_some_and(|(_, name)| is_kept(name, vmid))
}

impl Vms {
    /// The user data that is kept with a VM, if there is any.
    ///
    /// # Errors
    /// When there is no such VM on this node, or its storage cannot be read.
    pub async fn user_data(&self, vmid: Vmid) -> Result<Option<UserData>, VmError> {
        let vm = self.get(vmid)?;
        let named = vm.config.cicustom.as_deref().and_then(|custom| custom.user.clone());
        let Some(volume) = named.filter(|volume| kept_volume(volume, vmid)) else { return Ok(None) };
        let bytes = self.inner.snippet(&volume).await.map_err(VmError::Volume)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let warnings = check::user_data(&text).unwrap_or_else(|why| vec![why]);
        Ok(Some(UserData { volume, text, warnings }))
    }

    /// Where user data would be kept: where it is, else on the first storage for snippets.
    ///
    /// # Errors
    /// When there is no such storage.
    pub fn user_data_storage(&self, vmid: Vmid) -> Result<StorageId, VmError> {
        let vm = self.get(vmid)?;
        let named = vm.config.cicustom.as_deref().and_then(|custom| custom.user.clone());
        if let Some(id) = named.filter(|volume| kept_volume(volume, vmid)).and_then(|v| v.parse::<VolumeId>().ok()) {
            return Ok(id.storage);
        }
        let storages = &self.inner.storages;
        let configs = storages.configs();
        let mut usable = configs.iter().filter(|config| storages.usable_for(&config.id, Content::Snippets).is_ok());
        let first = usable.next().map(|config| config.id.clone());
        first.ok_or_else(|| VmError::parameter("storage", "no storage has content 'snippets' - add it to one"))
    }

    /// Keeps user data with a VM. Returns warnings about it.
    ///
    /// # Errors
    /// When it is wrong, the VM has user data from elsewhere, or the storage refuses. Nothing is changed then.
    pub async fn set_user_data(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        storage: &StorageId,
        text: &str,
    ) -> Result<Vec<String>, VmError> {
        let warnings = check::user_data(text).map_err(|why| VmError::parameter("user-data", why))?;
        let vm = self.get(vmid)?;
        let mut custom = vm.config.cicustom.as_deref().cloned().unwrap_or_else(nothing);
        if let Some(other) = custom.user.as_ref().filter(|volume| !kept_volume(volume, vmid)) {
            let why = format!("'cicustom' names user data already ('{other}') - remove that first");
            return Err(VmError::parameter("user-data", why));
        }
        let digest = schema::digest(text);
        let name = format!("vm-{vmid}-{}{ENDING}", &digest[..8]);
        let failed = |err: storage::StorageError| VmError::parameter("storage", err.to_string());
        let id = self.inner.storages.write_snippet(storage, &name, text.as_bytes()).await.map_err(failed)?;
        custom.user = Some(id.to_string());
        let set = vec![("cicustom".to_owned(), schema::property::print(&custom))];
        let changed = self.update(progress, vmid, Update { set, ..Update::default() }).await;
        self.inner.sweep_user_data(vmid).await;
        changed.map(|()| warnings)
    }

    /// Forgets the user data that is kept with a VM; no error if there is none.
    ///
    /// # Errors
    /// When the VM is locked.
    pub async fn remove_user_data(&self, progress: &dyn Progress, vmid: Vmid) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        let mut custom = vm.config.cicustom.as_deref().cloned().unwrap_or_else(nothing);
        if custom.user.as_ref().is_some_and(|volume| kept_volume(volume, vmid)) {
            custom.user = None;
            let left = schema::property::print(&custom);
            let update = match left.is_empty() {
                true => Update { delete: vec!["cicustom".to_owned()], ..Update::default() },
                false => Update { set: vec![("cicustom".to_owned(), left)], ..Update::default() },
            };
            self.update(progress, vmid, update).await?;
        }
        self.inner.sweep_user_data(vmid).await;
        Ok(())
    }
}

fn nothing() -> CiCustom {
    CiCustom { meta: None, network: None, user: None, vendor: None }
}

impl Inner {
    /// Removes user data kept for a VM that no guest's configuration names any more: neither its own, nor a copy's.
    pub(crate) async fn sweep_user_data(&self, vmid: Vmid) {
        let tree = self.store.tree();
        let named = |volume: &str| tree.prefix("nodes/").any(|(_, entry)| entry.text.contains(volume));
        for config in self.storages.configs().iter().filter(|config| config.holds(Content::Snippets)) {
            let Ok(entries) = self.storages.list(&config.id, Some(Content::Snippets), None).await else { continue };
            for volume in entries.into_iter().map(|entry| entry.volid).filter(|volume| kept_volume(volume, vmid)) {
                if !named(&volume)
                    && let Ok(id) = volume.parse()
                    && let Err(err) = self.storages.free(&id).await
                {
                    tracing::warn!("VM {vmid}: user data '{volume}' cannot be removed: {err}");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_ours_are_kept_ones() {
        let vmid = Vmid::new(100).unwrap();
        assert!(kept_volume("local:snippets/vm-100-0123abcd.user-data.yaml", vmid));
        for other in ["vm-101-0123abcd.user-data.yaml", "vm-100-web.user-data.yaml", "vm-100-0123abcd.yaml", "x"] {
            assert!(!kept_volume(&format!("local:snippets/{other}"), vmid), "{other}");
        }
        assert!(!kept_volume("local:import/vm-100-0123abcd.user-data.yaml", vmid));
    }
}
