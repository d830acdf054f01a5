//! `/access`: logins, realms, users and their tokens, groups, roles, access control entries.

pub mod acl;
mod directory;
pub mod domains;
pub mod edit;
pub mod groups;
pub mod login;
pub mod password;
pub mod permissions;
pub mod roles;
pub mod ticket;
pub mod tokens;
pub mod users;

#[cfg(test)]
mod tests;
