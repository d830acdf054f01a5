//! The steps of making, removing and going back to a snapshot, the same for VMs and containers. What they need of the
//! guest and its storages is an [`Edge`].
//!
//! ```text
//!   create:   lock, section "prepare" ──► memory and volumes ──► section complete, unlock
//!   delete:   lock, section "delete"  ──► memory, volumes    ──► section gone, unlock
//!   rollback: stop, lock ──► volumes ──► configuration replaced, unlock ──► go on from the memory
//! ```

use std::future::Future;

use super::{Attached, Memory, Refusal, SnapshotWish};
use crate::config_file::{GuestFile, Section};

/// What the steps need of one guest and its storages.
pub trait Edge: Sync {
    /// Why something was not done.
    type Error: From<Refusal> + Send;

    /// The guest's file as it is now.
    ///
    /// # Errors
    /// When there is no such guest.
    fn file(&self) -> Result<GuestFile, Self::Error>;

    /// Changes the guest's file; nothing is written when `change` refuses.
    fn edit(
        &self,
        change: impl Fn(&mut GuestFile) -> Result<(), Refusal> + Send + Sync,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Makes sure that the storages of volumes can be reached.
    fn activate(&self, volumes: &[Attached]) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Refuses volumes that cannot have a snapshot, or have one of this name of which the file knows nothing.
    fn check_new(&self, volumes: &[Attached], name: &str) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Makes room for the memory of a running guest; what the section is to say of it. Nothing where the guest is off.
    fn memory(&self, name: &str) -> impl Future<Output = Result<Memory, Self::Error>> + Send;

    /// Keeps all volumes (and the memory, where there is one) as of one moment.
    fn take(
        &self,
        volumes: &[Attached],
        name: &str,
        memory: &Memory,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Removes what a volume keeps of a snapshot; what is gone already is fine.
    fn drop_volume(&self, volume: &Attached, name: &str) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Removes a memory.
    fn drop_memory(&self, volume: &str) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Refuses when a volume cannot go back to a snapshot, because others came after it or it has none of that name.
    fn check_back(&self, volume: &Attached, name: &str) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Stops the guest if it runs.
    fn stop(&self) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Brings a volume back.
    fn back(&self, volume: &Attached, name: &str) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Replaces the guest's configuration by that of a snapshot, which [`super::apply`] knows to do; what must be new
    /// each time is the edge's.
    fn apply(&self, name: &str) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Lets the guest go on from a kept memory.
    fn go_on(&self, section: &Section, volume: &str) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Tells the user of an error that does not matter.
    fn warn(&self, error: Self::Error);
}

/// Keeps the state of a guest as of `now` (seconds since 1970). After an error [`abandon`] removes what was kept.
///
/// # Errors
/// As [`super::check_begin`], and when the edge refuses.
pub async fn create<E: Edge>(edge: &E, wish: &SnapshotWish, now: i64) -> Result<(), E::Error> {
    let memory = prepare(edge, wish, now).await?;
    let file = edge.file()?;
    let volumes = super::volumes(file.dialect, super::section(&file, &wish.name)?);
    edge.take(&volumes, &wish.name, &memory).await?;
    edge.edit(|file| super::commit(file, &wish.name)).await
}

/// The first part of [`create`]: everything before volumes are kept.
///
/// # Errors
/// As [`create`].
pub async fn prepare<E: Edge>(edge: &E, wish: &SnapshotWish, now: i64) -> Result<Memory, E::Error> {
    let file = edge.file()?;
    super::check_begin(&file, wish)?;
    let volumes = super::volumes(file.dialect, &file.main);
    edge.activate(&volumes).await?;
    edge.check_new(&volumes, &wish.name).await?;
    let memory = if wish.ram { edge.memory(&wish.name).await? } else { Memory::new() };
    edge.edit(|file| super::begin(file, wish, now, &memory)).await?;
    Ok(memory)
}

/// Removes what was kept of a snapshot that could not be made, and forgets it. One that was finished stays, only the
/// lock goes.
///
/// # Errors
/// When the edge refuses.
pub async fn abandon<E: Edge>(edge: &E, name: &str) -> Result<(), E::Error> {
    let file = edge.file()?;
    let section = file.snapshots.get(name).filter(|section| section.get("snapstate") == Some("prepare"));
    if let Some(section) = section {
        for volume in super::volumes(file.dialect, section) {
            edge.drop_volume(&volume, name).await?;
        }
        if let Some(memory) = section.get("vmstate") {
            edge.drop_memory(memory).await?;
        }
    }
    edge.edit(|file| {
        super::abandon(file, name);
        Ok(())
    })
    .await
}

/// Removes a snapshot. Cut off half-way, the file says what is left; `force` forgets it even if a volume refuses.
///
/// # Errors
/// As [`super::begin_delete`], and when the edge refuses.
pub async fn delete<E: Edge>(edge: &E, name: &str, force: bool) -> Result<(), E::Error> {
    let file = edge.file()?;
    let section = super::section(&file, name)?.clone();
    let volumes = super::volumes(file.dialect, &section);
    super::begin_delete(&mut file.clone(), name)?;
    edge.activate(&volumes).await?;
    edge.edit(|file| super::begin_delete(file, name)).await?;
    if let Some(memory) = section.get("vmstate") {
        settle(edge, name, "vmstate", edge.drop_memory(memory).await, force).await?;
    }
    for volume in &volumes {
        settle(edge, name, &volume.key, edge.drop_volume(volume, name).await, force).await?;
    }
    edge.edit(|file| {
        super::forget(file, name);
        Ok(())
    })
    .await
}

/// Notes what has been removed, or tells of it what `force` forgives.
async fn settle<E: Edge>(
    edge: &E,
    name: &str,
    key: &str,
    done: Result<(), E::Error>,
    force: bool,
) -> Result<(), E::Error> {
    match done {
        Err(error) if force => {
            edge.warn(error);
            Ok(())
        }
        Err(error) => Err(error),
        Ok(()) => {
            edge.edit(|file| {
                super::set_aside(file, name, key);
                Ok(())
            })
            .await
        }
    }
}

/// Brings a guest back to a kept state; a running one is stopped. One that was kept with its memory runs afterwards.
/// Cut off half-way, the guest stays locked as `rollback`, and this can be called again.
///
/// # Errors
/// As [`super::check_rollback`], and when the edge refuses.
pub async fn rollback<E: Edge>(edge: &E, name: &str) -> Result<(), E::Error> {
    let file = edge.file()?;
    super::check_rollback(&file, name)?;
    let section = super::section(&file, name)?.clone();
    let volumes = super::volumes(file.dialect, &section);
    edge.activate(&volumes).await?;
    for volume in &volumes {
        edge.check_back(volume, name).await?;
    }
    edge.stop().await?;
    edge.edit(|file| {
        super::check_rollback(file, name)?;
        file.main.set("lock", "rollback");
        Ok(())
    })
    .await?;
    for volume in &volumes {
        edge.back(volume, name).await?;
    }
    edge.apply(name).await?;
    match section.get("vmstate") {
        Some(memory) => edge.go_on(&section, memory).await,
        None => Ok(()),
    }
}
