//! Processor models of the cluster's own: `virtual-guest/cpu-models.conf`, which VMs name as `custom-NAME`.
//!
//! A section file: `cpu-model: NAME`, then the options of a VM's `cpu`, one a line. Everything here is a function of its
//! text.

use std::{collections::BTreeMap, sync::Arc};

use schema::{
    Flat, Params,
    section::{File, Section},
};
use store::{Tree, views::Views};

use super::config::{
    cpu_model::CpuModel,
    device::{Cpu, CpuOptions},
};

/// Where the configuration tree keeps it.
pub const KEY: &str = "virtual-guest/cpu-models.conf";

/// The type of its sections.
const KIND: &str = "cpu-model";

/// How a VM names a model of the cluster's own.
pub const PREFIX: &str = "custom-";

/// Models by name, without `custom-`.
pub type Models = BTreeMap<String, Cpu>;

/// A new model.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct NewModel {
    /// Its name, with or without `custom-`.
    #[param(format = "pve-configid", max_len = 40)]
    pub cputype: String,
    /// Its options.
    pub options: Flat<CpuOptions>,
    /// Model of QEMU that it derives from.
    #[param(name = "reported-model")]
    pub reported_model: CpuModel,
}

impl NewModel {
    /// What its section says.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = vec![("reported-model".to_owned(), self.reported_model.as_str().to_owned())];
        pairs.extend(schema::config::pairs(&self.options.0));
        pairs
    }
}

/// A change of a model.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct ModelChange {
    /// Its name, with or without `custom-`.
    #[param(format = "pve-configid", max_len = 40)]
    pub cputype: String,
    /// Options to remove.
    #[param(format = "pve-configid-list")]
    pub delete: Vec<String>,
    /// SHA-1 of the file that the change is based on; another one is refused.
    #[param(max_len = 64)]
    pub digest: Option<String>,
    /// Its options.
    pub options: Flat<CpuOptions>,
    /// Model of QEMU that it derives from.
    #[param(name = "reported-model", default = "kvm64")]
    pub reported_model: Option<CpuModel>,
}

impl ModelChange {
    /// What its section shall say.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        let model = self.reported_model.map(|model| ("reported-model".to_owned(), model.as_str().to_owned()));
        model.into_iter().chain(schema::config::pairs(&self.options.0)).collect()
    }
}

/// Why a model was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The name is taken.
    #[error("Custom cpu model '{0}' already exists")]
    Exists(String),
    /// There is none of this name.
    #[error("Custom cpu model '{0}' does not exist")]
    Missing(String),
    /// Nobody can have this name.
    #[error("invalid format - value '{0}' does not look like a valid configid (after 'custom-')")]
    Name(String),
    /// The caller has seen another version.
    #[error("detected modified configuration - file changed by other user? Try again.")]
    Digest,
    /// The configuration tree refused.
    #[error("{0}")]
    Store(String),
}

impl From<store::StoreError> for ModelError {
    fn from(error: store::StoreError) -> Self {
        Self::Store(error.to_string())
    }
}

/// The models as they stand in the tree.
#[must_use]
pub fn of(tree: &Tree) -> Arc<Models> {
    Views::get(tree, KEY, parse)
}

/// Reads the file. What does not fit is left out; the model stays.
#[must_use]
pub fn parse(text: &str) -> Models {
    let file = File::parse(text);
    let sections = file.sections().filter(|section| section.kind() == KIND);
    sections.filter_map(|section| Some((section.id().to_owned(), read(section)?))).collect()
}

fn read(section: &Section) -> Option<Cpu> {
    let pairs: Vec<_> = section.pairs().collect();
    let (model, leftover) = schema::config::read::<Cpu>(pairs.iter().copied());
    // A value that fits no rule must not take the whole model away.
    model.or_else(|| {
        schema::config::read::<Cpu>(pairs.into_iter().filter(|(key, _)| !leftover.errors.contains_key(*key))).0
    })
}

/// The name without `custom-`.
///
/// # Errors
/// When nothing that could be a name is left.
pub fn bare(name: &str) -> Result<&str, ModelError> {
    let bare = name.strip_prefix(PREFIX).unwrap_or(name);
    match schema::format::check("pve-configid", bare) {
        Ok(()) => Ok(bare),
        Err(_) => Err(ModelError::Name(bare.to_owned())),
    }
}

/// Adds a model with these options; answers the file's new text.
///
/// # Errors
/// When the name is none, or taken.
pub fn create(text: &str, name: &str, options: &[(String, String)]) -> Result<String, ModelError> {
    let name = bare(name)?;
    let mut file = File::parse(text);
    if file.get(name).is_some() {
        return Err(ModelError::Exists(name.to_owned()));
    }
    let mut section = Section::new(KIND, name);
    options.iter().for_each(|(key, value)| section.set(key, value));
    file.push(section);
    Ok(file.to_string())
}

/// Sets and removes options of a model; answers the file's new text.
///
/// # Errors
/// When there is none of this name.
pub fn update(text: &str, name: &str, options: &[(String, String)], delete: &[String]) -> Result<String, ModelError> {
    let name = bare(name)?;
    let mut file = File::parse(text);
    let section = file.get_mut(name).ok_or_else(|| ModelError::Missing(name.to_owned()))?;
    for key in delete {
        section.unset(key);
    }
    options.iter().for_each(|(key, value)| section.set(key, value));
    Ok(file.to_string())
}

/// Removes a model; answers the file's new text.
///
/// # Errors
/// When there is none of this name.
pub fn remove(text: &str, name: &str) -> Result<String, ModelError> {
    let name = bare(name)?;
    let mut file = File::parse(text);
    match file.remove(name) {
        true => Ok(file.to_string()),
        false => Err(ModelError::Missing(name.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Vec<(String, String)> {
        vec![("reported-model".into(), "athlon".into()), ("flags".into(), "+aes;-avx".into())]
    }

    #[test]
    fn models_are_made_changed_and_removed() {
        let text = create("", "custom-mine", &options()).unwrap();
        insta::assert_snapshot!(text, @r"
        cpu-model: mine
        	reported-model athlon
        	flags +aes;-avx
        ");
        assert_eq!(create(&text, "mine", &options()), Err(ModelError::Exists("mine".into())));
        let phys = [("phys-bits".to_owned(), "host".to_owned())];
        let text = update(&text, "mine", &phys, &["flags".to_owned()]).unwrap();
        let model = &parse(&text)["mine"];
        assert_eq!((model.options.phys_bits.as_deref(), model.options.flags.as_deref()), (Some("host"), None));
        assert_eq!(update(&text, "other", &phys, &[]), Err(ModelError::Missing("other".into())));
        assert_eq!(remove(&text, "mine").unwrap().trim(), "");
        assert_eq!(remove("", "mine"), Err(ModelError::Missing("mine".into())));
    }

    #[test]
    fn a_name_is_more_than_its_prefix() {
        assert!(create("", "custom-", &options()).unwrap_err().to_string().contains("configid"));
        assert!(bare("custom-a b").is_err());
    }

    #[test]
    fn a_wrong_value_costs_no_more_than_itself() {
        let models = parse("cpu-model: a\n\tlevel what\n\tflags +aes\n\nother: b\n\n");
        assert_eq!(models.len(), 1);
        assert_eq!(models["a"].options.flags.as_deref(), Some("+aes"));
    }
}
