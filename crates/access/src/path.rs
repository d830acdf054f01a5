//! Paths of access control: which exist, and their one spelling.

/// The path with one leading slash, single slashes and no trailing one; `None` if it holds other characters than
/// letters, digits and `/._-`.
pub fn normalize(path: &str) -> Option<String> {
    if !path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b)) {
        return None;
    }
    let joined = segments(path).fold(String::with_capacity(path.len() + 1), |mut joined, segment| {
        joined.push('/');
        joined.push_str(segment);
        joined
    });
    Some(if joined.is_empty() { "/".to_owned() } else { joined })
}

/// The names between the slashes; the root has none.
pub fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// Is this a path that rights can be given on? The path must be normalized.
pub fn exists(path: &str) -> bool {
    let parts: Vec<&str> = segments(path).collect();
    match parts.as_slice() {
        [] | ["access"] | ["access", "groups" | "realm"] => true,
        ["access", "groups" | "realm", name] => is_name(name),
        ["mapping"] | ["nodes"] | ["pool"] | ["sdn"] | ["storage"] | ["vms"] => true,
        ["mapping", kind] => is_name(kind),
        ["mapping", kind, id] => is_name(kind) && is_name(id),
        ["nodes" | "storage", name] => is_name(name),
        ["pool", levels @ ..] => levels.len() <= 3 && levels.iter().all(|level| is_name(level)),
        ["sdn", rest @ ..] => sdn_exists(rest),
        ["vms", id] => is_guest(id),
        _ => false,
    }
}

fn sdn_exists(parts: &[&str]) -> bool {
    match parts {
        ["controllers" | "dns" | "fabrics" | "ipams" | "prefix-lists" | "route-maps" | "zones"] => true,
        ["controllers", id] => id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'),
        ["dns" | "fabrics" | "ipams" | "prefix-lists" | "route-maps", id] => {
            id.bytes().all(|b| b.is_ascii_alphanumeric())
        }
        ["zones", zone] => is_name(zone),
        ["zones", zone, net] => is_name(zone) && is_name(net),
        ["zones", zone, net, vlan] => is_name(zone) && is_name(net) && is_vlan(vlan),
        _ => false,
    }
}

fn is_name(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

fn is_guest(text: &str) -> bool {
    text.len() >= 3 && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_vlan(text: &str) -> bool {
    text.len() <= 4 && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_path_agree() {
        for (text, path) in [("", "/"), ("/", "/"), ("//", "/"), ("vms/100/", "/vms/100"), ("//vms///100", "/vms/100")]
        {
            assert_eq!(normalize(text).as_deref(), Some(path), "{text}");
        }
        assert_eq!(normalize("/vms/1 00"), None);
        assert_eq!(normalize("/vms/\u{e4}"), None);
    }

    #[test]
    fn rights_are_given_on_known_paths_only() {
        for path in ["/", "/access/groups/a.b", "/pool/a/b/c", "/sdn/zones/z/vmbr0/20", "/vms/100", "/mapping/pci/x"] {
            assert!(exists(path), "{path}");
        }
        for path in ["/users", "/pool/a/b/c/d", "/vms/0100", "/vms/99", "/vms/x", "/sdn/zones/z/n/0", "/sdn/dns/a-b"] {
            assert!(!exists(path), "{path}");
        }
    }

    proptest! {
        #[test]
        fn normalizing_twice_changes_nothing(text in "[a-z0-9/._-]{0,30}") {
            let once = normalize(&text).unwrap();
            prop_assert_eq!(normalize(&once), Some(once.clone()));
        }
    }
}
