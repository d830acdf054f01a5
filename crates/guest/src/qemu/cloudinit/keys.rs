//! Public SSH keys: the option holds the lines of an `authorized_keys` file, URL-encoded.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use percent_encoding::percent_decode_str;

/// What the names of key types begin with.
const TYPES: &[&str] = &["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];

/// The keys in an option's value: its lines without empty ones and comments.
pub(super) fn lines(encoded: &str) -> Vec<String> {
    let text = percent_decode_str(encoded).decode_utf8_lossy();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

/// Checks that every line is a key.
///
/// # Errors
/// What the first line that is none looks like, shortened.
pub(super) fn check(encoded: &str) -> Result<(), String> {
    if percent_decode_str(encoded).decode_utf8().is_err() {
        return Err("SSH public key validation error: the text is not UTF-8".to_owned());
    }
    match lines(encoded).into_iter().find(|line| !is_key(line)) {
        Some(line) => {
            let start: String = line.chars().take(40).filter(|c| !c.is_control()).collect();
            Err(format!(
                "SSH public key validation error: no key in the line beginning with '{start}' - give lines as in a file \
                 authorized_keys, URL-encoded"
            ))
        }
        None => Ok(()),
    }
}

/// Whether a line is `[options] type base64 [comment]`, and its data says the same type.
fn is_key(line: &str) -> bool {
    if line.contains(char::is_control) {
        return false;
    }
    let words = words(line);
    let typed = |pair: &[&str]| TYPES.iter().any(|start| pair[0].starts_with(start)) && says(pair[1], pair[0]);
    words.windows(2).take(2).any(typed)
}

/// Words separated by spaces, those in double quotes kept together: options have quoted parts.
fn words(line: &str) -> Vec<&str> {
    let mut inside = false;
    let split = |c: char| {
        inside ^= c == '"';
        !inside && matches!(c, ' ' | '\t')
    };
    line.split(split).filter(|word| !word.is_empty()).collect()
}

/// Whether a key's data (RFC 4253, 6.6) begins with this type.
fn says(data: &str, kind: &str) -> bool {
    let Ok(bytes) = BASE64.decode(data) else { return false };
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else { return false };
    let length = u32::from_be_bytes(*length) as usize;
    rest.get(..length) == Some(kind.as_bytes()) && rest.len() > length
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

    fn encoded(text: &str) -> String {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    }

    #[test]
    fn keys_are_taken_with_options_and_comments() {
        for line in [
            KEY.to_owned(),
            format!("{KEY} me@host.example  two words"),
            format!("command=\"echo a b\",no-pty {KEY} me"),
            format!("# a comment\n\n{KEY}\r\n{KEY} b\n"),
            String::new(),
        ] {
            assert_eq!(check(&encoded(&line)), Ok(()), "{line}");
        }
        assert_eq!(lines(&encoded(&format!("#c\n\n {KEY} b \n"))), [format!("{KEY} b")]);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let rsa = KEY.replace("ssh-ed25519", "ssh-rsa");
        for line in
            ["hello", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-ed25519 !!!", &rsa, "rsa AAAA", &format!("{KEY}\nx")]
        {
            let refused = check(&encoded(line)).unwrap_err();
            assert!(refused.starts_with("SSH public key validation error"), "{line}: {refused}");
        }
        assert!(check(&encoded(&format!("{KEY} a\u{1b}[2Jb"))).is_err());
        assert!(check("%ff").is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in any::<String>()) {
            let _ = check(&encoded(&text));
            prop_assert!(lines(&encoded(&text)).iter().all(|line| !line.contains('\n')));
        }
    }
}
