//! Links, addresses and packet filter tables of the network namespace that we run in, by `ip` and `nft`.
//!
//! Nothing is read from `/sys/class/net`: a mounted sysfs shows the namespace of whoever mounted it, not ours.

use std::{
    fmt::{self, Write as _},
    io,
    net::{IpAddr, Ipv4Addr},
    str::FromStr,
    time::Duration,
};

use serde::Deserialize;

use crate::run::{Run, RunError};

/// How long `ip` and `nft` may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// Where the kernel lets IPv4 forwarding be switched; always that of our own namespace.
const FORWARDING: &str = "/proc/sys/net/ipv4/ip_forward";

/// Why the network could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// `ip` or `nft` failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// `ip` printed something else than its JSON.
    #[error("unable to understand the output of 'ip': {0}")]
    Output(#[from] serde_json::Error),
    /// A file of `/proc` could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: &'static str,
        /// What the system answered.
        source: io::Error,
    },
}

/// The name of a link: at most 15 bytes, nothing that would split an argument or a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct LinkName(String);

impl LinkName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LinkName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let good = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        let start = text.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
        if start && text.len() <= 15 && text.chars().all(good) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("invalid interface name '{text}': 1 to 15 letters, digits, '_', '.' or '-'"))
        }
    }
}

impl fmt::Display for LinkName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address with the length of its network's prefix: `10.0.0.1/24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cidr {
    /// The address, which may be a host's inside the network.
    pub ip: IpAddr,
    /// Leading bits that all of the network share.
    pub prefix: u8,
}

impl Cidr {
    /// An IPv4 address in its network.
    #[must_use]
    pub fn v4(ip: Ipv4Addr, prefix: u8) -> Self {
        Self { ip: IpAddr::V4(ip), prefix: prefix.min(32) }
    }

    /// The network: the address with all bits after the prefix zero.
    #[must_use]
    pub fn network(&self) -> Self {
        let ip = match self.ip {
            IpAddr::V4(ip) => IpAddr::V4(ip & self.netmask()),
            IpAddr::V6(ip) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix.min(128))).unwrap_or(0);
                IpAddr::V6((u128::from(ip) & mask).into())
            }
        };
        Self { ip, prefix: self.prefix }
    }

    /// Whether the two networks have an address in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let prefix = self.prefix.min(other.prefix);
        Self { prefix, ..*self }.network() == Self { prefix, ..*other }.network()
    }

    /// The mask of an IPv4 network: `255.255.255.0`.
    #[must_use]
    pub fn netmask(&self) -> Ipv4Addr {
        netmask(self.prefix)
    }
}

/// The mask of an IPv4 network with a prefix of that many bits, at most 32: `255.255.255.0` for 24.
#[must_use]
pub fn netmask(prefix: u8) -> Ipv4Addr {
    u32::MAX.checked_shl(32 - u32::from(prefix.min(32))).unwrap_or(0).into()
}

impl FromStr for Cidr {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("invalid network address '{text}': expected ADDRESS/PREFIX such as 10.0.0.1/24");
        let (ip, prefix) = text.split_once('/').ok_or_else(wrong)?;
        let ip: IpAddr = ip.parse().map_err(|_| wrong())?;
        let prefix: u8 = prefix.parse().map_err(|_| wrong())?;
        if prefix > if ip.is_ipv4() { 32 } else { 128 } { Err(wrong()) } else { Ok(Self { ip, prefix }) }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.ip, self.prefix)
    }
}

/// A link as the kernel has it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// What the driver says it is: `bridge`, `veth`, `tun`, `vlan`, `bond`, …; none for real network cards.
    pub kind: Option<String>,
    /// It is `lo`.
    pub loopback: bool,
    /// It is switched on (which says nothing about a cable).
    pub up: bool,
    /// Largest packet, bytes.
    pub mtu: u32,
    /// Hardware address, lower case.
    pub mac: String,
    /// The bridge or bond it is a port of.
    pub master: Option<String>,
    /// Free text somebody attached to it.
    pub alias: Option<String>,
    /// Its addresses, IPv4 first.
    pub addresses: Vec<Cidr>,
    /// Other names it goes by.
    pub altnames: Vec<String>,
}

