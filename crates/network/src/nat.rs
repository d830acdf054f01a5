//! The packet filter table of a guest network.

use crate::subnet::Subnet;

/// The table's name; a bridge's name may have characters that a table's may not.
fn table(bridge: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("_{:x}_", u32::from(c)) };
    format!("pleiad_nat_{}", bridge.chars().map(plain).collect::<String>())
}

/// Rules that hide the guests' addresses behind the host's for all that leaves their network. Replaces the table.
pub(crate) fn rules(bridge: &str, subnet: &Subnet) -> String {
    let (table, network) = (table(bridge), subnet.address().network());
    // Declaring a table before deleting it makes the deletion work whether there was one or not.
    format!(
        "table ip {table} {{\n}}\ndelete table ip {table}\ntable ip {table} {{\n\
         \tchain postrouting {{\n\
         \t\ttype nat hook postrouting priority 100; policy accept;\n\
         \t\tip saddr {network} ip daddr != {network} masquerade\n\
         \t}}\n}}\n"
    )
}

/// Takes the table away, if there is one.
pub(crate) fn removal(bridge: &str) -> String {
    let table = table(bridge);
    format!("table ip {table} {{\n}}\ndelete table ip {table}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leaves_the_network_is_translated() {
        let subnet = Subnet::new("10.5.5.1/24".parse().unwrap()).unwrap();
        insta::assert_snapshot!(rules("vmbr0", &subnet), @r"
        table ip pleiad_nat_vmbr0 {
        }
        delete table ip pleiad_nat_vmbr0
        table ip pleiad_nat_vmbr0 {
        	chain postrouting {
        		type nat hook postrouting priority 100; policy accept;
        		ip saddr 10.5.5.0/24 ip daddr != 10.5.5.0/24 masquerade
        	}
        }
        ");
        assert_eq!(table("br-a.1"), "pleiad_nat_br_2d_a_2e_1");
    }
}
