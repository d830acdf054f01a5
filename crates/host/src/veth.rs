//! Network interfaces of running containers: pairs of links, one end on the host, one inside.

use std::{fmt::Write as _, path::Path, time::Duration};

use crate::{
    process::Process,
    run::{Output, Run, RunError},
};

/// How long `ip` may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// An interface that a running container gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Veth {
    /// The host's end, at most 14 bytes.
    pub end: String,
    /// Its name inside.
    pub name: String,
    /// Its hardware address.
    pub mac: Option<String>,
    /// Largest packet, bytes.
    pub mtu: Option<u32>,
}

/// Fixed addresses of an interface inside; what is none is left alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fixed {
    /// Address with prefix length.
    pub address: Option<String>,
    /// Router.
    pub gateway: Option<String>,
}

impl Veth {
    /// Makes the pair, puts one end into the container and switches both on.
    ///
    /// # Errors
    /// When the container has an interface of that name, or ended; nothing is left then.
    pub async fn plug(&self, init: &Process) -> Result<(), RunError> {
        unplug(&self.end).await?;
        batch(&[], self.pair()).await?;
        let put = format!("link set dev {}p netns {} name {}\n", self.end, init.pid, self.name);
        let moved = async {
            batch(&[], put).await?;
            batch(&[], format!("link set dev {} up\n", self.end)).await?;
            inside(init, format!("link set dev {} up\n", self.name)).await
        };
        if let Err(err) = moved.await {
            unplug(&self.end).await?;
            return Err(err);
        }
        Ok(())
    }

    fn pair(&self) -> String {
        let mtu = self.mtu.map(|bytes| format!(" mtu {bytes}")).unwrap_or_default();
        let mac = self.mac.as_ref().map(|mac| format!(" address {mac}")).unwrap_or_default();
        format!("link add name {0}{mtu} type veth peer name {0}p{mtu}{mac}\n", self.end)
    }
}

/// Takes an interface away: the host's end, and with it the one inside.
///
/// # Errors
/// When the kernel refuses.
pub async fn unplug(end: &str) -> Result<(), RunError> {
    if !Path::new("/sys/class/net").join(end).exists() {
        return Ok(());
    }
    batch(&[], format!("link del dev {end}\n")).await
}

/// Takes the host's end of an interface off its bridge.
///
/// # Errors
/// When there is none, or the kernel refuses.
pub async fn leave(end: &str) -> Result<(), RunError> {
    batch(&[], format!("link set dev {end} nomaster\n")).await
}

/// Exchanges the fixed addresses of an interface inside: those of `before` go, those of `now` come.
///
/// # Errors
/// When an address or router is refused: it lies in no network of the interface, say.
pub async fn readdress(init: &Process, name: &str, before: &[Fixed], now: &[Fixed]) -> Result<(), RunError> {
    // What is not there any more need not be removed.
    for command in removal(name, before) {
        let _ = inside(init, command).await;
    }
    let commands = addition(name, now);
    if commands.is_empty() { Ok(()) } else { inside(init, commands).await }
}

fn removal(name: &str, before: &[Fixed]) -> Vec<String> {
    let of = |fixed: &Fixed| {
        let route = fixed.gateway.as_ref().map(|gateway| format!("route del default via {gateway} dev {name}\n"));
        let address = fixed.address.as_ref().map(|address| format!("address del {address} dev {name}\n"));
        [route, address].into_iter().flatten().collect::<Vec<_>>()
    };
    before.iter().flat_map(of).collect()
}

fn addition(name: &str, now: &[Fixed]) -> String {
    let mut commands = String::new();
    for Fixed { address, gateway } in now {
        if let Some(address) = address {
            let _ = writeln!(commands, "address replace {address} dev {name}");
        }
        if let Some(gateway) = gateway {
            // The router may lie outside of the prefix.
            let _ = writeln!(commands, "route replace default via {gateway} dev {name} onlink");
        }
    }
    commands
}

/// The host's `ip` in the container's network: nothing inside is trusted or needed.
async fn inside(init: &Process, commands: String) -> Result<(), RunError> {
    let namespace = format!("--net=/proc/{}/ns/net", init.pid);
    batch(&["nsenter", &namespace, "--"], commands).await
}

async fn batch(before: &[&str], commands: String) -> Result<(), RunError> {
    let mut words = before.iter().chain(&["ip", "-batch", "-"]);
    let run = Run::new(words.next().copied().unwrap_or("ip")).args(words);
    run.stdin(commands).deadline(DEADLINE).output().await.map(|_: Output| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_has_both_its_ends_told() {
        let veth = Veth {
            end: "veth100i1".into(),
            name: "eth1".into(),
            mac: Some("BC:24:11:00:00:01".into()),
            mtu: Some(1400),
        };
        assert_eq!(
            veth.pair(),
            "link add name veth100i1 mtu 1400 type veth peer name veth100i1p mtu 1400 address BC:24:11:00:00:01\n"
        );
    }

    #[test]
    fn addresses_are_exchanged() {
        let fixed = |address: &str, gateway: Option<&str>| Fixed {
            address: Some(address.into()),
            gateway: gateway.map(str::to_owned),
        };
        let now = [fixed("192.0.2.2/24", Some("192.0.2.1")), Fixed::default()];
        insta::assert_snapshot!(addition("eth1", &now), @r"
        address replace 192.0.2.2/24 dev eth1
        route replace default via 192.0.2.1 dev eth1 onlink
        ");
        assert_eq!(
            removal("eth1", &now),
            ["route del default via 192.0.2.1 dev eth1\n", "address del 192.0.2.2/24 dev eth1\n"]
        );
    }
}
