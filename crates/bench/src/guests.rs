//! Many guests, written straight into the store of a node that is not running.

use std::io;
use std::path::Path;

use store::Store;

use crate::node::NAME;

/// Lowest ID of the guests made here.
pub(crate) const FIRST: u32 = 100;

/// Brings the number of stopped VMs to `number`.
pub(crate) async fn seed(root: &Path, from: u32, number: u32) -> io::Result<()> {
    let paths = host::paths::Paths::new(root).map_err(io::Error::other)?;
    let store = store::sqlite::SqliteStore::open(&paths.store_db()).await.map_err(io::Error::other)?;
    let mut txn = store::Txn::new();
    for vmid in FIRST + from..FIRST + number {
        txn = txn.put(format!("nodes/{NAME}/qemu-server/{vmid}.conf"), configuration(vmid));
    }
    store.commit(txn).await.map_err(io::Error::other)?;
    Ok(())
}

/// An ordinary configuration.
fn configuration(vmid: u32) -> String {
    let [_, a, b, c] = vmid.to_be_bytes();
    format!(
        "agent: 1\nboot: order=scsi0;net0\ncores: 2\ncpu: x86-64-v2-AES\nmemory: 2048\nname: web-{vmid}\n\
         net0: virtio=BC:24:11:{a:02X}:{b:02X}:{c:02X}\nnuma: 0\nostype: l26\n\
         scsi0: local:{vmid}/vm-{vmid}-disk-0.qcow2,iothread=1,size=32G\nscsihw: virtio-scsi-single\n\
         smbios1: uuid=5b1f0e52-9d3a-4c1e-8f00-{vmid:012}\nsockets: 1\ntags: web;bench\n"
    )
}
