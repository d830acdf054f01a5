//! Series of figures of nodes, guests and storages.

use access::Access;
use schema::{ApiError, Choice, NodeName, Params, StorageId, Vmid};
use serde_json::{Map, Value};
use stats::{Consolidation, Point, Timeframe, series};
use store::guests::{self, GuestKind};

use crate::endpoints;
use crate::engine::{Call, Target};
use crate::node::Node;

endpoints! {
    /// Reads the series of a node.
    GET "/nodes/{node}/rrddata" => node, name = "rrddata", Access::perm("/nodes/{node}", &["Sys.Audit"]), Target::Node;
    /// Reads the series of a virtual machine.
    GET "/nodes/{node}/qemu/{vmid}/rrddata" => vm, name = "rrddata",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
    /// Reads the series of a container.
    GET "/nodes/{node}/lxc/{vmid}/rrddata" => container, name = "rrddata",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
    /// Reads the series of a storage.
    GET "/nodes/{node}/storage/{storage}/rrddata" => storage, name = "rrddata",
        Access::any("/storage/{storage}", &["Datastore.Audit", "Datastore.AllocateSpace"]), Target::Node;
}

/// How several values become one.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    /// Their mean.
    #[choice("AVERAGE")]
    Average,
    /// The largest.
    #[choice("MAX")]
    Max,
}

/// How far back to look.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    /// 60 rows of a minute.
    Hour,
    /// 1440 rows of a minute.
    Day,
    /// 336 rows of half an hour.
    Week,
    /// 1440 rows of half an hour.
    Month,
    /// 1440 rows of six hours.
    Year,
}

/// How far back to look at a node.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum NodeFrame {
    /// 60 rows of a minute.
    Hour,
    /// 1440 rows of a minute.
    Day,
    /// 336 rows of half an hour.
    Week,
    /// 1440 rows of half an hour.
    Month,
    /// 1440 rows of six hours.
    Year,
    /// 570 rows of a week.
    Decade,
}

impl From<Frame> for Timeframe {
    fn from(frame: Frame) -> Self {
        match frame {
            Frame::Hour => Self::Hour,
            Frame::Day => Self::Day,
            Frame::Week => Self::Week,
            Frame::Month => Self::Month,
            Frame::Year => Self::Year,
        }
    }
}

impl From<NodeFrame> for Timeframe {
    fn from(frame: NodeFrame) -> Self {
        match frame {
            NodeFrame::Hour => Self::Hour,
            NodeFrame::Day => Self::Day,
            NodeFrame::Week => Self::Week,
            NodeFrame::Month => Self::Month,
            NodeFrame::Year => Self::Year,
            NodeFrame::Decade => Self::Decade,
        }
    }
}

#[derive(Params, Clone, Debug)]
struct OfNode {
    /// Name of the node.
    node: NodeName,
    /// How far back to look.
    timeframe: NodeFrame,
    /// How several values become one; their mean when not given.
    cf: Option<Function>,
}

#[derive(Params, Clone, Debug)]
struct OfGuest {
    /// Name of the node.
    node: NodeName,
    /// ID of the guest.
    vmid: Vmid,
    /// How far back to look.
    timeframe: Frame,
    /// How several values become one; their mean when not given.
    cf: Option<Function>,
}

#[derive(Params, Clone, Debug)]
struct OfStorage {
    /// Name of the node.
    node: NodeName,
    /// Name of the storage.
    storage: StorageId,
    /// How far back to look.
    timeframe: Frame,
    /// How several values become one; their mean when not given.
    cf: Option<Function>,
}

type Rows = Vec<Map<String, Value>>;

async fn node(call: Call, p: OfNode) -> Result<Rows, ApiError> {
    check_node(&call.node, &p.node)?;
    read(&call, format!("node/{}", p.node), &series::NODE, p.timeframe.into(), p.cf).await
}

async fn vm(call: Call, p: OfGuest) -> Result<Rows, ApiError> {
    guest(&call, p, GuestKind::Qemu).await
}

async fn container(call: Call, p: OfGuest) -> Result<Rows, ApiError> {
    guest(&call, p, GuestKind::Lxc).await
}

async fn guest(call: &Call, p: OfGuest, kind: GuestKind) -> Result<Rows, ApiError> {
    let place = guests::find_guest(&call.node.store.tree(), p.vmid);
    if place.is_none_or(|place| place != (p.node.clone(), kind)) {
        let key = guests::guest_key(&p.node, kind, p.vmid);
        return Err(ApiError::internal(format!("Configuration file '{key}' does not exist")));
    }
    read(call, format!("vm/{}", p.vmid), &series::GUEST, p.timeframe.into(), p.cf).await
}

async fn storage(call: Call, p: OfStorage) -> Result<Rows, ApiError> {
    let snapshot = call.node.stats.snapshot();
    if snapshot.tick > 0 && !snapshot.storages.iter().any(|storage| storage.storage == p.storage.as_str()) {
        return Err(ApiError::internal(format!("storage '{}' does not exist", p.storage)));
    }
    read(&call, format!("storage/{}/{}", p.node, p.storage), &series::STORAGE, p.timeframe.into(), p.cf).await
}

fn check_node(here: &Node, name: &NodeName) -> Result<(), ApiError> {
    if *name == here.name { Ok(()) } else { Err(ApiError::internal(format!("no such cluster node '{name}'"))) }
}

/// Reads on a thread that may wait for the disk.
async fn read(
    call: &Call,
    object: String,
    columns: &'static [&'static str],
    timeframe: Timeframe,
    function: Option<Function>,
) -> Result<Rows, ApiError> {
    let stats = std::sync::Arc::clone(&call.node.stats);
    let consolidation = match function {
        Some(Function::Max) => Consolidation::Max,
        Some(Function::Average) | None => Consolidation::Average,
    };
    let now = host::clock::now();
    let points = tokio::task::spawn_blocking(move || stats.rrd().read(&object, timeframe, consolidation, now));
    let points = points.await.map_err(|error| ApiError::internal(error.to_string()))?;
    let points = points.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(points.into_iter().map(|point| row(point, columns)).collect())
}

/// A row: its time, and the columns that have a value.
fn row(point: Point, columns: &[&str]) -> Map<String, Value> {
    let time = ("time".to_owned(), Value::from(point.time));
    let values = columns.iter().zip(point.values);
    let values = values.filter_map(|(column, value)| Some(((*column).to_owned(), Value::from(value?))));
    std::iter::once(time).chain(values).collect()
}
