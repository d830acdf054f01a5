//! Identifiers that every part of the system speaks of.

use std::fmt;
use std::str::FromStr;

use crate::format;
use crate::kind::{Kind, Text};
use crate::params::Scalar;
use crate::reply::{Reply, Returns};

/// ID of a guest: 100 to 999,999,999, unique in the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vmid(u32);

impl Vmid {
    /// Lowest ID.
    pub const MIN: u32 = 100;
    /// Highest ID.
    pub const MAX: u32 = 999_999_999;

    /// An ID, if the number is within the limits.
    pub const fn new(id: u32) -> Option<Self> {
        if id >= Self::MIN && id <= Self::MAX { Some(Self(id)) } else { None }
    }
    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Vmid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl From<Vmid> for u32 {
    fn from(id: Vmid) -> Self {
        id.0
    }
}

impl FromStr for Vmid {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let plain = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
        let id = if plain { text.parse().ok().and_then(Self::new) } else { None };
        id.ok_or_else(|| format!("value '{text}' does not look like a valid VM ID"))
    }
}

impl Scalar for Vmid {
    const KIND: Kind = Kind::Int(Some(Self::MIN as f64), Some(Self::MAX as f64));
    fn read(text: &str) -> Result<Self, String> {
        text.parse()
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Reply for Vmid {
    const RETURNS: Returns = Returns::Int;
    fn value(self) -> serde_json::Value {
        self.0.into()
    }
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $format:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str { &self.0 }
        }
        impl FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                format::check($format, text).map(|()| Self(text.to_owned()))
            }
        }
        impl Scalar for $name {
            const KIND: Kind = Kind::Text(Text::format($format));
            fn read(text: &str) -> Result<Self, String> { text.parse() }
            fn show(&self) -> String { self.0.clone() }
        }
        impl Reply for $name {
            const RETURNS: Returns = Returns::Text;
            fn value(self) -> serde_json::Value { self.0.into() }
        }
    };
}

name_type! {
    /// Name of a node: a host name without dots.
    NodeName, "pve-node"
}
name_type! {
    /// Name of a configured storage.
    StorageId, "pve-storage-id"
}
name_type! {
    /// A plain identifier, as for options and snapshots.
    ConfigId, "pve-configid"
}
name_type! {
    /// Name of a pool, up to three levels joined by `/`.
    PoolId, "pve-poolid"
}
