//! `/etc/network/interfaces` (interfaces(5)) with a container's own interfaces brought up to date.
//!
//! What administrators added to an interface stays; only kind, address and gateway are ours.

use super::{
    super::config::NetDevice,
    address::{Family, Method},
    section::{BEGIN, END},
};

/// A piece of the file.
enum Piece {
    /// `iface eth0 inet static` and what belongs to it.
    Interface(Stanza),
    /// Anything else, as it is.
    Other(Vec<String>),
}

struct Stanza {
    auto: bool,
    name: String,
    family: String,
    method: String,
    options: Vec<String>,
}

/// What a container wants of one family of addresses.
struct Wanted {
    family: &'static str,
    method: &'static str,
    options: Vec<String>,
    routes: Vec<String>,
}

/// The file's text for these interfaces. `cidr`: write addresses with their prefix length (Debian 10 and later).
pub(super) fn update(text: &str, nets: &[&NetDevice], cidr: bool) -> String {
    let text = if text.trim().is_empty() { "auto lo\niface lo inet loopback\niface lo inet6 loopback\n" } else { text };
    let mut pieces = parse(text);
    for net in nets {
        let wanted = wanted(net, cidr);
        let ours = |piece: &Piece| matches!(piece, Piece::Interface(stanza) if stanza.name == net.name);
        let gone = |stanza: &Stanza| !wanted.iter().any(|want| want.family == stanza.family);
        pieces.retain(|piece| !matches!(piece, Piece::Interface(stanza) if stanza.name == net.name && gone(stanza)));
        for want in wanted {
            let found = pieces.iter_mut().find_map(|piece| match piece {
                Piece::Interface(stanza) if stanza.name == net.name && stanza.family == want.family => Some(stanza),
                _ => None,
            });
            match found {
                Some(stanza) => bring_up_to_date(stanza, want),
                None => {
                    let auto = !pieces.iter().any(ours);
                    let place = pieces.iter().rposition(ours).map_or(pieces.len(), |last| last + 1);
                    let mut stanza = Stanza {
                        auto,
                        name: net.name.clone(),
                        family: want.family.into(),
                        method: String::new(),
                        options: Vec::new(),
                    };
                    bring_up_to_date(&mut stanza, want);
                    pieces.insert(place, Piece::Interface(stanza));
                }
            }
        }
    }
    print(&pieces)
}

fn wanted(net: &NetDevice, cidr: bool) -> Vec<Wanted> {
    let mut all = Vec::new();
    for (family, name) in [(Family::V4, "inet"), (Family::V6, "inet6")] {
        let method = Method::of(net, family);
        let word = match method {
            Method::None => continue,
            Method::Dhcp => "dhcp",
            Method::Auto => "auto",
            Method::Manual => "manual",
            Method::Static(_) => "static",
        };
        let mut want = Wanted { family: name, method: word, options: Vec::new(), routes: Vec::new() };
        if let Some(fixed) = method.fixed() {
            if cidr {
                want.options.push(format!("\taddress {}", fixed.cidr()));
            } else {
                want.options.push(format!("\taddress {}", fixed.ip));
                want.options.push(format!("\tnetmask {}", fixed.netmask()));
            }
            if let Some(gateway) = &fixed.gateway {
                match gateway.inside {
                    true => want.options.push(format!("\tgateway {}", gateway.ip)),
                    false => want.routes = route_by(&gateway.ip, &net.name),
                }
            }
        }
        all.push(want);
    }
    if all.is_empty() {
        all.push(Wanted { family: "inet", method: "manual", options: Vec::new(), routes: Vec::new() });
    }
    all
}

/// Routes to a gateway that no address reaches.
fn route_by(gateway: &str, name: &str) -> Vec<String> {
    vec![
        format!("\tpost-up ip route add {gateway} dev {name}"),
        format!("\tpost-up ip route add default via {gateway} dev {name}"),
        format!("\tpre-down ip route del default via {gateway} dev {name}"),
        format!("\tpre-down ip route del {gateway} dev {name}"),
    ]
}

fn bring_up_to_date(stanza: &mut Stanza, want: Wanted) {
    let mut kept = Vec::new();
    let mut inside = false;
    for line in std::mem::take(&mut stanza.options) {
        match line.trim() {
            BEGIN => inside = true,
            END => inside = false,
            text => {
                let key = text.split_ascii_whitespace().next().unwrap_or_default();
                if !inside && !matches!(key, "address" | "netmask" | "gateway" | "broadcast") {
                    kept.push(line);
                }
            }
        }
    }
    // Written by a version that did not mark its lines.
    if kept.starts_with(&want.routes) {
        kept.drain(..want.routes.len());
    }
    stanza.method = want.method.into();
    stanza.options = want.options;
    if !want.routes.is_empty() {
        stanza.options.push(BEGIN.into());
        stanza.options.extend(want.routes);
        stanza.options.push(END.into());
    }
    stanza.options.append(&mut kept);
}

fn parse(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut auto: Vec<String> = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        match words[..] {
            ["auto", name] if name != "lo" => auto.push(name.to_owned()),
            ["iface", name, family, method] if name != "lo" => {
                let known = auto.iter().position(|other| other == name);
                if let Some(index) = known {
                    auto.remove(index);
                }
                pieces.push(Piece::Interface(Stanza {
                    auto: known.is_some(),
                    name: name.into(),
                    family: family.into(),
                    method: method.into(),
                    options: Vec::new(),
                }));
            }
            [] => pieces.push(Piece::Other(Vec::new())),
            _ => match pieces.last_mut() {
                Some(Piece::Interface(stanza)) if belongs(&words, line) => stanza.options.push(line.to_owned()),
                Some(Piece::Other(lines)) => lines.push(line.to_owned()),
                _ => pieces.push(Piece::Other(vec![line.to_owned()])),
            },
        }
    }
    for name in auto {
        pieces.push(Piece::Other(vec![format!("auto {name}")]));
    }
    pieces.retain(|piece| !matches!(piece, Piece::Other(lines) if lines.is_empty()));
    pieces
}

/// Whether a line continues an interface's stanza.
fn belongs(words: &[&str], line: &str) -> bool {
    let opens = ["auto", "iface", "mapping", "source", "source-directory", "allow-hotplug", "allow-auto", "rename"];
    line.trim() == BEGIN || line.trim() == END || !words.first().is_some_and(|word| opens.contains(word))
}

fn print(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Interface(stanza) => {
                if stanza.auto {
                    text.push_str(&format!("auto {}\n", stanza.name));
                }
                text.push_str(&format!("iface {} {} {}\n", stanza.name, stanza.family, stanza.method));
                stanza.options.iter().for_each(|line| text.push_str(&format!("{line}\n")));
            }
            Piece::Other(lines) => lines.iter().for_each(|line| text.push_str(&format!("{line}\n"))),
        }
        text.push('\n');
    }
    text
}
