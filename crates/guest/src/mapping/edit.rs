//! Changes of a file of mappings: text in, text out.

use schema::section::{File, Section};

use super::{
    error::MappingError,
    file::{Entry, encoded, parse, print},
};

/// What a mapping is to be, as far as it is given.
#[derive(Clone, Debug)]
pub struct Change<E> {
    /// What it means, node by node; empty to leave that as it is.
    pub map: Vec<E>,
    /// Notes.
    pub description: Option<String>,
    /// Further options.
    pub flags: Vec<(&'static str, Option<bool>)>,
}

/// Adds a mapping.
///
/// # Errors
/// When the name is taken, or the entries do not go together.
pub fn create<E: Entry>(text: &str, id: &str, change: &Change<E>) -> Result<String, MappingError> {
    let mut file = parse(E::KIND, text);
    if file.get(id).is_some() {
        return Err(MappingError::Exists { kind: E::KIND, id: id.to_owned() });
    }
    file.push(Section::new(E::KIND.name(), id));
    apply(&mut file, id, change)?;
    Ok(print(E::KIND, &file))
}

/// Changes a mapping and takes options out of it.
///
/// # Errors
/// When there is none with this name, the caller has seen another text, the entries do not go together, or an option
/// cannot be taken out.
pub fn update<E: Entry>(
    text: &str,
    id: &str,
    change: &Change<E>,
    delete: &[String],
    digest: Option<&str>,
) -> Result<String, MappingError> {
    if digest.is_some_and(|digest| digest != schema::digest(text)) {
        return Err(MappingError::Digest);
    }
    let mut file = parse(E::KIND, text);
    let missing = || MappingError::Missing { kind: E::KIND, id: id.to_owned() };
    let section = file.get_mut(id).ok_or_else(missing)?;
    for key in delete {
        let known = key == "description" || change.flags.iter().any(|(name, _)| name == key);
        if !known {
            return Err(MappingError::parameter("delete", format!("option '{key}' cannot be deleted")));
        }
        let set = change.flags.iter().any(|(name, value)| name == key && value.is_some());
        if set || (key == "description" && change.description.is_some()) {
            let message = format!("unable to set and delete '{key}' at the same time");
            return Err(MappingError::parameter("delete", message));
        }
        section.unset(key);
    }
    apply(&mut file, id, change)?;
    Ok(print(E::KIND, &file))
}

/// Removes a mapping; one that is not there is no error, as it is gone either way. Guests that name it keep the name.
#[must_use]
pub fn remove<E: Entry>(text: &str, id: &str) -> String {
    let mut file = parse(E::KIND, text);
    file.remove(id);
    print(E::KIND, &file)
}

fn apply<E: Entry>(file: &mut File, id: &str, change: &Change<E>) -> Result<(), MappingError> {
    let Some(section) = file.get_mut(id) else { return Ok(()) };
    if let Some(description) = &change.description {
        match description.is_empty() {
            true => drop(section.unset("description")),
            false => section.set("description", &encoded(description)),
        }
    }
    for (key, value) in &change.flags {
        if let Some(value) = value {
            section.set(key, if *value { "1" } else { "0" });
        }
    }
    if !change.map.is_empty() {
        E::check_together(&change.map).map_err(|why| MappingError::parameter("map", why))?;
        section.set_all("map", change.map.iter().map(schema::property::print));
    }
    Ok(())
}
