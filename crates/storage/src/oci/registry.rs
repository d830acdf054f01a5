//! Asking a registry (distribution-spec): tags, manifests, blobs; anonymously, with a token where the registry wants
//! one (the `Bearer` way of authentication that registries share).

use host::http::{Answer, HttpError, Session};
use serde::Deserialize;

use super::manifest::{self, Digest};
use super::reference::Reference;

/// Most pages of tags that are asked for.
const PAGES: usize = 200;
/// Longest answer with a token, bytes.
const TOKEN: u64 = 1 << 20;

/// Why a registry did not give what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// It could not be reached.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// It wants to know who asks, or hides that there is nothing.
    #[error(
        "access to '{0}' was denied by its registry: it does not exist there, or needs a login, which this version does not support"
    )]
    Denied(String),
    /// There is no such image.
    #[error("'{0}' was not found in its registry")]
    NotFound(String),
    /// It said something else.
    #[error("the registry of '{what}' answered: {status}")]
    Status {
        /// What was asked for.
        what: String,
        /// Its answer.
        status: String,
    },
    /// What it sent is not what it should be.
    #[error("the registry sent something wrong: {0}")]
    Wrong(String),
}

/// One repository at its registry.
pub struct Registry {
    session: Session,
    reference: Reference,
    base: String,
    token: Option<String>,
}

impl Registry {
    /// Nothing is asked yet. `private`: whether registries at addresses that are not public may be used.
    ///
    /// # Errors
    /// When HTTP cannot be set up.
    pub fn new(reference: &Reference, private: bool) -> Result<Self, RegistryError> {
        let base = format!("https://{}", reference.host());
        Ok(Self { session: Session::new(private)?, reference: reference.clone(), base, token: None })
    }

    /// All tags of the repository.
    ///
    /// # Errors
    /// When the registry does not tell.
    pub async fn tags(&mut self) -> Result<Vec<String>, RegistryError> {
        #[derive(Deserialize)]
        struct Page {
            tags: Option<Vec<String>>,
        }
        let mut path = format!("/v2/{}/tags/list", self.reference.repository);
        let mut tags = Vec::new();
        for _ in 0..PAGES {
            let answer = self.get(&path, "application/json").await?;
            let next = answer.header("link").and_then(|link| next_page(link, &self.base));
            let body = answer.body(manifest::LIMIT).await?;
            let page: Page = serde_json::from_slice(&body).map_err(|error| RegistryError::Wrong(error.to_string()))?;
            tags.extend(page.tags.unwrap_or_default());
            match next {
                Some(next) => path = next,
                None => break,
            }
        }
        Ok(tags)
    }

    /// A manifest or index by its tag or digest.
    ///
    /// # Errors
    /// When the registry does not give it.
    pub async fn manifest(&mut self, which: &str) -> Result<Vec<u8>, RegistryError> {
        let path = format!("/v2/{}/manifests/{which}", self.reference.repository);
        let kinds = [manifest::INDEX, manifest::MANIFEST, manifest::DOCKER_INDEX, manifest::DOCKER_MANIFEST];
        let body = self.get(&path, &kinds.join(", ")).await?.body(manifest::LIMIT).await?;
        match which.parse::<Digest>() {
            Ok(wanted) if Digest::of(&body) != wanted => {
                let found = Digest::of(&body);
                Err(RegistryError::Wrong(format!("checksum mismatch: got '{found}' != expect '{wanted}'")))
            }
            _ => Ok(body),
        }
    }

    /// The bytes of a configuration or layer, still to be compared with the digest.
    ///
    /// # Errors
    /// When the registry does not give it.
    pub async fn blob(&mut self, digest: &Digest) -> Result<Answer, RegistryError> {
        self.get(&format!("/v2/{}/blobs/{digest}", self.reference.repository), "*/*").await
    }

    async fn get(&mut self, path: &str, accept: &str) -> Result<Answer, RegistryError> {
        let mut answer = self.ask(path, accept).await?;
        if answer.status() == 401 {
            let denied = || RegistryError::Denied(self.reference.to_string());
            let challenge = answer.header("www-authenticate").and_then(Challenge::parse).ok_or_else(denied)?;
            self.token = Some(self.authorize(&challenge).await?);
            answer = self.ask(path, accept).await?;
        }
        match answer.status() {
            200 => Ok(answer),
            401 | 403 => Err(RegistryError::Denied(self.reference.to_string())),
            404 => Err(RegistryError::NotFound(self.reference.to_string())),
            _ => Err(RegistryError::Status { what: self.reference.to_string(), status: answer.status_text() }),
        }
    }

