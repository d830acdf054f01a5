//! What a key and a text may be.

use crate::StoreError;

/// Longest key.
pub const MAX_KEY_BYTES: usize = 512;

/// Longest text of one key.
pub const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// Checks that a key is a relative path of plain segments: letters, digits and `._@+=:-`, begun by a letter, a digit
/// or `_`. So no key is hidden, absolute or leads out of the tree, should the tree be written to a directory.
///
/// # Errors
/// [`StoreError::BadKey`].
pub fn check_key(key: &str) -> Result<(), StoreError> {
    let bad = |reason| Err(StoreError::BadKey { key: key.to_owned(), reason });
    if key.is_empty() || key.len() > MAX_KEY_BYTES {
        return bad("it must have 1 to 512 bytes");
    }
    for segment in key.split('/') {
        let Some(first) = segment.bytes().next() else {
            return bad("it has an empty segment");
        };
        if !(first.is_ascii_alphanumeric() || first == b'_') {
            return bad("a segment must begin with a letter, a digit or '_'");
        }
        if !segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"._@+=:-".contains(&b)) {
            return bad("a segment holds a character other than letters, digits and '._@+=:-'");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_of_configuration_files_are_fine() {
        for key in ["storage.cfg", "nodes/pve-1/qemu-server/100.conf", "priv/storage/nas.pw", "priv/tfa/a@pam.json"] {
            check_key(key).unwrap();
        }
    }

    #[test]
    fn keys_that_lead_elsewhere_are_refused() {
        for key in ["", "/etc/passwd", "a//b", "a/", "..", "a/../b", "a/.", ".hidden", "-rf", "a b", "a\0", "ä", "a\\b"]
        {
            assert!(matches!(check_key(key), Err(StoreError::BadKey { .. })), "{key:?}");
        }
        assert!(check_key(&"x".repeat(MAX_KEY_BYTES + 1)).is_err());
    }

    proptest! {
        #[test]
        fn a_good_key_stays_below_its_directory(key in "[a-z./]{1,12}") {
            if check_key(&key).is_ok() {
                let joined = std::path::Path::new("/d").join(&key);
                prop_assert!(joined.starts_with("/d") && joined.components().all(|c| c.as_os_str() != ".."));
            }
        }
    }
}
