//! How fast a card may be: what its guest receives is shaped, what it sends is policed (tc-tbf(8), tc-matchall(8)).

use super::{Tap, TapError, batch};
use crate::run::Run;

/// Longest that a packet waits to be received, milliseconds; then it is dropped.
const LATENCY: u32 = 50;

/// What a card may send or receive at once, bytes, at least: less would throttle below the rate.
const BURST: f64 = 1_048_576.0;

/// Puts the limits of cards that were just made, or have been cleared, into force.
pub(super) async fn limit(taps: &[Tap]) -> Result<(), TapError> {
    let lacking = |source| TapError::Rate(source);
    match batch("tc", plan(taps)).await {
        Err(TapError::Run(source)) => Err(lacking(source)),
        done => done,
    }
}

/// Takes the limits of a card away.
pub(super) async fn clear(name: &str) -> Result<(), TapError> {
    let shown = Run::new("tc").args(["qdisc", "show", "dev", name]).output().await?.text();
    batch("tc", removal(name, &shown)).await
}

fn plan(taps: &[Tap]) -> String {
    let mut commands = String::new();
    for Tap { name, rate, .. } in taps {
        let Some(rate) = rate.filter(|rate| *rate > 0.0) else { continue };
        let bytes = rate * 1_048_576.0;
        // A hundredth of a second's worth, as the kernel's clock may tick that slowly.
        let (bits, burst) = ((bytes * 8.0).round(), (bytes / 100.0).max(BURST).round());
        commands += &format!("qdisc add dev {name} root tbf rate {bits}bit burst {burst}b latency {LATENCY}ms\n");
        commands += &format!("qdisc add dev {name} handle ffff: ingress\n");
        // Packets come from the guest as large as 64 KiB.
        commands += &format!(
            "filter add dev {name} parent ffff: protocol all prio 50 matchall \
             action police rate {bits}bit burst {burst}b mtu 64kb conform-exceed drop\n"
        );
    }
    commands
}

/// What takes away the limits that `tc qdisc show` tells of.
fn removal(name: &str, shown: &str) -> String {
    let mut commands = String::new();
    for line in shown.lines() {
        if line.starts_with("qdisc tbf ") {
            commands += &format!("qdisc del dev {name} root\n");
        } else if line.starts_with("qdisc ingress ") {
            commands += &format!("qdisc del dev {name} ingress\n");
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::{super::tests::tap, *};

    #[test]
    fn both_directions_are_limited() {
        let slow = Tap { rate: Some(0.5), ..tap("tap100i0", "vmbr0") };
        let fast = Tap { rate: Some(1250.0), ..tap("tap100i1", "vmbr0") };
        let none = Tap { rate: Some(0.0), ..tap("tap100i2", "vmbr0") };
        insta::assert_snapshot!(plan(&[slow, fast, none]), @r"
        qdisc add dev tap100i0 root tbf rate 4194304bit burst 1048576b latency 50ms
        qdisc add dev tap100i0 handle ffff: ingress
        filter add dev tap100i0 parent ffff: protocol all prio 50 matchall action police rate 4194304bit burst 1048576b mtu 64kb conform-exceed drop
        qdisc add dev tap100i1 root tbf rate 10485760000bit burst 13107200b latency 50ms
        qdisc add dev tap100i1 handle ffff: ingress
        filter add dev tap100i1 parent ffff: protocol all prio 50 matchall action police rate 10485760000bit burst 13107200b mtu 64kb conform-exceed drop
        ");
    }

    #[test]
    fn only_limits_are_taken_away() {
        let shown =
            "qdisc tbf 8001: root refcnt 2 rate 8Mbit burst 1Mb lat 50ms\nqdisc ingress ffff: parent ffff:fff1 ---\n";
        insta::assert_snapshot!(removal("x", shown), @r"
        qdisc del dev x root
        qdisc del dev x ingress
        ");
        assert_eq!(removal("x", "qdisc fq_codel 0: root refcnt 2\n"), "");
    }
}
