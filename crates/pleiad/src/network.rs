//! `pleiad network`: the network for guests, by hand.

use std::process::ExitCode;

use host::paths::Paths;
use network::GuestNetwork;

use crate::options::Options;

const USAGE: &str = "usage: pleiad network down [--root DIR] [--bridge NAME]";

/// Runs the command that the first word names.
pub(crate) fn main(words: &[String]) -> ExitCode {
    match words.split_first() {
        Some((word, options)) if word == "down" => crate::finish("network", down(options)),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::FAILURE
        }
    }
}

/// Removes what a node made for its guests; refuses while guests use it.
fn down(options: &[String]) -> Result<(), String> {
    let options = Options::parse(options, &["root", "bridge"], &[])?;
    let paths = Paths::new(options.or("root", "/")).map_err(|error| error.to_string())?;
    let network = GuestNetwork::new(&paths, options.or("bridge", api::node::DEFAULT_BRIDGE));
    let network = network.map_err(|error| error.to_string())?;
    let outcome = crate::runtime(1)?.block_on(network.down()).map_err(|error| error.to_string())?;
    outcome.notes.iter().for_each(|note| println!("{note}"));
    Ok(())
}
