//! Who got which address: the lease file of dnsmasq(8).

use std::net::IpAddr;

/// An address given to a guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// When it ends, seconds since 1970; zero means never.
    pub expires: i64,
    /// Hardware address of the guest's card, lower case.
    pub mac: String,
    /// The address.
    pub ip: IpAddr,
    /// How the guest calls itself, if it said so.
    pub hostname: Option<String>,
}

/// Reads a lease file: a line each of end, hardware address, address, name or `*`, client id. Lines of another form
/// (the server's identity for DHCPv6) are left out.
#[must_use]
pub fn parse(text: &str) -> Vec<Lease> {
    let lease = |line: &str| -> Option<Lease> {
        let mut words = line.split_ascii_whitespace();
        let expires = words.next()?.parse().ok()?;
        let mac = words.next().filter(|mac| mac.split(':').count() == 6)?.to_ascii_lowercase();
        let ip = words.next()?.parse().ok()?;
        let hostname = words.next().filter(|name| *name != "*").map(str::to_owned);
        Some(Lease { expires, mac, ip, hostname })
    };
    text.lines().filter_map(lease).collect()
}

/// The lease of a card, by its hardware address in any case, unless it has ended by `now`.
#[must_use]
pub fn find(text: &str, mac: &str, now: i64) -> Option<Lease> {
    let valid = |lease: &Lease| lease.mac.eq_ignore_ascii_case(mac) && (lease.expires == 0 || lease.expires > now);
    parse(text).into_iter().find(valid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "1700000000 bc:24:11:00:00:01 10.5.5.130 guest 01:bc:24:11:00:00:01\n\
        0 bc:24:11:00:00:02 10.5.5.131 * *\nduid 00:01:00\n";

    #[test]
    fn leases_are_found_by_card() {
        let lease = find(TEXT, "BC:24:11:00:00:01", 1_600_000_000).unwrap();
        assert_eq!((lease.ip.to_string().as_str(), lease.hostname.as_deref()), ("10.5.5.130", Some("guest")));
        assert_eq!(find(TEXT, "bc:24:11:00:00:01", 1_700_000_001), None, "it has ended");
        assert_eq!(find(TEXT, "bc:24:11:00:00:02", i64::MAX).unwrap().hostname, None);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in ".*") {
            let _ = parse(&text);
        }
    }
}
