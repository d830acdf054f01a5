//! Password hashes as crypt(3) knows them: the fields of `shadow` files, `$5$salt$hash` and its relatives.

use std::{fs::File, io, io::Read};

use crate::sys;

/// The characters of a salt, in crypt(3)'s own alphabet.
const SALT_ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Whether `password` is the one that `hash` was made from, whichever method the system's crypt(3) knows made it.
///
/// A hash that is empty, locked (`!…`, `*…`) or of an unknown method matches nothing.
#[must_use]
pub fn verify(password: &str, hash: &str) -> bool {
    if hash.len() < 4 || hash.starts_with(['!', '*']) {
        return false;
    }
    sys::crypt(password, hash).is_ok_and(|made| same(made.as_bytes(), hash.as_bytes()))
}

/// Hashes a password with SHA-256 crypt and a fresh salt of 8 characters, the form that shadow.cfg is written in.
///
/// # Errors
/// When the system gives no random bytes or crypt(3) lacks the method.
pub fn hash_sha256(password: &str) -> io::Result<String> {
    let salt: String = random(8)?.iter().map(|byte| char::from(SALT_ALPHABET[usize::from(byte & 63)])).collect();
    sys::crypt(password, &format!("$5${salt}$"))
}

/// Random bytes from the kernel, fit for secrets.
///
/// # Errors
/// When `/dev/urandom` cannot be read.
pub fn random(count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; count];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A random UUID (version 4 of RFC 9562).
///
/// # Errors
/// When the system gives no random bytes.
pub fn random_uuid() -> io::Result<String> {
    let mut id = random(16)?;
    id[6] = id[6] & 0x0f | 0x40;
    id[8] = id[8] & 0x3f | 0x80;
    let hex: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
}

/// Compares in a time that tells nothing about where the difference is.
fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_matches_its_password_only() {
        let hash = hash_sha256("correct horse").unwrap();
        assert!(hash.starts_with("$5$") && hash.split('$').nth(2).unwrap().len() == 8, "{hash}");
        assert!(verify("correct horse", &hash));
        assert!(!verify("correct hors", &hash));
        assert!(!verify("", &hash));
    }

    #[test]
    fn two_hashes_of_one_password_differ() {
        assert_ne!(hash_sha256("x").unwrap(), hash_sha256("x").unwrap());
    }

    // Published test vectors of the methods.
    #[test]
    fn known_methods_are_verified() {
        assert!(verify("Hello world!", "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"));
        assert!(verify(
            "Hello world!",
            "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"
        ));
    }

    #[test]
    fn what_is_no_hash_matches_nothing() {
        for hash in ["", "!", "*", "!!", "$5", "$99$x$y", "x", "!$5$saltstring$5B8vYYiY", "$5$salt\0string$x"] {
            assert!(!verify("", hash), "{hash:?}");
            assert!(!verify("x", hash), "{hash:?}");
        }
        assert!(!verify("a\0b", "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"));
    }
}
