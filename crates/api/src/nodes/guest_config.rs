//! What configurations of VMs and containers have in common.

use schema::{Kind, Params};
use serde_json::Value;

/// A value of a guest's option in the JSON type that the option has.
pub(crate) fn typed<P: Params>(key: &str, value: &str) -> Value {
    let text = || Value::from(value);
    match P::SPEC.find(key).map(|option| option.kind) {
        Some(Kind::Int(..) | Kind::Bool) => value.parse::<i64>().map_or_else(|_| text(), Value::from),
        Some(Kind::Num(..)) => value.parse::<f64>().map_or_else(|_| text(), Value::from),
        _ => text(),
    }
}
