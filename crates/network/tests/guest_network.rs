//! A whole guest network for real, in network namespaces: the host, a guest behind it, and the world outside.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    fs::File,
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, TcpListener, TcpStream, UdpSocket},
    os::fd::AsRawFd,
    time::Duration,
};

use host::{
    net::{Batch, Cidr, LinkName},
    paths::Paths,
    run::Run,
};
use network::GuestNetwork;
use nix::sched::{CloneFlags, setns, unshare};

const GUEST_MAC: &str = "bc:24:11:00:00:05";

fn name(text: &str) -> LinkName {
    text.parse().unwrap()
}

fn cidr(text: &str) -> Cidr {
    text.parse().unwrap()
}

/// A network namespace; lives as long as its file.
struct Namespace(File);

impl Namespace {
    /// Makes one and enters it.
    fn new() -> Option<Self> {
        if let Err(error) = unshare(CloneFlags::CLONE_NEWNET) {
            println!("skipped: unable to make a network namespace: {error}");
            return None;
        }
        // A new namespace takes this over from the host.
        std::fs::write("/proc/sys/net/ipv4/ip_forward", "0").unwrap();
        Some(Self(File::open("/proc/thread-self/ns/net").unwrap()))
    }

    fn enter(&self) {
        setns(&self.0, CloneFlags::CLONE_NEWNET).unwrap();
    }

    async fn take(&self, link: &str, new_name: &str) {
        let path = format!("/proc/{}/fd/{}", std::process::id(), self.0.as_raw_fd());
        Run::new("ip").args(["link", "set", "dev", link, "netns", &path, "name", new_name]).output().await.unwrap();
    }
}

/// Runs a test on a thread of its own, whose children are started by that very thread, hence in its namespace.
fn alone<F: Future<Output = ()>>(test: impl FnOnce() -> F + Send + 'static) {
    if !["/usr/sbin/dnsmasq", "/usr/bin/dnsmasq"].iter().any(|path| std::path::Path::new(path).exists()) {
        println!("skipped: dnsmasq is not installed");
        return;
    }
    let run = move || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test());
    std::thread::spawn(run).join().unwrap();
}

fn network(directory: &tempfile::TempDir, bridge: &str) -> GuestNetwork {
    GuestNetwork::new(&Paths::new(directory.path()).unwrap(), bridge).unwrap()
}

/// A root that any user may enter: dnsmasq gives up its rights.
fn root() -> tempfile::TempDir {
    tempfile::tempdir_in("/var/tmp").unwrap()
}

/// Asks for an address as a guest's DHCP client does: request, and what was offered or acknowledged.
fn dhcp(socket: &UdpSocket, kind: u8, wanted: Option<Ipv4Addr>) -> Ipv4Addr {
    let mut packet = vec![0u8; 240];
    packet[..4].copy_from_slice(&[1, 1, 6, 0]);
    packet[4..8].copy_from_slice(b"test");
    packet[10] = 0x80; // answer by broadcast
    let mac: Vec<u8> = GUEST_MAC.split(':').map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect();
    packet[28..34].copy_from_slice(&mac);
    packet[236..240].copy_from_slice(&[99, 130, 83, 99]);
    packet.extend([53, 1, kind, 12, 5]);
    packet.extend(b"guest");
    if let Some(wanted) = wanted {
        packet.extend([50, 4]);
        packet.extend(wanted.octets());
    }
    packet.push(255);
    let mut answer = [0u8; 1500];
    // A client asks again when nobody answers: the first packet may come before the bridge knows its ports.
    let asked = (0..5).find_map(|_| {
        socket.send_to(&packet, "255.255.255.255:67").unwrap();
        socket.recv(&mut answer).ok()
    });
    let length = asked.expect("no answer from the DHCP server");
    assert!(length > 240 && answer[0] == 2 && &answer[4..8] == b"test");
    Ipv4Addr::new(answer[16], answer[17], answer[18], answer[19])
}

