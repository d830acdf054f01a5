//! Command lines as text: quoting, joining and splitting by a shell's rules. Nothing here runs a shell; it is for
//! showing a command to people and for options that hold several arguments.

/// Quotes one word so that a POSIX shell reads it back unchanged.
pub fn quote(word: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "_-.,:/@+=%".contains(c);
    if !word.is_empty() && word.chars().all(safe) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Quotes every word and joins them by single spaces.
pub fn join<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| quote(word.as_ref())).collect();
    quoted.join(" ")
}

/// Splits text into words as a POSIX shell does, without expanding anything. `None` when a quote is not closed.
pub fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => words.extend(word.take()),
            '\'' => read_single(&mut chars, word.get_or_insert_default())?,
            '"' => read_double(&mut chars, word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().push(chars.next()?),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

/// Everything up to the closing single quote, as it stands.
fn read_single(chars: &mut std::str::Chars<'_>, word: &mut String) -> Option<()> {
    loop {
        match chars.next()? {
            '\'' => return Some(()),
            c => word.push(c),
        }
    }
}

/// Everything up to the closing double quote; a backslash protects only what is special there.
fn read_double(chars: &mut std::str::Chars<'_>, word: &mut String) -> Option<()> {
    loop {
        match chars.next()? {
            '"' => return Some(()),
            '\\' => match chars.next()? {
                c @ ('"' | '\\' | '$' | '`') => word.push(c),
                c => word.extend(['\\', c]),
            },
            c => word.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quotes_group_words() {
        assert_eq!(split(r#"a "b c" d"#), Some(vec!["a".into(), "b c".into(), "d".into()]));
        assert_eq!(split(r#"it\'s '' "x\"y\n""#), Some(vec!["it's".into(), String::new(), r#"x"y\n"#.into()]));
        assert_eq!(split("an 'open quote"), None);
    }

    #[test]
    fn only_what_needs_quoting_is_quoted() {
        assert_eq!(join(["/bin/echo", "", "it's", "a=b"]), r"/bin/echo '' 'it'\''s' a=b");
    }

    proptest! {
        #[test]
        fn joined_words_split_into_the_same(words: Vec<String>) {
            prop_assert_eq!(split(&join(&words)), Some(words));
        }
    }
}
