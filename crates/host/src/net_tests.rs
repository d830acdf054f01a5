//! Tests of the readers, and of real links in a network namespace of their own.

use super::*;
use proptest::prelude::*;

#[test]
fn names_that_would_split_a_batch_are_refused() {
    for good in ["vmbr0", "tap100i0", "eth0.100", "fwbr100i0", "a-b_c"] {
        assert!(good.parse::<LinkName>().is_ok(), "{good}");
    }
    for bad in ["", "a b", "a\nlink", "../x", "-x", ".", "abcdefghijklmnop", "a;b", "é"] {
        assert!(bad.parse::<LinkName>().is_err(), "{bad:?}");
    }
}

#[test]
fn networks_overlap_when_one_holds_the_other() {
    let net = |text: &str| text.parse::<Cidr>().unwrap();
    assert_eq!(net("10.1.2.3/24").network(), net("10.1.2.0/24"));
    assert_eq!(net("10.1.2.3/24").netmask(), Ipv4Addr::new(255, 255, 255, 0));
    assert_eq!(
        [0, 20, 32, 99].map(|bits| netmask(bits).to_string()),
        ["0.0.0.0", "255.255.240.0", "255.255.255.255", "255.255.255.255"]
    );
    assert!(net("10.0.0.0/8").overlaps(&net("10.1.2.0/24")));
    assert!(net("10.1.2.9/32").overlaps(&net("10.1.2.0/24")));
    assert!(!net("10.1.3.0/24").overlaps(&net("10.1.2.0/24")));
    assert!(net("0.0.0.0/0").overlaps(&net("10.1.2.0/24")));
    assert!(!net("::/0").overlaps(&net("10.1.2.0/24")));
    assert_eq!(net("fd00::1/64").network(), net("fd00::/64"));
    for bad in ["10.0.0.1", "10.0.0.1/33", "10.0.0/24", "::/129", "/"] {
        assert!(bad.parse::<Cidr>().is_err(), "{bad}");
    }
}

#[test]
fn links_are_read_from_json() {
    let json = r#"[{},{"ifindex":4,"ifname":"eth0","flags":["BROADCAST","UP"],"mtu":1400,"address":"02:FC:00:00:00:01",
        "addr_info":[{"family":"inet6","local":"fd00::2","prefixlen":64},{"family":"inet","local":"192.0.2.2","prefixlen":24}]},
        {"ifname":"tap100i0","flags":[],"mtu":1500,"master":"vmbr0","linkinfo":{"info_kind":"tun"},"addr_info":[]}]"#;
    let links = parse_links(json).unwrap();
    assert_eq!(links.len(), 2);
    assert_eq!(links[0].addresses, ["192.0.2.2/24".parse().unwrap(), "fd00::2/64".parse().unwrap()]);
    assert!(links[0].up && links[0].kind.is_none() && links[0].mac == "02:fc:00:00:00:01");
    assert_eq!((links[1].master.as_deref(), links[1].kind.as_deref()), (Some("vmbr0"), Some("tun")));
    assert!(parse_links("").unwrap().is_empty());
}

#[cfg(target_endian = "little")]
#[test]
fn routes_are_read_in_the_byte_order_of_the_machine() {
    let text = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n\
        eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n\
        vmbr0\t0007630A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";
    let routes = parse_routes(text);
    assert_eq!(routes[0].gateway, Some(Ipv4Addr::new(192, 0, 2, 1)));
    assert_eq!(routes[0].destination.to_string(), "0.0.0.0/0");
    assert_eq!(routes[1].destination.to_string(), "10.99.7.0/24");
    assert_eq!(routes[1].gateway, None);
}

#[test]
fn a_batch_is_one_line_a_change() {
    let bridge: LinkName = "vmbr0".parse().unwrap();
    let batch = Batch::new()
        .add_bridge(&bridge, Mac([2, 0, 0, 0, 0, 1]))
        .set_alias(&bridge, "made by\nme")
        .add_address(&bridge, "10.0.0.1/24".parse().unwrap())
        .up(&bridge);
    insta::assert_snapshot!(batch.as_str(), @r"
    link add name vmbr0 address 02:00:00:00:00:01 type bridge stp_state 0 forward_delay 0
    link set dev vmbr0 alias made_by_me
    address add 10.0.0.1/24 dev vmbr0
    link set dev vmbr0 up
    ");
}

/// Runs `test` in a network namespace that ends with it; prints why when we may not have one.
fn in_namespace<F: Future<Output = ()>>(test: impl FnOnce() -> F + Send + 'static) {
    let run = move || {
        if let Err(error) = nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWNET) {
            println!("skipped: unable to make a network namespace: {error}");
            return;
        }
        // Children are started by this very thread, hence inside.
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test());
    };
    std::thread::spawn(run).join().unwrap();
}

#[test]
fn links_are_made_and_removed() {
    in_namespace(|| async {
        let name = |text: &str| text.parse::<LinkName>().unwrap();
        let (bridge, one, other, tap) = (name("vmbr0"), name("veth0"), name("veth1"), name("tap100i0"));
        let address = "10.5.0.1/24".parse().unwrap();
        let batch = Batch::new().add_bridge(&bridge, Mac([2, 0, 0, 0, 0, 1])).add_address(&bridge, address).up(&bridge);
        let batch = batch.add_veth(&one, &other).set_master(&one, &bridge).add_tap(&tap).set_master(&tap, &bridge);
        batch.set_mtu(&tap, 1400).set_alias(&bridge, "test").apply().await.unwrap();

        let links = links().await.unwrap();
        let find = |wanted: &LinkName| links.iter().find(|link| link.name == wanted.as_str()).unwrap();
        assert_eq!(find(&bridge).kind.as_deref(), Some("bridge"));
        assert_eq!(find(&bridge).addresses, [address]);
        assert_eq!(find(&bridge).alias.as_deref(), Some("test"));
        assert_eq!(find(&tap).master.as_deref(), Some("vmbr0"));
        assert_eq!(find(&tap).mtu, 1400);
        assert!(links.iter().all(|link| link.name != "eth0"));
        assert_eq!(routes().unwrap()[0].destination, address.network());

        Batch::new().delete(&one).delete(&tap).delete(&bridge).apply().await.unwrap();
        assert!(super::links().await.unwrap().iter().all(|link| link.master.is_none() && link.name != "veth1"));
        let error = Batch::new().delete(&bridge).apply().await.unwrap_err().to_string();
        assert!(error.contains("vmbr0") || error.contains("Cannot find device"), "{error}");
    });
}

#[test]
fn rules_are_loaded_all_or_none() {
    in_namespace(|| async {
        nft("table ip one {\n chain c {\n type nat hook postrouting priority 100;\n masquerade\n }\n}\n")
            .await
            .unwrap();
        let error = nft("table ip two { }\ndelete table ip nowhere").await.unwrap_err();
        assert!(error.to_string().contains("nft"), "{error}");
        enable_forwarding().unwrap();
        assert!(forwarding().unwrap());
    });
}

proptest! {
    #[test]
    fn printed_addresses_read_back(ip: u32, prefix in 0u8..=32) {
        let cidr = Cidr::v4(ip.into(), prefix);
        prop_assert_eq!(cidr.to_string().parse(), Ok(cidr));
        prop_assert!(cidr.overlaps(&cidr.network()));
    }

    #[test]
    fn no_text_breaks_a_reader(text in ".*") {
        let _ = (text.parse::<Cidr>(), text.parse::<Mac>(), text.parse::<LinkName>(), parse_links(&text));
        let _ = parse_routes(&text);
    }
}
