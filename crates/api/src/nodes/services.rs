//! `/nodes/{node}/services`: what runs on a node besides guests.

use access::Access;
use host::systemd::{self, Unit};
use schema::{ApiError, Choice, NodeName, Params, Reply};

use super::list::OfNode;
use crate::endpoints;
use crate::engine::{Call, Subdir, Target};

/// Who may look.
const AUDIT: Access = Access::perm("/nodes/{node}", &["Sys.Audit"]);

endpoints! {
    /// Lists the services of a node and how they are.
    GET "/nodes/{node}/services" => list, name = "index", AUDIT, Target::Node;
    /// Lists what there is below a service.
    GET "/nodes/{node}/services/{service}" => index, name = "srvcmdidx", AUDIT, Target::Any;
    /// Shows how a service is.
    GET "/nodes/{node}/services/{service}/state" => state, name = "service_state", AUDIT, Target::Node;
}

/// Services that clients know by name.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // names
enum Service {
    Chrony,
    Corosync,
    Cron,
    Ksmtuned,
    Lxcfs,
    Postfix,
    ProxmoxFirewall,
    PveCluster,
    PveFirewall,
    PveHaCrm,
    PveHaLrm,
    PveLxcSyscalld,
    Pvedaemon,
    PvefwLogger,
    Pveproxy,
    Pvescheduler,
    Pvestatd,
    Qmeventd,
    Spiceproxy,
    Sshd,
    Syslog,
    SystemdJournald,
    SystemdTimesyncd,
}

/// Those that a node of ours has, with their unit. The names that clients know stand for what does the same here.
const UNITS: &[(Service, &str)] = &[
    (Service::Chrony, "chrony"),
    (Service::Cron, "cron"),
    (Service::Ksmtuned, "ksmtuned"),
    (Service::Lxcfs, "lxcfs"),
    (Service::Postfix, "postfix"),
    (Service::Pvedaemon, "pleiad-daemon"),
    (Service::Pveproxy, "pleiad-proxy"),
    (Service::Sshd, "ssh"),
    (Service::Syslog, "rsyslog"),
    (Service::SystemdJournald, "systemd-journald"),
    (Service::SystemdTimesyncd, "systemd-timesyncd"),
];

/// A service and how it is.
#[derive(Reply, Clone, Debug)]
struct Listed {
    /// Its name for clients.
    service: &'static str,
    /// The name of its unit.
    name: &'static str,
    /// What it is for.
    desc: String,
    /// `running`, `dead`, …; `unknown` where there is no systemd to ask.
    state: String,
    /// `active`, `inactive`, `failed`, …
    #[reply(name = "active-state")]
    active_state: String,
    /// `enabled`, `disabled`, `not-found`, …
    #[reply(name = "unit-state")]
    unit_state: String,
}

fn row((service, name): (Service, &'static str), unit: Option<&Unit>) -> Listed {
    let text = |field: fn(&Unit) -> &String| {
        let known = unit.map(field).filter(|text| !text.is_empty());
        known.cloned().unwrap_or_else(|| "unknown".to_owned())
    };
    let desc = unit.map_or_else(
        || format!("{name} (there is no systemd on this node that knows how it is)"),
        |unit| unit.description.clone(),
    );
    Listed {
        service: service.as_str(),
        name,
        desc,
        state: text(|unit| &unit.state),
        active_state: text(|unit| &unit.active),
        unit_state: text(|unit| &unit.file),
    }
}

async fn rows(wanted: &[(Service, &'static str)]) -> Result<Vec<Listed>, ApiError> {
    if !systemd::rules() {
        return Ok(wanted.iter().map(|one| row(*one, None)).collect());
    }
    let names: Vec<String> = wanted.iter().map(|(_, name)| format!("{name}.service")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let units = systemd::units(&names).await.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(wanted.iter().zip(&units).map(|(one, unit)| row(*one, Some(unit))).collect())
}

async fn list(_: Call, _: OfNode) -> Result<Vec<Listed>, ApiError> {
    rows(UNITS).await
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct OfService {
    /// Name of the node.
    node: NodeName,
    /// Name of the service.
    service: Service,
}

async fn index(call: Call, _: OfService) -> Result<Vec<Subdir>, ApiError> {
    Ok(call.listing())
}

async fn state(_: Call, p: OfService) -> Result<Listed, ApiError> {
    let name = p.service.as_str();
    let one = UNITS.iter().find(|(service, _)| *service == p.service).copied();
    let one = one.ok_or_else(|| ApiError::param("service", format!("this node has no service '{name}'")))?;
    let mut rows = rows(&[one]).await?;
    rows.pop().ok_or_else(|| ApiError::internal(format!("systemd does not know '{name}'")))
}
