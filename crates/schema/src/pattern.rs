//! Regular expressions of parameter tables, compiled once each.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};

use regex_lite::Regex;

type Cache = RwLock<HashMap<&'static str, Option<Arc<Regex>>>>;

fn compiled(pattern: &'static str) -> Option<Arc<Regex>> {
    static CACHE: OnceLock<Cache> = OnceLock::new();
    let cache = CACHE.get_or_init(Cache::default);
    if let Some(found) = cache.read().ok().and_then(|map| map.get(pattern).cloned()) {
        return found;
    }
    let regex = Regex::new(&format!("^(?:{pattern})$")).ok().map(Arc::new);
    if let Ok(mut map) = cache.write() {
        map.insert(pattern, regex.clone());
    }
    regex
}

/// Whether the whole value matches. A pattern that does not compile matches nothing (and a test over all declared
/// tables keeps such a pattern out).
pub fn matches(pattern: &'static str, value: &str) -> bool {
    compiled(pattern).is_some_and(|regex| regex.is_match(value))
}

/// Whether the pattern compiles.
pub fn is_valid(pattern: &'static str) -> bool {
    compiled(pattern).is_some()
}
