//! The block graph of a running VM below its drives' limits.
//!
//! A drive begins with `drive-ID` (its limits), then `format-ID` and `file-ID`. An image that took the place of another
//! one while the VM ran is told from it by eight letters that follow: `format-ID-xxxxxxxx`.

use serde_json::{Value, json};

use crate::qemu::{
    error::VmError,
    running::{COMMAND, Running},
};

/// Letters that tell an image from the one that the drive began with; the files of a chain have a short number there.
const TAG: usize = 8;

/// The node of an image that a drive stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// Its name.
    pub(crate) name: String,
    /// What the guest sees, bytes.
    pub(crate) size: u64,
}

/// The names of the nodes of a volume that takes the place of a drive's image: format and file.
pub(crate) fn names(drive: &str, volume: &str) -> (String, String) {
    // Names of nodes may have 31 letters; the volume's own would not fit.
    let tag = &schema::digest(volume)[..TAG];
    (format!("format-{drive}-{tag}"), format!("file-{drive}-{tag}"))
}

/// Whether a node is the format of an image of that drive.
fn is_format_of(name: &str, drive: &str) -> bool {
    let rest = name.strip_prefix("format-").and_then(|rest| rest.strip_prefix(drive));
    let tag = |rest: &str| rest.strip_prefix('-').is_some_and(|tag| tag.len() == TAG);
    rest.is_some_and(|rest| rest.is_empty() || tag(rest))
}

fn select(nodes: &Value, drive: &str) -> Vec<Node> {
    let named = nodes.as_array().into_iter().flatten().filter_map(|node| {
        let name = node["node-name"].as_str().filter(|name| is_format_of(name, drive))?;
        Some(Node { name: name.to_owned(), size: node["image"]["virtual-size"].as_u64().unwrap_or(0) })
    });
    named.collect()
}

/// The images of a drive: one, but while it is copied.
pub(crate) async fn images(running: &Running, drive: &str) -> Result<Vec<Node>, VmError> {
    let nodes = running.call("query-named-block-nodes", json!({ "flat": true }), COMMAND).await?;
    Ok(select(&nodes, drive))
}

/// Renames the nodes of an image's graph, and lets it take zeroes as holes: what the guest discards is decided above.
pub(crate) fn adapt(mut graph: Value, (format, file): &(String, String)) -> Value {
    graph["node-name"] = format.as_str().into();
    graph["discard"] = "unmap".into();
    graph["file"]["node-name"] = file.as_str().into();
    graph["file"]["discard"] = "unmap".into();
    graph
}

/// Closes an image that no drive stands on any more; no error if QEMU has done so by itself.
pub(crate) async fn close(running: &Running, node: &str) -> Result<(), VmError> {
    match running.call("blockdev-del", json!({ "node-name": node }), COMMAND).await {
        Err(VmError::Qmp { source: host::qmp::QmpError::Refused { message, .. }, .. })
            if message.contains("Failed to find") || message.contains("not find") =>
        {
            Ok(())
        }
        done => done.map(|_| ()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_images_of_a_drive_are_told_from_those_of_others() {
        let node = |name: &str| json!({ "node-name": name, "image": { "virtual-size": 7 } });
        let (format, file) = names("virtio15", "a-rather-long-storage-name:100/vm-100-disk-1000.qcow2");
        assert!(format.len() <= 31 && file.len() <= 31, "{format} {file}");
        let nodes = json!([
            node("drive-scsi1"),
            node("format-scsi1"),
            node("file-scsi1"),
            node("format-scsi10"),
            node("format-scsi1-2"),
            node(&names("scsi1", "x").0),
            node(&format),
        ]);
        let found: Vec<String> = select(&nodes, "scsi1").into_iter().map(|node| node.name).collect();
        assert_eq!(found, ["format-scsi1".to_owned(), names("scsi1", "x").0]);
    }

    #[test]
    fn a_graph_gets_names_of_its_own() {
        let graph = json!({ "driver": "raw", "node-name": "format-a", "discard": "ignore",
            "file": { "driver": "file", "node-name": "file-a", "discard": "ignore", "filename": "/x" } });
        let adapted = adapt(graph, &("f1".into(), "f2".into()));
        assert_eq!((&adapted["node-name"], &adapted["file"]["node-name"]), (&json!("f1"), &json!("f2")));
        assert_eq!((&adapted["discard"], &adapted["file"]["filename"]), (&json!("unmap"), &json!("/x")));
    }
}
