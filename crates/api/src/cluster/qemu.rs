//! `/cluster/qemu`: processor models of the cluster's own, and flags that nodes have.

use access::{Access, Check};
use guest::qemu::{
    config::device::Cpu,
    cpu_flags,
    cpu_models::{self, ModelChange, ModelError, NewModel},
};
use schema::{ApiError, NoParams, Params};
use serde_json::{Map, Value};

use crate::endpoints;
use crate::engine::{Call, Subdir, Target};
use crate::nodes::capabilities::{Accel, Arch, Flag};

endpoints! {
    /// Lists what concerns the virtual machines of all nodes.
    GET "/cluster/qemu" => index, name = "index", Access::User, Target::Any;
    /// Lists processor flags with the nodes that have them.
    GET "/cluster/qemu/cpu-flags" => flags, name = "index",
        Access::or(&[
            Check::perm("/nodes", &["Sys.Audit"]),
            Check::any("/mapping/cpu", &["Mapping.Audit", "Mapping.Use", "Mapping.Modify"]),
        ]), Target::Any;
    /// Lists the processor models of the cluster's own that the caller may see.
    GET "/cluster/qemu/custom-cpu-models" => list, name = "config", Access::User, Target::Any;
    /// Adds a processor model.
    POST "/cluster/qemu/custom-cpu-models" => create, name = "create",
        Access::perm("/mapping/cpu", &["Mapping.Modify"]), Target::Any;
    /// Shows a processor model.
    GET "/cluster/qemu/custom-cpu-models/{cputype}" => read, name = "info",
        Access::or(&[
            Check::perm("/mapping/cpu/{cputype}", &["Mapping.Audit"]),
            Check::perm("/mapping/cpu/{cputype}", &["Mapping.Use"]),
            Check::perm("/mapping/cpu/{cputype}", &["Mapping.Modify"]),
        ]), Target::Any;
    /// Changes a processor model. Virtual machines that run keep what they have.
    PUT "/cluster/qemu/custom-cpu-models/{cputype}" => update, name = "update",
        Access::perm("/mapping/cpu/{cputype}", &["Mapping.Modify"]), Target::Any;
    /// Removes a processor model. Virtual machines that name it do not start any more.
    DELETE "/cluster/qemu/custom-cpu-models/{cputype}" => remove, name = "delete",
        Access::perm("/mapping/cpu/{cputype}", &["Mapping.Modify"]), Target::Any;
}

/// Any of these lets a user see a model.
const SEE: [&str; 3] = ["Mapping.Audit", "Mapping.Use", "Mapping.Modify"];

async fn index(call: Call, _: NoParams) -> Result<Vec<Subdir>, ApiError> {
    Ok(call.listing())
}

#[derive(Params)]
struct OfKind {
    /// How guests are run.
    #[param(default = "kvm")]
    accel: Option<Accel>,
    /// Architecture of the guest.
    arch: Option<Arch>,
}

async fn flags(call: Call, p: OfKind) -> Result<Vec<Flag>, ApiError> {
    let node = call.node.name.to_string();
    Ok(Flag::list(p.accel, p.arch, &cpu_flags::of_host(), Some(&node)))
}

fn text(call: &Call) -> String {
    call.node.store.tree().text(cpu_models::KEY).unwrap_or_default().to_owned()
}

fn shown(name: &str, model: &Cpu, digest: &str) -> Map<String, Value> {
    let pairs = schema::config::pairs(model).into_iter();
    let mut map: Map<String, Value> = pairs.map(|(key, value)| typed(key, value)).collect();
    map.insert("cputype".to_owned(), format!("{}{name}", cpu_models::PREFIX).into());
    map.insert("digest".to_owned(), digest.into());
    map
}

/// A value with the type that the interface tells.
fn typed(key: String, value: String) -> (String, Value) {
    let number = matches!(key.as_str(), "level" | "guest-phys-bits" | "hidden");
    let value = value.parse::<u64>().ok().filter(|_| number).map_or(Value::from(value), Value::from);
    (key, value)
}

async fn list(call: Call, _: NoParams) -> Result<Vec<Map<String, Value>>, ApiError> {
    let digest = schema::digest(&text(&call));
    let models = cpu_models::of(&call.node.store.tree());
    let visible = models.iter().filter(|(name, _)| call.may_any(&format!("/mapping/cpu/{name}"), &SEE));
    Ok(visible.map(|(name, model)| shown(name, model, &digest)).collect())
}

#[derive(Params)]
struct One {
    /// Its name, with or without `custom-`.
    cputype: String,
}

async fn read(call: Call, p: One) -> Result<Map<String, Value>, ApiError> {
    let name = cpu_models::bare(&p.cputype).map_err(refused)?;
    let models = cpu_models::of(&call.node.store.tree());
    let model = models.get(name).ok_or_else(|| refused(ModelError::Missing(name.to_owned())))?;
    Ok(shown(name, model, &schema::digest(&text(&call))))
}

fn refused(error: ModelError) -> ApiError {
    match error {
        ModelError::Name(_) => ApiError::param("cputype", error.to_string()),
        other => ApiError::internal(other.to_string()),
    }
}

async fn edit(call: &Call, change: impl Fn(&str) -> Result<String, ModelError>) -> Result<(), ApiError> {
    let edited = store::edit(&*call.node.store, cpu_models::KEY, |entry| {
        change(entry.map_or("", |entry| &*entry.text)).map(|text| Some(text).filter(|text| !text.trim().is_empty()))
    });
    edited.await.map(drop).map_err(refused)
}

async fn create(call: Call, p: NewModel) -> Result<(), ApiError> {
    edit(&call, |text| cpu_models::create(text, &p.cputype, &p.pairs())).await
}

async fn update(call: Call, p: ModelChange) -> Result<(), ApiError> {
    edit(&call, |text| {
        if p.digest.as_ref().is_some_and(|digest| *digest != schema::digest(text)) {
            return Err(ModelError::Digest);
        }
        cpu_models::update(text, &p.cputype, &p.pairs(), &p.delete)
    })
    .await
}

async fn remove(call: Call, p: One) -> Result<(), ApiError> {
    edit(&call, |text| cpu_models::remove(text, &p.cputype)).await
}