#[derive(Deserialize)]
struct RawLink {
    ifname: Option<String>,
    #[serde(default)]
    flags: Vec<String>,
    #[serde(default)]
    mtu: u32,
    #[serde(default)]
    address: String,
    master: Option<String>,
    ifalias: Option<String>,
    #[serde(default)]
    linkinfo: RawInfo,
    #[serde(default)]
    addr_info: Vec<RawAddress>,
    #[serde(default)]
    altnames: Vec<String>,
}

#[derive(Deserialize, Default)]
struct RawInfo {
    info_kind: Option<String>,
}

#[derive(Deserialize)]
struct RawAddress {
    local: Option<IpAddr>,
    prefixlen: Option<u8>,
}

/// Reads what `ip -json -details address show` prints.
///
/// # Errors
/// When it is not that.
pub fn parse_links(json: &str) -> Result<Vec<Link>, serde_json::Error> {
    if json.trim().is_empty() {
        return Ok(Vec::new());
    }
    let link = |raw: RawLink| -> Option<Link> {
        let address = |raw: &RawAddress| Some(Cidr { ip: raw.local?, prefix: raw.prefixlen? });
        let has = |flag: &str| raw.flags.iter().any(|f| f == flag);
        let mut addresses: Vec<Cidr> = raw.addr_info.iter().filter_map(address).collect();
        addresses.sort_by_key(|address| address.ip.is_ipv6());
        Some(Link {
            loopback: has("LOOPBACK"),
            up: has("UP"),
            // An empty object stands for a link that this namespace cannot see.
            name: raw.ifname?,
            kind: raw.linkinfo.info_kind,
            mtu: raw.mtu,
            mac: raw.address.to_ascii_lowercase(),
            master: raw.master,
            alias: raw.ifalias,
            addresses,
            altnames: raw.altnames,
        })
    };
    Ok(serde_json::from_str::<Vec<RawLink>>(json)?.into_iter().filter_map(link).collect())
}

/// All links of our namespace with their addresses.
///
/// # Errors
/// When `ip` is missing or fails.
pub async fn links() -> Result<Vec<Link>, NetError> {
    let run = Run::new("ip").args(["-json", "-details", "address", "show"]).deadline(DEADLINE);
    Ok(parse_links(&run.output().await?.text())?)
}

/// A route of the main table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Where to; `0.0.0.0/0` is the default route.
    pub destination: Cidr,
    /// By which router; none when the destination is on the link itself.
    pub gateway: Option<Ipv4Addr>,
    /// Over which link.
    pub link: String,
}

/// Reads `/proc/net/route`, whose addresses are hexadecimal numbers in the machine's byte order.
#[must_use]
pub fn parse_routes(text: &str) -> Vec<Route> {
    let address = |hex: &str| Some(Ipv4Addr::from(u32::from_str_radix(hex, 16).ok()?.to_ne_bytes()));
    let route = |line: &str| -> Option<Route> {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let mask = u32::from(address(fields.get(7)?)?);
        let prefix = u8::try_from(mask.leading_ones()).ok()?;
        let gateway = address(fields.get(2)?)?;
        Some(Route {
            destination: Cidr::v4(address(fields.get(1)?)?, prefix),
            gateway: (!gateway.is_unspecified()).then_some(gateway),
            link: (*fields.first()?).to_owned(),
        })
    };
    text.lines().skip(1).filter_map(route).collect()
}

/// The IPv4 routes of our namespace.
///
/// # Errors
/// When `/proc` is not readable.
pub fn routes() -> Result<Vec<Route>, NetError> {
    // Not /proc/net: that is the namespace of the process's first thread.
    let path = "/proc/thread-self/net/route";
    Ok(parse_routes(&std::fs::read_to_string(path).map_err(|source| NetError::File { path, source })?))
}

/// Changes to links, made in order by one `ip -batch`; stops at the first that fails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "changes are made only by apply()"]
pub struct Batch(String);

impl Batch {
    /// No change.
    pub fn new() -> Self {
        Self::default()
    }

    fn line(mut self, line: fmt::Arguments<'_>) -> Self {
        // Writing to a string cannot fail.
        let _ = self.0.write_fmt(line);
        self.0.push('\n');
        self
    }

