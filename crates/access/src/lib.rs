//! Who may do what: users, tokens, groups, roles, pools and access control entries, permission expressions of methods,
//! tickets. Pure: no I/O, and time is an argument.

pub mod cap;
pub mod config;
pub mod domains;
pub mod eval;
pub mod expr;
pub mod path;
pub mod privilege;
pub mod secret;
pub mod sessions;
pub mod spice;
pub mod ticket;
pub mod userid;

pub use config::UserConfig;
pub use expr::{Access, Check, Denied, GroupsParam};
pub use privilege::Privileges;
pub use userid::{Authid, Tokenid, Userid};
