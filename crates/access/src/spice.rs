//! Tickets of the SPICE proxy: host names that a viewer asks the proxy to be connected with.
//!
//! `pleiadspice-{time}-{vmid}-{port}-{signature}-{node}`: letters that survive in a host name, whatever case they come
//! back in. A viewer opens a connection for each of its channels, all within moments, so one ticket is good for several.

use aws_lc_rs::hmac;

use crate::ticket::{Keys, TicketError};

/// How long a viewer may take to connect, seconds.
pub const SPICE_LIFETIME: u64 = 30;
/// How far clocks of nodes may differ, seconds.
const GRACE: u64 = 10;
/// Begins every ticket.
const MARK: &str = "pleiadspice";

/// What a ticket is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpiceTarget {
    /// The VM.
    pub vmid: u32,
    /// The port that goes with it.
    pub port: u16,
    /// The node that the VM runs on, in lower case.
    pub node: String,
}

impl Keys {
    /// A ticket for a VM's screen.
    pub fn spice_ticket(&self, target: &SpiceTarget, now: u64) -> String {
        let SpiceTarget { vmid, port, node } = target;
        let node = node.to_ascii_lowercase();
        let tag = hmac::sign(&self.secret(), signed(target, now).as_bytes());
        let tag: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{MARK}-{now:x}-{vmid}-{port}-{tag}-{node}")
    }

    /// What a ticket is for.
    ///
    /// # Errors
    /// When it is not ours, or not good any more.
    pub fn verify_spice(&self, host: &str, now: u64) -> Result<SpiceTarget, TicketError> {
        let host = host.to_ascii_lowercase();
        let parts: Vec<&str> = host.splitn(6, '-').collect();
        let [MARK, time, vmid, port, tag, node] = parts[..] else { return Err(TicketError::Malformed) };
        let number = |text: &str| text.parse::<u32>().map_err(|_| TicketError::Malformed);
        let issued = u64::from_str_radix(time, 16).map_err(|_| TicketError::Malformed)?;
        let port = u16::try_from(number(port)?).map_err(|_| TicketError::Malformed)?;
        let target = SpiceTarget { vmid: number(vmid)?, port, node: node.to_owned() };
        let tag = bytes(tag).ok_or(TicketError::Malformed)?;
        hmac::verify(&self.secret(), signed(&target, issued).as_bytes(), &tag)
            .map_err(|_| TicketError::BadSignature)?;
        let good = issued < now.saturating_add(GRACE) && now < issued.saturating_add(SPICE_LIFETIME);
        if good { Ok(target) } else { Err(TicketError::Expired) }
    }
}

/// The signed text: no other use of the same key begins like it.
fn signed(target: &SpiceTarget, time: u64) -> String {
    format!("{MARK}:{time:x}:{}:{}:{}", target.vmid, target.port, target.node.to_ascii_lowercase())
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    Some(digits?.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    #[test]
    fn a_ticket_opens_one_vm_for_half_a_minute() {
        let keys = Keys::generate(NOW).unwrap();
        let target = SpiceTarget { vmid: 100, port: 61000, node: "a-Node".into() };
        let ticket = keys.spice_ticket(&target, NOW);
        assert!(ticket.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') && ticket.len() < 253);
        let found = SpiceTarget { node: "a-node".into(), ..target };
        assert_eq!(keys.verify_spice(&ticket, NOW), Ok(found.clone()));
        assert_eq!(keys.verify_spice(&ticket.to_uppercase(), NOW + SPICE_LIFETIME - 1), Ok(found));
        assert_eq!(keys.verify_spice(&ticket, NOW + SPICE_LIFETIME), Err(TicketError::Expired));
        assert_eq!(keys.verify_spice(&ticket, NOW - GRACE), Err(TicketError::Expired));
    }

    #[test]
    fn a_ticket_cannot_be_changed() {
        let keys = Keys::generate(NOW).unwrap();
        let ticket = keys.spice_ticket(&SpiceTarget { vmid: 100, port: 61000, node: "n1".into() }, NOW);
        for (from, to) in [("-100-", "-101-"), ("-61000-", "-61001-"), ("-n1", "-n2"), ("-6b49d200-", "-6b49d201-")] {
            let other = ticket.replace(from, to);
            assert_ne!(other, ticket);
            assert_eq!(keys.verify_spice(&other, NOW), Err(TicketError::BadSignature), "{other}");
        }
        let foreign = Keys::generate(NOW).unwrap();
        assert_eq!(foreign.verify_spice(&ticket, NOW), Err(TicketError::BadSignature));
        for text in ["", "localhost", "pleiadspice-----", "pleiadspice-z-1-1-00-n", "pleiadspice-1-1-99999-00-n"] {
            assert!(keys.verify_spice(text, NOW).is_err(), "{text}");
        }
    }
}