#[test]
fn a_guest_gets_an_address_and_reaches_the_world() {
    alone(|| async {
        let Some(world) = Namespace::new() else { return };
        let outside = TcpListener::bind("0.0.0.0:7777").unwrap();
        let guest = Namespace::new().unwrap();
        let host = Namespace::new().unwrap();

        // The host has a way out, but nothing for guests.
        let uplink = Batch::new().add_veth(&name("eth0"), &name("peer"));
        uplink.add_address(&name("eth0"), cidr("203.0.113.1/24")).up(&name("eth0")).apply().await.unwrap();
        world.take("peer", "eth0").await;
        world.enter();
        let eth0 = name("eth0");
        Batch::new().add_address(&eth0, cidr("203.0.113.2/24")).up(&eth0).up(&name("lo")).apply().await.unwrap();
        host.enter();

        let directory = root();
        let network = network(&directory, "vmbr0");
        let outcome = network.up(None).await.unwrap();
        let address = outcome.address.unwrap();
        assert_eq!(outcome.notes.len(), 3, "{:?}", outcome.notes);
        assert!(host::net::forwarding().unwrap());

        // Again, as after a restart of the daemon: found as it is, nothing done.
        let again = GuestNetwork::up(&self::network(&directory, "vmbr0"), None).await.unwrap();
        assert_eq!(again, network::Outcome { address: Some(address), notes: vec![] });

        // A guest's card on the bridge.
        let card = Batch::new().add_veth(&name("tap100i0"), &name("card"));
        let card = card.set_mac(&name("card"), GUEST_MAC.parse().unwrap());
        card.set_master(&name("tap100i0"), &name("vmbr0")).up(&name("tap100i0")).apply().await.unwrap();
        guest.take("card", "eth0").await;
        guest.enter();
        Batch::new().up(&eth0).apply().await.unwrap();
        Run::new("ip").args(["route", "add", "default", "dev", "eth0"]).output().await.unwrap();
        let socket = UdpSocket::bind("0.0.0.0:68").unwrap();
        socket.set_broadcast(true).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(3))).unwrap();
        let offered = dhcp(&socket, 1, None);
        assert_eq!(dhcp(&socket, 3, Some(offered)), offered);
        assert!(Cidr::v4(offered, 32).overlaps(&address) && address.ip != IpAddr::V4(offered));

        // It reaches the world, which sees the host's address.
        let batch = Batch::new().add_address(&eth0, Cidr::v4(offered, 24)).apply().await;
        batch.unwrap();
        let router = address.ip.to_string();
        Run::new("ip").args(["route", "replace", "default", "via", &router]).output().await.unwrap();
        let mut stream =
            TcpStream::connect_timeout(&"203.0.113.2:7777".parse().unwrap(), Duration::from_secs(5)).unwrap();
        stream.write_all(b"hello").unwrap();
        let (mut accepted, seen) = outside.accept().unwrap();
        assert_eq!(seen.ip(), IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1)));
        let mut bytes = [0; 5];
        accepted.read_exact(&mut bytes).unwrap();
        assert_eq!(&bytes, b"hello");

        host.enter();
        let lease = network.lease(&GUEST_MAC.to_uppercase()).unwrap();
        assert_eq!((lease.ip, lease.hostname.as_deref()), (IpAddr::V4(offered), Some("guest")));

        // It is not taken down under a guest's feet.
        let error = network.down().await.unwrap_err().to_string();
        assert_eq!(error, "bridge 'vmbr0' is in use by tap100i0: stop those guests first");
        Batch::new().delete(&name("tap100i0")).apply().await.unwrap();
        network.down().await.unwrap();
        assert!(host::net::links().await.unwrap().iter().all(|link| link.name != "vmbr0"));
        let tables = Run::new("nft").args(["list", "tables"]).output().await.unwrap().text();
        assert_eq!(tables, "");
        assert_eq!(network.down().await.unwrap().notes.len(), 1);

        // Its addresses are those of before.
        assert_eq!(network.up(None).await.unwrap().address, Some(address));
        network.down().await.unwrap();
    });
}

#[test]
fn somebody_elses_bridge_is_left_alone() {
    alone(|| async {
        let Some(_host) = Namespace::new() else { return };
        let bridge = name("vmbr0");
        Batch::new().add_bridge(&bridge, "02:00:00:00:00:09".parse().unwrap()).apply().await.unwrap();
        let directory = root();
        let outcome = network(&directory, "vmbr0").up(None).await.unwrap();
        assert_eq!(outcome.address, None);
        assert!(!host::net::forwarding().unwrap());
        network(&directory, "vmbr0").down().await.unwrap();
        let links = host::net::links().await.unwrap();
        assert!(links.iter().any(|link| link.name == "vmbr0" && !link.up && link.addresses.is_empty()));
    });
}

#[test]
fn addresses_of_the_host_are_refused_and_leave_nothing_behind() {
    alone(|| async {
        let Some(_host) = Namespace::new() else { return };
        let batch = Batch::new().add_veth(&name("eth0"), &name("eth1")).add_address(&name("eth0"), cidr("10.7.0.1/16"));
        batch.up(&name("eth0")).apply().await.unwrap();
        let directory = root();
        let network = network(&directory, "vmbr0");
        let error = network.up(Some(cidr("10.7.3.1/24"))).await.unwrap_err().to_string();
        assert!(error.contains("overlaps 10.7.0.0/16 on 'eth0'"), "{error}");
        assert!(host::net::links().await.unwrap().iter().all(|link| link.name != "vmbr0"));

        // Another address can be asked for, also of a network that is up.
        network.up(Some(cidr("10.8.3.1/24"))).await.unwrap();
        network.up(Some(cidr("10.9.3.1/24"))).await.unwrap();
        let links = host::net::links().await.unwrap();
        let bridge = links.iter().find(|link| link.name == "vmbr0").unwrap();
        let ipv4: Vec<_> = bridge.addresses.iter().filter(|address| address.ip.is_ipv4()).collect();
        assert_eq!(ipv4, [&cidr("10.9.3.1/24")]);
        network.down().await.unwrap();
    });
}

#[test]
fn a_server_that_died_is_started_again() {
    alone(|| async {
        let Some(_host) = Namespace::new() else { return };
        let directory = root();
        let network = network(&directory, "vmbr0");
        network.up(None).await.unwrap();
        let pid = std::fs::read_to_string(directory.path().join("run/pleiad/network/vmbr0.pid")).unwrap();
        let server = host::process::Process::find(pid.trim().parse().unwrap()).unwrap();
        server.kill().unwrap();
        server.ended().await.unwrap();
        let outcome = network.up(None).await.unwrap();
        assert_eq!(outcome.notes.len(), 1, "{:?}", outcome.notes);
        network.down().await.unwrap();
    });
}