    async fn ask(&mut self, path: &str, accept: &str) -> Result<Answer, RegistryError> {
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut headers = vec![("accept", accept)];
        headers.extend(bearer.as_deref().map(|value| ("authorization", value)));
        match self.session.get(&format!("{}{path}", self.base), &[], &headers).await {
            Err(HttpError::Transfer(_)) if self.reference.is_local() && self.base.starts_with("https:") => {
                self.base = format!("http://{}", self.reference.host());
                Ok(self.session.get(&format!("{}{path}", self.base), &[], &headers).await?)
            }
            other => Ok(other?),
        }
    }

    /// Gets a token for reading the repository.
    async fn authorize(&self, challenge: &Challenge) -> Result<String, RegistryError> {
        #[derive(Deserialize)]
        struct Token {
            token: Option<String>,
            access_token: Option<String>,
        }
        if !(challenge.realm.starts_with("https://") || self.reference.is_local()) {
            return Err(RegistryError::Wrong("it gives tokens without encryption".to_owned()));
        }
        let scope = challenge.scope.clone().unwrap_or_else(|| format!("repository:{}:pull", self.reference.repository));
        let mut query = vec![("scope", scope.as_str())];
        query.extend(challenge.service.as_deref().map(|service| ("service", service)));
        let answer = self.session.get(&challenge.realm, &query, &[]).await?;
        let denied = || RegistryError::Denied(self.reference.to_string());
        match answer.status() {
            200 => {}
            401 | 403 => return Err(denied()),
            _ => {
                let what = self.reference.to_string();
                return Err(RegistryError::Status { what, status: answer.status_text() });
            }
        }
        let body = answer.body(TOKEN).await?;
        // What is wrong with it is not told: a token may be in it.
        let token: Token =
            serde_json::from_slice(&body).map_err(|_| RegistryError::Wrong("its token is not JSON".to_owned()))?;
        let fits = |token: &String| token.bytes().all(|byte| byte.is_ascii_graphic());
        token.token.or(token.access_token).filter(fits).ok_or_else(denied)
    }
}

/// What a registry wants: `Bearer realm="…",service="…",scope="…"` (RFC 9110, 11.6.1).
#[derive(Debug, PartialEq, Eq)]
struct Challenge {
    realm: String,
    service: Option<String>,
    scope: Option<String>,
}

impl Challenge {
    fn parse(header: &str) -> Option<Self> {
        let (scheme, mut rest) = header.trim().split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let (mut realm, mut service, mut scope) = (None, None, None);
        while let Some((key, after)) = rest.split_once('=') {
            let (value, next) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => after.split_once(',').unwrap_or((after, "")),
            };
            match key.trim_matches([',', ' ']).to_ascii_lowercase().as_str() {
                "realm" => realm = Some(value.to_owned()),
                "service" => service = Some(value.to_owned()),
                "scope" => scope = Some(value.to_owned()),
                _ => {}
            }
            rest = next;
        }
        Some(Self { realm: realm?, service, scope })
    }
}

/// The path of the next page in a `Link` header (RFC 8288), at the same registry only.
fn next_page(link: &str, base: &str) -> Option<String> {
    let (target, about) = link.trim().strip_prefix('<')?.split_once('>')?;
    if !about.contains("rel=\"next\"") && !about.contains("rel=next") {
        return None;
    }
    let path = target.strip_prefix(base).unwrap_or(target);
    (path.starts_with("/v2/")).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read() {
        let header =
            r#"Bearer realm="https://auth.example/token",service="r.example",scope="repository:a/b:pull,push""#;
        let expected = Challenge {
            realm: "https://auth.example/token".into(),
            service: Some("r.example".into()),
            scope: Some("repository:a/b:pull,push".into()),
        };
        assert_eq!(Challenge::parse(header), Some(expected));
        assert_eq!(Challenge::parse("bearer realm=https://x/, scope=y").unwrap().scope.as_deref(), Some("y"));
        for wrong in ["Basic realm=\"x\"", "Bearer", "Bearer service=\"x\"", "Bearer realm=\"x"] {
            assert_eq!(Challenge::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn pages_are_followed_at_the_same_registry() {
        let next = |link: &str| next_page(link, "https://r.example");
        assert_eq!(next("</v2/a/tags/list?last=x>; rel=\"next\"").as_deref(), Some("/v2/a/tags/list?last=x"));
        assert_eq!(next("<https://r.example/v2/a?n=1>; rel=next").as_deref(), Some("/v2/a?n=1"));
        assert_eq!(next("<https://other.example/v2/a>; rel=\"next\""), None);
        assert_eq!(next("</v2/a>; rel=\"prev\""), None);
    }
}
