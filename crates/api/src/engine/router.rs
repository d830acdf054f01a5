//! From a concrete path to the row of a method.

use std::collections::BTreeMap;

use super::endpoint::{Endpoint, Subdir, Verb};

/// The tree of all path templates.
#[derive(Default)]
pub struct Router {
    root: Branch,
    rows: Vec<&'static Endpoint>,
}

#[derive(Default)]
struct Branch {
    /// Fixed segments.
    fixed: BTreeMap<&'static str, Branch>,
    /// The segment that is a parameter, with its name.
    parameter: Option<(&'static str, Box<Branch>)>,
    /// Methods by verb, in the order of [`Verb::ALL`].
    methods: [Option<&'static Endpoint>; 4],
}

/// Where a path leads.
pub enum Found<'a> {
    /// A method, with the parameters of its path.
    Method(&'static Endpoint, Vec<(&'static str, &'a str)>),
    /// No method, but a place with others below it: its listing.
    Listing(Vec<Subdir>),
    /// Nothing.
    Nothing,
}

impl Router {
    /// Builds the tree.
    ///
    /// # Errors
    /// Two rows for the same verb and path, or two names for the same parameter.
    pub fn new(tables: &[&'static [Endpoint]]) -> Result<Self, String> {
        let mut router = Self::default();
        for row in tables.iter().flat_map(|table| table.iter()) {
            router.insert(row)?;
        }
        router.rows.sort_by_key(|row| (row.path, row.verb.as_str()));
        Ok(router)
    }

    /// All methods, by path and verb.
    pub fn rows(&self) -> &[&'static Endpoint] {
        &self.rows
    }

    fn insert(&mut self, row: &'static Endpoint) -> Result<(), String> {
        let mut branch = &mut self.root;
        for segment in segments(row.path) {
            branch = match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
                None => branch.fixed.entry(segment).or_default(),
                Some(name) => {
                    let (known, next) = branch.parameter.get_or_insert_with(|| (name, Box::default()));
                    if *known != name {
                        return Err(format!("{row:?}: parameter {name} is called {known} in another row"));
                    }
                    next
                }
            };
        }
        let slot = &mut branch.methods[slot(row.verb)];
        if slot.is_some() {
            return Err(format!("{row:?} is declared twice"));
        }
        *slot = Some(row);
        self.rows.push(row);
        Ok(())
    }

    /// Finds what a path leads to. Segments come as they are on the wire, not yet percent-decoded.
    pub fn find<'a>(&self, verb: Verb, path: &'a str) -> Found<'a> {
        let mut parameters = Vec::new();
        let Some(branch) = self.walk(path, &mut parameters) else { return Found::Nothing };
        match branch.methods[slot(verb)] {
            Some(row) => Found::Method(row, parameters),
            None if verb == Verb::Get && branch.has_children() => Found::Listing(branch.listing()),
            None => Found::Nothing,
        }
    }

    /// The entries below a path.
    pub fn listing(&self, path: &str) -> Vec<Subdir> {
        self.walk(path, &mut Vec::new()).map(Branch::listing).unwrap_or_default()
    }

    fn walk<'a>(&self, path: &'a str, parameters: &mut Vec<(&'static str, &'a str)>) -> Option<&Branch> {
        let mut branch = &self.root;
        let mut rest = path.trim_matches('/');
        while !rest.is_empty() {
            let (segment, after) = rest.split_once('/').unwrap_or((rest, ""));
            if let Some(next) = branch.fixed.get(segment) {
                branch = next;
                rest = after;
            } else {
                let (name, next) = branch.parameter.as_ref()?;
                branch = next;
                // Volume IDs have slashes of their own: a parameter at the end of a branch takes all that is left.
                let value = if branch.is_leaf() { rest } else { segment };
                parameters.push((*name, value));
                rest = if branch.is_leaf() { "" } else { after };
            }
        }
        Some(branch)
    }
}

impl Branch {
    fn is_leaf(&self) -> bool {
        self.fixed.is_empty() && self.parameter.is_none()
    }

    fn has_children(&self) -> bool {
        !self.fixed.is_empty()
    }

    fn listing(&self) -> Vec<Subdir> {
        self.fixed.keys().map(|name| Subdir { subdir: (*name).to_owned(), name: (*name).to_owned() }).collect()
    }
}

fn slot(verb: Verb) -> usize {
    match verb {
        Verb::Get => 0,
        Verb::Post => 1,
        Verb::Put => 2,
        Verb::Delete => 3,
    }
}

fn segments(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter(|segment| !segment.is_empty())
}
