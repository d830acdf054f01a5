//! Options of the roles: `--name value`, `--name=value`, and flags.

use std::collections::BTreeMap;

/// What a role was started with.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    values: BTreeMap<String, String>,
}

impl Options {
    /// Reads options; `valued` are the names that take a value, `flags` those that do not.
    ///
    /// # Errors
    /// A name that is in neither list, a missing value, a word that is no option, an option given twice.
    pub(crate) fn parse(args: &[String], valued: &[&str], flags: &[&str]) -> Result<Self, String> {
        let mut values = BTreeMap::new();
        let mut words = args.iter();
        while let Some(word) = words.next() {
            let Some(option) = word.strip_prefix("--") else {
                return Err(format!("unexpected argument '{word}'"));
            };
            let (name, attached) = match option.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (option, None),
            };
            let value = if flags.contains(&name) && attached.is_none() {
                String::new()
            } else if valued.contains(&name) {
                let value = attached.or_else(|| words.next().cloned());
                value.ok_or_else(|| format!("option '--{name}' needs a value"))?
            } else {
                let known: Vec<String> = valued.iter().chain(flags).map(|name| format!("--{name}")).collect();
                return Err(format!("unknown option '--{name}'; there are {}", known.join(", ")));
            };
            if values.insert(name.to_owned(), value).is_some() {
                return Err(format!("option '--{name}' is given twice"));
            }
        }
        Ok(Self { values })
    }

    /// The value of an option.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The value of an option, or what counts without it.
    pub(crate) fn or<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        self.get(name).unwrap_or(default)
    }

    /// Whether a flag was given.
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.values.contains_key(flag)
    }

    /// The given ones of these options, as arguments for another role.
    pub(crate) fn pass_on(&self, names: &[&str]) -> Vec<String> {
        let given = self.values.iter().filter(|(name, _)| names.contains(&name.as_str()));
        given
            .map(|(name, value)| if value.is_empty() { format!("--{name}") } else { format!("--{name}={value}") })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Options, String> {
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        Options::parse(&args, &["root", "listen"], &["no-network"])
    }

    #[test]
    fn both_forms_of_a_value_are_read() {
        let options = parse(&["--root", "/a=b", "--listen=[::]:1", "--no-network"]).unwrap();
        assert_eq!(options.get("root"), Some("/a=b"));
        assert_eq!(options.get("listen"), Some("[::]:1"));
        assert!(options.has("no-network"));
        assert_eq!(options.pass_on(&["listen", "no-network"]), ["--listen=[::]:1", "--no-network"]);
    }

    #[test]
    fn mistakes_are_refused() {
        for args in [&["--rot", "x"][..], &["--root"], &["x"], &["--root=a", "--root=b"], &["--no-network=1"]] {
            assert!(parse(args).is_err(), "{args:?}");
        }
    }
}
