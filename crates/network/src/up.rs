//! Brings a guest network up and takes it down.

use std::{path::PathBuf, time::Duration};

use host::{
    file::{self, FileError, FileLock},
    net::{self, Batch, Cidr, Link, LinkName, Mac, NetError, Route},
    paths::Paths,
};

use crate::{
    dhcp,
    leases::{self, Lease},
    nat,
    plan::{self, Desired, Observed, Step},
    subnet::{self, Subnet, SubnetError},
};

/// Why a guest network could not be brought up or taken down.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// The subnet cannot be used.
    #[error(transparent)]
    Subnet(#[from] SubnetError),
    /// The bridge's name is none.
    #[error("{0}")]
    Name(String),
    /// Links or packet filter.
    #[error(transparent)]
    Net(#[from] NetError),
    /// A file of ours.
    #[error(transparent)]
    File(#[from] FileError),
    /// The DHCP server.
    #[error("DHCP server dnsmasq: {0}")]
    Dhcp(String),
    /// Guests hang on the bridge.
    #[error("bridge '{bridge}' is in use by {ports}: stop those guests first")]
    InUse {
        /// The bridge.
        bridge: String,
        /// Its ports.
        ports: String,
    },
}

/// What there is after a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The bridge's address; none when somebody else's bridge was left alone or the network was taken down.
    pub address: Option<Cidr>,
    /// What has been done, a sentence each, for logs and terminals.
    pub notes: Vec<String>,
}

/// The network of one bridge for guests.
#[derive(Debug, Clone)]
pub struct GuestNetwork {
    bridge: LinkName,
    state: PathBuf,
    run: PathBuf,
    files: dhcp::Files,
    identity: String,
}

impl GuestNetwork {
    /// The network of that bridge, of the installation with these paths. Changes nothing yet.
    ///
    /// # Errors
    /// When the name is no interface name.
    pub fn new(paths: &Paths, bridge: &str) -> Result<Self, NetworkError> {
        let bridge: LinkName = bridge.parse().map_err(NetworkError::Name)?;
        let (state, run) = (paths.state_dir().join("network"), paths.run_dir().join("network"));
        let files = dhcp::Files {
            config: run.join(format!("{bridge}.conf")),
            leases: state.join(format!("{bridge}.leases")),
            pid: run.join(format!("{bridge}.pid")),
            log: paths.log_dir().join(format!("network-{bridge}.log")),
        };
        let identity = schema::digest(&format!("{} {bridge}", paths.root().display()));
        Ok(Self { bridge, state, run, files, identity })
    }

    /// Brings the network up, or repairs it; does nothing where all is as it should be. The bridge gets `address`, or
    /// that of last time, or a free one. A bridge that somebody else made is left alone.
    ///
    /// # Errors
    /// When the address collides with the host's network, or a part of the host refuses. What was done so far stays
    /// and is continued by the next call.
    pub async fn up(&self, address: Option<Cidr>) -> Result<Outcome, NetworkError> {
        let _lock = self.lock().await?;
        let (links, routes) = (net::links().await?, net::routes()?);
        let bridge = plan::bridge(&links, self.bridge.as_str(), &self.mark());
        if bridge.as_ref().is_some_and(|bridge| !bridge.ours) {
            let note =
                format!("bridge '{}' exists and is not ours: left alone, with no DHCP or NAT of ours", self.bridge);
            return Ok(Outcome { address: None, notes: vec![note] });
        }
        let mut notes = Vec::new();
        let subnet = self.subnet(address, bridge.as_ref(), &links, &routes, &mut notes)?;
        let desired = Desired { subnet, mtu: plan::mtu(&links, &routes), mac: self.mac() };
        let config = dhcp::config(self.bridge.as_str(), &subnet, desired.mtu, &self.files);
        let server = dhcp::is_current(&self.files, &config);
        let observed = Observed { bridge, forwarding: net::forwarding()?, server };
        // Remembered before anything is done, so that a second attempt goes on with the same addresses.
        file::write_atomic(&self.subnet_file(), format!("{}\n", subnet.address()).as_bytes(), 0o644)?;
        for step in plan::plan(&desired, &observed).unwrap_or_default() {
            notes.extend(self.apply(step, &desired, &config).await?);
        }
        Ok(Outcome { address: Some(subnet.address()), notes })
    }

    /// Takes down what [`GuestNetwork::up`] made: server, NAT table and bridge. Leases are remembered. Packet forwarding
    /// stays on: something else may have come to rely on it.
    ///
    /// # Errors
    /// When guests hang on the bridge, or a part of the host refuses.
    pub async fn down(&self) -> Result<Outcome, NetworkError> {
        let _lock = self.lock().await?;
        let mut notes = Vec::new();
        let bridge =
            plan::bridge(&net::links().await?, self.bridge.as_str(), &self.mark()).filter(|bridge| bridge.ours);
        if let Some(bridge) = bridge.as_ref().filter(|bridge| !bridge.ports.is_empty()) {
            return Err(NetworkError::InUse { bridge: self.bridge.to_string(), ports: bridge.ports.join(", ") });
        }
        if dhcp::find(&self.files).is_some() {
            dhcp::stop(&self.files).await?;
            notes.push(format!("stopped the DHCP server of '{}'", self.bridge));
        }
        if bridge.is_some() {
            net::nft(&nat::removal(self.bridge.as_str())).await?;
            Batch::new().delete(&self.bridge).apply().await?;
            notes.push(format!("removed bridge '{}' and its NAT rules; IPv4 forwarding stays as it is", self.bridge));
        }
        if notes.is_empty() {
            notes.push(format!("bridge '{}' is not ours or not there: nothing to do", self.bridge));
        }
        Ok(Outcome { address: None, notes })
    }

    /// The address that the network's server gave to a card.
    #[must_use]
    pub fn lease(&self, mac: &str) -> Option<Lease> {
        leases::find(&std::fs::read_to_string(&self.files.leases).ok()?, mac, host::clock::now())
    }

    async fn lock(&self) -> Result<FileLock, NetworkError> {
        file::create_dir(&self.state, 0o755)?;
        file::create_dir(&self.run, 0o755)?;
        if let Some(logs) = self.files.log.parent() {
            file::create_dir(logs, 0o755)?;
        }
        Ok(FileLock::acquire(&self.run.join("lock"), Duration::from_secs(30)).await?)
    }

    async fn apply(&self, step: Step, desired: &Desired, config: &str) -> Result<Option<String>, NetworkError> {
        let (bridge, address, batch) = (&self.bridge, desired.subnet.address(), Batch::new());
        match step {
            Step::CreateBridge => {
                batch.add_bridge(bridge, desired.mac).set_alias(bridge, &self.mark()).apply().await?;
                return Ok(Some(format!("created bridge '{bridge}' with address {address}")));
            }
            Step::DropAddress(old) => batch.delete_address(bridge, old).apply().await?,
            Step::AddAddress => batch.add_address(bridge, address).apply().await?,
            Step::SetMtu => batch.set_mtu(bridge, desired.mtu).apply().await?,
            Step::SwitchOn => batch.up(bridge).apply().await?,
            Step::EnableForwarding => {
                net::enable_forwarding()?;
                return Ok(Some("switched IPv4 forwarding on (net.ipv4.ip_forward)".to_owned()));
            }
            Step::LoadNat => net::nft(&nat::rules(bridge.as_str(), &desired.subnet)).await?,
            Step::StartServer => {
                dhcp::start(&self.files, config).await?;
                let (first, last) = desired.subnet.dhcp_range();
                return Ok(Some(format!("started DHCP on '{bridge}' for {first} to {last}")));
            }
        }
        Ok(None)
    }

    fn subnet(
        &self,
        wanted: Option<Cidr>,
        bridge: Option<&plan::Bridge>,
        links: &[Link],
        routes: &[Route],
        notes: &mut Vec<String>,
    ) -> Result<Subnet, NetworkError> {
        let name = self.bridge.as_str();
        if let Some(address) = wanted {
            let subnet = Subnet::new(address)?;
            subnet.check_free(links, routes, name)?;
            return Ok(subnet);
        }
        let remembered = std::fs::read_to_string(self.subnet_file()).ok().and_then(|text| text.trim().parse().ok());
        let present = bridge.and_then(|bridge| bridge.addresses.first().copied());
        if let Some(subnet) = present.or(remembered).and_then(|address| Subnet::new(address).ok()) {
            match subnet.check_free(links, routes, name) {
                Ok(()) => return Ok(subnet),
                Err(taken) => notes.push(format!("{taken}; another one is chosen")),
            }
        }
        let seed = u64::from_str_radix(self.identity.get(..15).unwrap_or("0"), 16).unwrap_or(0);
        Ok(subnet::choose(seed, links, routes, name)?)
    }

    fn subnet_file(&self) -> PathBuf {
        self.state.join(format!("{}.subnet", self.bridge))
    }

    /// What a bridge of this installation carries as its alias.
    fn mark(&self) -> String {
        format!("pleiad-{}", self.identity.get(..12).unwrap_or_default())
    }

    /// Always the same, so that guests' neighbour tables stay right when the bridge is made anew.
    fn mac(&self) -> Mac {
        let byte =
            |at: usize| self.identity.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
        // The second lowest bit of the first byte: given by software, not by a vendor.
        Mac([2, byte(20), byte(22), byte(24), byte(26), byte(28)])
    }
}