    /// Adds a bridge without spanning tree or forward delay, with a hardware address that its ports do not change.
    pub fn add_bridge(self, name: &LinkName, mac: Mac) -> Self {
        self.line(format_args!("link add name {name} address {mac} type bridge stp_state 0 forward_delay 0"))
    }

    /// Adds a pair of links joined back to back.
    pub fn add_veth(self, name: &LinkName, peer: &LinkName) -> Self {
        self.line(format_args!("link add name {name} type veth peer name {peer}"))
    }

    /// Adds a link whose other end is a program's file descriptor; it stays when that program ends.
    pub fn add_tap(self, name: &LinkName) -> Self {
        self.line(format_args!("tuntap add dev {name} mode tap"))
    }

    /// Makes it a port of a bridge.
    pub fn set_master(self, name: &LinkName, bridge: &LinkName) -> Self {
        self.line(format_args!("link set dev {name} master {bridge}"))
    }

    /// Sets its hardware address.
    pub fn set_mac(self, name: &LinkName, mac: Mac) -> Self {
        self.line(format_args!("link set dev {name} address {mac}"))
    }

    /// Sets its largest packet, bytes.
    pub fn set_mtu(self, name: &LinkName, mtu: u32) -> Self {
        self.line(format_args!("link set dev {name} mtu {mtu}"))
    }

    /// Attaches a mark to it, by which its maker finds it again.
    pub fn set_alias(self, name: &LinkName, alias: &str) -> Self {
        let word: String =
            alias.chars().map(|c| if c.is_whitespace() || "\"'\\#".contains(c) { '_' } else { c }).collect();
        self.line(format_args!("link set dev {name} alias {word}"))
    }

    /// Switches it on.
    pub fn up(self, name: &LinkName) -> Self {
        self.line(format_args!("link set dev {name} up"))
    }

    /// Switches it off.
    pub fn down(self, name: &LinkName) -> Self {
        self.line(format_args!("link set dev {name} down"))
    }

    /// Gives it an address.
    pub fn add_address(self, name: &LinkName, address: Cidr) -> Self {
        self.line(format_args!("address add {address} dev {name}"))
    }

    /// Takes an address from it.
    pub fn delete_address(self, name: &LinkName, address: Cidr) -> Self {
        self.line(format_args!("address delete {address} dev {name}"))
    }

    /// Removes it; of a veth pair both ends.
    pub fn delete(self, name: &LinkName) -> Self {
        self.line(format_args!("link delete dev {name}"))
    }

    /// The changes as `ip -batch` reads them.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Makes the changes.
    ///
    /// # Errors
    /// When one fails; those before it stay made.
    pub async fn apply(self) -> Result<(), NetError> {
        if !self.0.is_empty() {
            Run::new("ip").args(["-batch", "-"]).stdin(self.0).deadline(DEADLINE).output().await?;
        }
        Ok(())
    }
}

/// A hardware address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mac(pub [u8; 6]);

impl FromStr for Mac {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("invalid MAC address '{text}'");
        let mut bytes = [0; 6];
        let mut parts = text.split(':');
        for byte in &mut bytes {
            let part = parts.next().filter(|part| part.len() == 2).ok_or_else(wrong)?;
            *byte = u8::from_str_radix(part, 16).map_err(|_| wrong())?;
        }
        if parts.next().is_some() { Err(wrong()) } else { Ok(Self(bytes)) }
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

/// Loads packet filter rules, all of them or none.
///
/// # Errors
/// When `nft` is missing or refuses them.
pub async fn nft(ruleset: &str) -> Result<(), NetError> {
    Run::new("nft").args(["-f", "-"]).stdin(ruleset).deadline(DEADLINE).output().await?;
    Ok(())
}

/// Whether this namespace passes IPv4 packets on between its links.
///
/// # Errors
/// When `/proc` is not readable.
pub fn forwarding() -> Result<bool, NetError> {
    let text = std::fs::read_to_string(FORWARDING).map_err(|source| NetError::File { path: FORWARDING, source })?;
    Ok(text.trim() == "1")
}

/// Makes this namespace pass IPv4 packets on.
///
/// # Errors
/// When `/proc` is not writable.
pub fn enable_forwarding() -> Result<(), NetError> {
    std::fs::write(FORWARDING, "1\n").map_err(|source| NetError::File { path: FORWARDING, source })
}

#[cfg(test)]
#[path = "net_tests.rs"]
mod tests;
