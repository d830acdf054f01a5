//! Names of images: `registry.example:5000/team/app:1.2`.

use std::fmt;
use std::str::FromStr;

/// The registry of names without one, and where its API is.
const DEFAULT: (&str, &str) = ("docker.io", "registry-1.docker.io");

/// Where an image is, without or with a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Host and port of the registry, as people write it.
    pub registry: String,
    /// The repository there.
    pub repository: String,
    /// The tag, if one is named.
    pub tag: Option<String>,
}

impl FromStr for Reference {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is no reference of an image: expected [HOST[:PORT]/]REPOSITORY[:TAG]");
        let (registry, rest) = match text.split_once('/') {
            // What follows the rules of a host name only is a part of the repository.
            Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (first, rest),
            _ => (DEFAULT.0, text),
        };
        let (repository, tag) = match rest.split_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (rest, None),
        };
        let part = |part: &str| {
            let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
            let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
            ends(part.chars().next()) && ends(part.chars().next_back()) && part.chars().all(inner)
        };
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let tag_fits = |tag: &str| {
            tag.len() <= 128 && tag.starts_with(word) && tag.chars().all(|c| word(c) || c == '.' || c == '-')
        };
        let host = |c: char| c.is_ascii_alphanumeric() || ".:-".contains(c);
        let fits = registry.chars().all(host) && repository.split('/').all(part) && tag.is_none_or(tag_fits);
        if !fits || repository.len() > 255 {
            return Err(wrong());
        }
        let official = registry == DEFAULT.0 && !repository.contains('/');
        let repository = if official { format!("library/{repository}") } else { repository.to_owned() };
        Ok(Self { registry: registry.to_owned(), repository, tag: tag.map(str::to_owned) })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.registry, self.repository)?;
        self.tag.iter().try_for_each(|tag| write!(out, ":{tag}"))
    }
}

impl Reference {
    /// Host and port of the API.
    #[must_use]
    pub fn host(&self) -> &str {
        if self.registry == DEFAULT.0 { DEFAULT.1 } else { &self.registry }
    }

    /// Whether the registry is this machine itself, where plain HTTP reads nobody's traffic.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let name = self.registry.rsplit_once(':').map_or(self.registry.as_str(), |(name, _)| name);
        name == "localhost" || name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
    }

    /// The file name that the image gets when the caller names none: `app_1.2.tar`.
    #[must_use]
    pub fn filename(&self) -> String {
        let name = self.repository.rsplit('/').next().unwrap_or_default();
        format!("{name}_{}.tar", self.tag.as_deref().unwrap_or("latest"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_understood() {
        let parse = |text: &str| text.parse::<Reference>().map(|found| (found.to_string(), found.filename()));
        let good = |text: &str, whole: &str, file: &str| {
            assert_eq!(parse(text), Ok((whole.to_owned(), file.to_owned())));
        };
        good("debian:13", "docker.io/library/debian:13", "debian_13.tar");
        good("team/app:1", "docker.io/team/app:1", "app_1.tar");
        good("localhost:5000/app", "localhost:5000/app", "app_latest.tar");
        good("r.example/a/b-c:v1.0_x", "r.example/a/b-c:v1.0_x", "b-c_v1.0_x.tar");
        for wrong in ["", ":x", "a//b", "A/b", "a:", "r.example/", "a/../b", "a:b:c", "r.example/a:.x", "a@sha256:0"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn this_machine_is_known_by_its_names() {
        let local = |text: &str| text.parse::<Reference>().unwrap().is_local();
        assert!(local("127.0.0.1:5000/a") && local("localhost:1/a"));
        assert!(!local("127.0.0.1.example/a") && !local("a") && !local("10.0.0.1:5000/a"));
    }
}
