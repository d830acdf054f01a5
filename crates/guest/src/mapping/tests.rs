use super::*;
use proptest::prelude::*;

const PCI: &str = "\
# by hand
someNic
\tmap id=8086:1520,iommugroup=2,node=one,path=0000:07:10.0
\tmap id=8086:1520,iommugroup=2,node=two,path=0000:07:10.4
\tunheard-of yes

someGpu
\tdescription 100%25 of%0Ait
\tmap id=10de:2231,iommugroup=1,node=one,path=0000:01:00.4;0000:01:00.5
\tmdev 1

";

fn node(name: &str) -> NodeName {
    name.parse().unwrap()
}

fn pci(map: &str) -> Change<PciEntry> {
    let map = map.split(' ').filter(|one| !one.is_empty()).map(|one| schema::property::parse(one).unwrap()).collect();
    Change { map, description: None, flags: vec![("mdev", None)] }
}

#[test]
fn names_alone_are_heads() {
    let file = Mappings::<PciEntry>::parse(PCI);
    assert_eq!(file.by_id.keys().collect::<Vec<_>>(), ["someGpu", "someNic"]);
    let nic = file.get("someNic").unwrap();
    assert_eq!(nic.on(&node("two")).next().unwrap().path, "0000:07:10.4");
    assert!(nic.on(&node("three")).next().is_none());
    let gpu = file.get("someGpu").unwrap();
    assert_eq!((gpu.description.as_deref(), gpu.mdev), (Some("100% of\nit"), true));
    assert_eq!(file.get("x").unwrap_err().to_string(), "PCI device mapping 'x' does not exist");
}

#[test]
fn a_change_touches_its_own_lines_only() {
    let change = Change { flags: vec![("mdev", Some(false))], ..pci("node=one,id=8086:1520,path=0000:07:10.1") };
    let text = update(PCI, "someNic", &change, &["description".into()], Some(&schema::digest(PCI))).unwrap();
    insta::assert_snapshot!(text, @r"
    # by hand
    someNic
    	map id=8086:1520,node=one,path=0000:07:10.1
    	unheard-of yes
    	mdev 0

    someGpu
    	description 100%25 of%0Ait
    	map id=10de:2231,iommugroup=1,node=one,path=0000:01:00.4;0000:01:00.5
    	mdev 1
    ");
    assert!(matches!(update(PCI, "someNic", &change, &[], Some("0")), Err(MappingError::Digest)));
    assert!(matches!(update(PCI, "other", &change, &[], None), Err(MappingError::Missing { .. })));
    let both = update(PCI, "someNic", &change, &["mdev".into()], None).unwrap_err();
    assert_eq!(both.to_string(), "delete: unable to set and delete 'mdev' at the same time");
    assert!(update(PCI, "someNic", &change, &["map".into()], None).is_err());
}

#[test]
fn making_and_removing_are_inverse() {
    let change = Change { description: Some("two\nlines".into()), ..pci("node=one,id=8086:1520,path=0000:07:10.1") };
    let text = create(PCI, "third", &change).unwrap();
    assert!(text.ends_with("third\n\tdescription two%0Alines\n\tmap id=8086:1520,node=one,path=0000:07:10.1\n\n"));
    assert!(matches!(create(&text, "third", &change), Err(MappingError::Exists { .. })));
    assert_eq!(remove::<PciEntry>(&text, "third"), PCI);
    assert_eq!(remove::<PciEntry>(PCI, "third"), PCI);
}

#[test]
fn a_directory_is_mapped_once_a_node() {
    let entry = |node: &str, path: &str| DirEntry { node: self::node(node), path: path.into() };
    let change = |map| Change { map, description: None, flags: Vec::new() };
    let twice = create("", "a", &change(vec![entry("one", "/a"), entry("one", "/b")])).unwrap_err();
    assert!(twice.to_string().contains("more than once"), "{twice}");
    assert!(create("", "a", &change(vec![entry("one", "a")])).is_err());
    let text = create("", "a", &change(vec![entry("one", "/a"), entry("two", "/b")])).unwrap();
    assert_eq!(text, "a\n\tmap node=one,path=/a\n\tmap node=two,path=/b\n\n");
}

#[tokio::test]
async fn a_directory_is_held_against_the_host() {
    let check = async |path: &str| DirEntry { node: self::node("one"), path: path.into() }.check().await;
    assert_eq!(check("/").await, Ok(()));
    assert!(check("/nowhere/at/all").await.unwrap_err().contains("does not exist"));
    assert!(check("/dev/null").await.unwrap_err().contains("not a directory"));
}

#[test]
fn a_pci_mapping_is_held_against_the_device() {
    let facts = PciFacts { id: "8086:1520".into(), subsystem_id: None, iommu_group: Some(2), mdev: false };
    let there = |path: &str| (path == "0000:07:10.0").then(|| facts.clone());
    let entry = |text: &str| schema::property::parse::<PciEntry>(text).unwrap();
    let check = |text: &str| entry(text).check(false, there);
    assert_eq!(check("node=one,id=8086:1520,path=0000:07:10,iommugroup=2"), Ok(()));
    for (text, wrong) in [
        ("node=one,id=8086:1521,path=0000:07:10.0,iommugroup=2", "(8086:1521 != 8086:1520)"),
        ("node=one,id=8086:1520,path=0000:07:10.0,iommugroup=3", "(3 != 2)"),
        ("node=one,id=8086:1520,path=0000:07:10.0", "(none != 2)"),
        ("node=one,id=8086:1520,path=0000:07:10.0,iommugroup=2,subsystem-id=1:1", ""),
        ("node=one,id=8086:1520,path=0000:07:10.0;0000:07:10.1,iommugroup=2", "'0000:07:10.1' not found"),
    ] {
        let outcome = schema::property::parse::<PciEntry>(text).and_then(|entry| entry.check(false, there));
        assert!(outcome.as_ref().is_err_and(|why| why.contains(wrong)), "{text}: {outcome:?}");
    }
    assert!(entry("node=one,id=8086:1520,path=0000:07:10.0,iommugroup=2").check(true, there).is_err());
}

#[test]
fn a_usb_mapping_is_held_against_what_is_plugged_in() {
    let plugged = [("1-1.4".to_owned(), "046d:c52b".to_owned())];
    let check = |text: &str| schema::property::parse::<UsbEntry>(text).unwrap().check(&plugged);
    assert_eq!(check("node=one,id=046D:C52B"), Ok(()));
    assert_eq!(check("node=one,id=046d:c52b,path=1-1.4"), Ok(()));
    assert!(check("node=one,id=046d:c52c,path=1-1.4").unwrap_err().contains("does not match"));
    assert!(check("node=one,id=046d:c52b,path=1-2").unwrap_err().contains("not found"));
    assert!(check("node=one,id=1234:0001").unwrap_err().contains("not found"));
}

proptest! {
    #[test]
    fn any_text_is_kept(text in "([a-z#]{1,3}:? ?[a-z]{0,3}\n|\t[a-z#]{1,2} ?[a-z ]{0,4}\n|\n){0,12}") {
        let once = remove::<UsbEntry>(&text, "none");
        prop_assert_eq!(remove::<UsbEntry>(&once, "none"), once.clone());
        prop_assert_eq!(
            Mappings::<UsbEntry>::parse(&once).by_id.len(),
            Mappings::<UsbEntry>::parse(&text).by_id.len()
        );
    }
}
