use super::*;

fn device(id: &str, group: i64, mdev: bool) -> PciFacts {
    PciFacts { id: id.into(), subsystem_id: None, iommu_group: Some(group), mdev }
}

fn devices() -> Devices {
    let pci = [
        ("0000:01:00.0", device("10de:2231", 1, true)),
        ("0000:01:00.1", device("10de:1aef", 1, false)),
        ("0000:07:10.0", device("8086:1520", 2, false)),
        ("0000:07:10.1", device("8086:1520", 2, false)),
        ("0000:07:10.4", device("8086:1520", 2, false)),
    ];
    let pci = pci.into_iter().map(|(id, facts)| (id.to_owned(), facts)).collect();
    Devices { pci, usb: vec![("1-1.4".into(), "046d:c52b".into())], taken: BTreeMap::new() }
}

const MAPPINGS: &str = "\
nic
\tmap id=8086:1520,iommugroup=2,node=one,path=0000:07:10.0
\tmap id=8086:1520,iommugroup=2,node=one,path=0000:07:10.1
\tmap id=8086:1520,iommugroup=2,node=one,path=0000:07:10.4
\tlive-migration-capable 1

gpu
\tmap id=10de:2231,iommugroup=1,node=one,path=0000:01:00

old
\tmap id=10de:2232,iommugroup=1,node=one,path=0000:01:00.0
";

fn config(text: &str) -> VmConfig {
    let pairs: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once(": ")).collect();
    schema::config::read::<VmConfig>(pairs).0.unwrap()
}

fn resolve(text: &str, devices: &Devices) -> Result<BTreeMap<u32, PciChoice>, String> {
    let mappings = Mappings::parse(MAPPINGS);
    let wishes = wishes(&config(text), &mappings, &"one".parse().unwrap(), devices);
    let settled = wishes.and_then(|wishes| choose(wishes, &devices.taken)).map_err(|err| err.to_string())?;
    Ok(functions(100, &settled))
}

fn hosts(choice: &PciChoice) -> Vec<&str> {
    let name = |one| match one {
        &PciFunction::Host(ref id) | &PciFunction::Mediated(ref id) => id.as_str(),
    };
    choice.functions.iter().map(name).collect()
}

#[test]
fn an_address_without_function_means_all_of_them() {
    let got = resolve("hostpci0: 01:00\nhostpci1: 0000:07:10.4;07:10.0\n", &devices()).unwrap();
    assert_eq!(hosts(&got[&0]), ["0000:01:00.0", "0000:01:00.1"]);
    assert_eq!(hosts(&got[&1]), ["0000:07:10.4", "0000:07:10.0"]);
    assert_eq!(resolve("hostpci3: 02:00.0\n", &devices()).unwrap_err(), "hostpci3: no PCI device found for '02:00.0'");
    assert!(resolve("hostpci3: pcie=1\n", &devices()).unwrap_err().contains("must be given"));
}

#[test]
fn those_without_a_choice_come_first() {
    let got = resolve("hostpci0: mapping=nic\nhostpci1: 07:10.0\nhostpci2: mapping=nic\n", &devices()).unwrap();
    assert_eq!((hosts(&got[&0]), hosts(&got[&2])), (vec!["0000:07:10.1"], vec!["0000:07:10.4"]));
    assert!(got[&0].migratable && !got[&1].migratable);
    let four = "hostpci0: mapping=nic\nhostpci1: mapping=nic\nhostpci2: mapping=nic\nhostpci3: mapping=nic\n";
    assert!(resolve(four, &devices()).unwrap_err().starts_with("hostpci3: could not find a free device"));
    let twice = resolve("hostpci0: 01:00\nhostpci1: 01:00.1\n", &devices()).unwrap_err();
    assert_eq!(twice, "PCI device '0000:01:00.1' assigned more than once");
}

#[test]
fn what_others_have_is_not_given_away() {
    let taken = [("0000:07:10.0".to_owned(), 7), ("0000:01:00.1".to_owned(), 8)].into();
    let devices = Devices { taken, ..devices() };
    assert_eq!(hosts(&resolve("hostpci0: mapping=nic\n", &devices).unwrap()[&0]), ["0000:07:10.1"]);
    let refused = resolve("hostpci0: mapping=gpu\n", &devices).unwrap_err();
    assert_eq!(refused, "PCI device '0000:01:00.1' already in use by VMID '8'");
}

#[test]
fn hardware_that_changed_is_not_passed() {
    let refused = resolve("hostpci0: mapping=old\n", &devices()).unwrap_err();
    assert!(refused.contains("hardware probably changed"), "{refused}");
    let missing = resolve("hostpci0: mapping=none\n", &devices()).unwrap_err();
    assert_eq!(missing, "PCI device mapping 'none' does not exist");
}

#[test]
fn a_mediated_device_has_an_identity_of_its_own() {
    let got = resolve("hostpci2: 01:00.0,mdev=some-model\n", &devices()).unwrap();
    assert_eq!(hosts(&got[&2]), ["/sys/bus/mdev/devices/00000002-0000-0000-0000-000000000100"]);
    assert!(resolve("hostpci2: 01:00,mdev=some-model\n", &devices()).is_err());
}

#[test]
fn usb_devices_by_ids_port_and_mapping() {
    let mappings = Mappings::parse("key\n\tmap id=046d:c52b,node=one,path=1-1.4\n\ngone\n\tmap id=1:2,node=one\n");
    let node: NodeName = "one".parse().unwrap();
    let of = |text: &str| usb(&config(text), &mappings, &node, &devices()).map_err(|err| err.to_string());
    let got = of("usb0: host=0x046d:c52b\nusb1: 2-1.3\nusb2: spice,usb3=1\nusb3: mapping=key\n").unwrap();
    assert_eq!(got[&0], UsbChoice::Ids { vendor: 0x46d, product: 0xc52b });
    assert_eq!(got[&1], UsbChoice::Port { bus: 2, port: "1.3".into() });
    assert_eq!(got[&2], UsbChoice::Spice);
    assert_eq!(got[&3], UsbChoice::Port { bus: 1, port: "1.4".into() });
    assert!(of("usb0: mapping=none\n").is_err());
    assert_eq!(of("usb0: mapping=gone\n").unwrap_err(), "USB device mapping not found for 'gone' on node 'one'");
}
