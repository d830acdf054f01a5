//! Settings of the whole datacenter (`datacenter.cfg`) that guests follow.

use store::Tree;

/// The first bytes of hardware addresses that nobody chose.
const MAC_PREFIX: &str = "BC:24:11";

/// The value of an option in the text of `datacenter.cfg`.
#[must_use]
pub fn option<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    lines.filter(|(name, _)| name.trim_end() == key).map(|(_, value)| value.trim()).next_back()
}

/// The text of `datacenter.cfg`; empty where there is none.
#[must_use]
pub fn text(tree: &Tree) -> &str {
    tree.text("datacenter.cfg").unwrap_or_default()
}

/// A hardware address that nobody else has, most likely: begins as `mac_prefix` says in the text of `datacenter.cfg`.
///
/// # Errors
/// When the kernel has no random numbers.
pub(crate) fn random_mac(datacenter: &str) -> std::io::Result<String> {
    let bytes = host::crypt::random(6)?;
    Ok(mac(option(datacenter, "mac_prefix").unwrap_or(MAC_PREFIX), bytes))
}

fn mac(prefix: &str, mut bytes: Vec<u8>) -> String {
    let given = prefix.split(':').filter_map(|part| u8::from_str_radix(part, 16).ok());
    for (slot, value) in bytes.iter_mut().zip(given) {
        *slot = value;
    }
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hardware_addresses_keep_the_prefix() {
        assert_eq!(mac("BC:24:11", vec![1, 2, 3, 4, 5, 255]), "BC:24:11:04:05:FF");
        assert_eq!(mac("02:00", vec![1, 2, 3, 4, 5, 6]), "02:00:03:04:05:06");
    }

    #[test]
    fn options_are_found_by_their_whole_name() {
        let text = "#note: x\nmax_workers: 4\nmac_prefix: 02:00\n";
        assert_eq!(option(text, "mac_prefix"), Some("02:00"));
        assert_eq!(option(text, "max"), None);
    }
}
