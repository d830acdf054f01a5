//! Tests of the parsers on texts of real machines.

use super::*;
use proptest::prelude::*;

#[test]
fn processor_time_is_split_into_work_and_waiting() {
    let earlier = parse_stat("cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 2 3 4\n").unwrap();
    let now = parse_stat("cpu  150 10 70 880 90 0 0 0 60 0\n").unwrap();
    assert_eq!(earlier.total(), 1000);
    let (busy, waiting) = now.since(&earlier);
    assert!((busy - 0.4).abs() < 1e-9, "{busy}");
    assert!((waiting - 0.2).abs() < 1e-9, "{waiting}");
    assert_eq!(now.since(&now), (0.0, 0.0));
}

#[test]
fn memory_in_use_leaves_out_caches() {
    let memory =
        parse_meminfo("MemTotal: 1000 kB\nMemFree: 200 kB\nMemAvailable: 700 kB\nSwapTotal: 10 kB\nSwapFree: 4 kB\n");
    assert_eq!(memory.used(), 300 * 1024);
    assert_eq!(memory.swap_free, 4096);
    let old = parse_meminfo("MemTotal: 1000 kB\nMemFree: 200 kB\nBuffers: 50 kB\nCached: 150 kB\n");
    assert_eq!(old.available, 400 * 1024);
}

#[test]
fn pressure_is_the_ten_second_average() {
    let text =
        "some avg10=49.77 avg60=19.46 avg300=5.70 total=33008148\nfull avg10=1.50 avg60=0.00 avg300=0.00 total=0\n";
    assert_eq!(parse_pressure(text), Some(Pressure { some: 49.77, full: 1.5 }));
    assert_eq!(parse_pressure(""), None);
}

#[test]
fn links_count_what_came_and_went() {
    let text = "Inter-|   Receive\n face |bytes    packets\n  eth0: 280364876    6890    0    0    0     0          0         0   362050    3897    0    0    0     0       0          0\ntap100i0:5 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0\n";
    let links = parse_net_dev(text);
    assert_eq!(links["eth0"], LinkCounters { received: 280_364_876, sent: 362_050 });
    assert_eq!(links["tap100i0"], LinkCounters { received: 5, sent: 7 });
    assert_eq!(links.len(), 2);
}

#[test]
fn cores_are_counted_per_package() {
    let one = |processor: u32, package: u32, core: u32| {
        format!(
            "processor\t: {processor}\nmodel name\t: Some CPU\ncpu MHz\t\t: 2596.122\nphysical id\t: {package}\ncore id\t\t: {core}\nflags\t\t: fpu svm sse\n\n"
        )
    };
    let text = [one(0, 0, 0), one(1, 0, 0), one(2, 1, 0), one(3, 1, 0)].concat();
    let info = parse_cpuinfo(&text);
    assert_eq!((info.cpus, info.cores, info.sockets), (4, 2, 2));
    assert!(info.hvm());
    assert_eq!(info.mhz, "2596.122");
    let arm = parse_cpuinfo("processor\t: 0\nFeatures\t: fp asimd\n\nprocessor\t: 1\n");
    assert_eq!((arm.cpus, arm.cores, arm.sockets, arm.hvm()), (2, 2, 1, false));
}

#[test]
fn kernel_versions_keep_what_follows_the_numbers() {
    let version = parse_version("Linux version 5.0.21-5-pve (build@pve) #1 SMP").unwrap();
    assert_eq!((version.major, version.minor, version.patch, version.extra.as_str()), (5, 0, 21, "5-pve"));
    let version = parse_version("Linux version 6.12 (x)").unwrap();
    assert_eq!((version.minor, version.patch, version.extra.as_str(), version.release.as_str()), (12, 0, "", "6.12"));
    assert_eq!(parse_version("Linux version 6.12.0+deb13-amd64 (x)").unwrap().extra, "+deb13-amd64");
    assert_eq!(parse_version("FreeBSD"), None);
}

#[test]
fn process_io_counts_disks_only() {
    let text =
        "rchar: 6976\nwchar: 3\nsyscr: 10\nsyscw: 0\nread_bytes: 4096\nwrite_bytes: 512\ncancelled_write_bytes: 0\n";
    assert_eq!(parse_process_io(text), Some((4096, 512)));
}

#[test]
fn this_machine_is_understood() {
    let machine = Machine::read().unwrap();
    assert!(machine.cpu.total() > 0 && machine.memory.total > machine.memory.used());
    assert!(machine.links.contains_key("lo"));
    assert!(cpuinfo().unwrap().cpus > 0);
    let version = parse_version(&std::fs::read_to_string("/proc/version").unwrap()).unwrap();
    assert_eq!(version.release, kernel().release);
    assert!(process_io(std::process::id()).is_some());
}

#[tokio::test]
async fn space_of_a_missing_path_is_an_error() {
    let space = disk_space("/", Duration::from_secs(5)).await.unwrap();
    assert!(space.total >= space.used + space.available && space.free >= space.available);
    assert!(disk_space("/does/not/exist", Duration::from_secs(5)).await.is_err());
}

proptest! {
    #[test]
    fn no_text_breaks_a_parser(text in "[a-z0-9 :.\n=-]*") {
        let _ = parse_stat(&text);
        let _ = parse_meminfo(&text);
        let _ = parse_pressure(&text);
        let _ = parse_net_dev(&text);
        let _ = parse_cpuinfo(&text);
        let _ = parse_version(&text);
        let _ = parse_uptime(&text);
        let _ = parse_loadavg(&text);
    }
}
