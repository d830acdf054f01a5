//! Figures in tables, as people read them: by the name of a member, which means the same everywhere in the interface.

use schema::render;
use serde_json::Value;

/// A value of this member as people read it; nothing if it is no figure of a kind that is known.
pub(super) fn shown(member: &str, value: &Value) -> Option<String> {
    // Texts (`size: 32G` in a configuration) say what they are.
    let figure = value.as_f64()?;
    Some(match member {
        "mem" | "memhost" | "maxmem" | "freemem" | "balloon" | "balloon_min" | "swap" | "maxswap" | "disk"
        | "maxdisk" | "diskread" | "diskwrite" | "netin" | "netout" | "total" | "used" | "avail" | "size" => {
            render::bytes(figure, 2)
        }
        "uptime" => render::duration(figure),
        "cpu" | "used_fraction" => render::fraction_as_percentage(figure, 2),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn figures_by_name() {
        let show = |member, value| shown(member, &value);
        assert_eq!(show("maxmem", json!(4_294_967_296_u64)).as_deref(), Some("4.00 GiB"));
        assert_eq!(show("uptime", json!(93_784)).as_deref(), Some("1d 2h 3m 4s"));
        assert_eq!(show("cpu", json!(0.0123)).as_deref(), Some("1.23%"));
        assert_eq!(show("size", json!("32G")), None);
        assert_eq!(show("vmid", json!(100)), None);
    }
}
