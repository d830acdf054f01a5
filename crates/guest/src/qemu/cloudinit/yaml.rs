//! Text as YAML scalars: whatever a value is, a reader gets back this very text.

use std::fmt::Write as _;

/// Plain words that YAML 1.1 readers take for something else than text.
const RESERVED: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// A text as one scalar: as it is where that means the same to every reader, else in double quotes.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Begins like a word, and has nothing in it that means anything to YAML; single spaces between words are fine.
fn is_plain(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '$' | '/'));
    let inner = |c: char| c.is_ascii_alphanumeric() || "._/$+=@ -".contains(c);
    begins
        && text.chars().all(inner)
        && !text.ends_with(' ')
        && !text.contains("  ")
        && !RESERVED.contains(&text.to_ascii_lowercase().as_str())
}

/// A text in double quotes, in ASCII only: line breaks, separators that some readers take for line breaks, and what
/// some refuse are escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            _ => {
                let code = u32::from(c);
                // Writing to a string cannot fail.
                let _ = match code {
                    0..=0xff => write!(out, "\\x{code:02x}"),
                    0x100..=0xffff => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use saphyr_parser::{Event, Parser};

    use super::*;

    /// What a reader makes of a document `k: SCALAR`.
    fn read(document: &str) -> Vec<String> {
        let events = Parser::new_from_str(document).map(|event| event.unwrap().0);
        let texts = events.filter_map(|event| match event {
            Event::Scalar(text, ..) => Some(text.into_owned()),
            _ => None,
        });
        texts.collect()
    }

    #[test]
    fn words_stay_readable() {
        for plain in ["web1", "$5$salt$hash/.x", "/bin/sh", "ssh-ed25519 AAAA+/= me@host"] {
            assert_eq!(scalar(plain), plain);
        }
    }

    #[test]
    fn what_means_something_to_yaml_is_quoted() {
        for special in
            ["", "yes", "NO", "Null", "1", "-", "- a", "a: b", "a #b", "a ", " a", "{}", "*x", "&x", "!x", "'", "%"]
        {
            assert_eq!(scalar(special), format!("\"{special}\""));
        }
        assert_eq!(scalar("a\nusers: []"), r#""a\x0ausers: []""#);
        assert_eq!(scalar("\"\\é\u{2028}\u{1f600}"), r#""\"\\\xe9\u2028\U0001f600""#);
    }

    proptest! {
        #[test]
        fn any_text_comes_back_as_it_was(text in any::<String>()) {
            prop_assert_eq!(read(&format!("key: {}\n", scalar(&text))), ["key", &text]);
            prop_assert_eq!(read(&format!("- {}\n", scalar(&text))), [text.as_str()]);
        }

        #[test]
        fn hostile_words_come_back_as_they_were(text in "[-:#?{}\\[\\],&*!|>'\"%@`~ \n\ta-z0-9$/=.]{0,12}") {
            prop_assert_eq!(read(&format!("key: {}\n", scalar(&text))), ["key", &text]);
        }
    }
}
