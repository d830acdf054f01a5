//! The static description of a parameter: what it is called, what values it takes, who may change it.

use std::borrow::Cow;

use crate::{format, pattern};

/// A parameter of a method, a key of a property string, or an option of a configuration file.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Name on the wire and in files, without the index of an indexed key.
    pub name: &'static str,
    /// Description for documentation and help texts.
    pub doc: &'static str,
    /// What values are taken.
    pub kind: Kind,
    /// Whether it may be left out.
    pub optional: bool,
    /// The value that counts when it is left out, as text.
    pub default: Option<&'static str>,
    /// In a property string: the key that a value without a key belongs to.
    pub default_key: bool,
    /// Name of another parameter that must be given together with this one.
    pub requires: Option<&'static str>,
    /// Privilege that changing this option needs.
    pub needs: Option<&'static str>,
    /// Short form of the value for usage texts, where the kind alone does not tell.
    pub typetext: Option<&'static str>,
    /// Known by name, but without effect in this version: refused when given, kept when found in a file.
    pub later: bool,
}

impl Param {
    /// The blank that the derive fills in.
    pub const fn of(optional: bool) -> Self {
        Self {
            name: "",
            doc: "",
            kind: Kind::Any,
            optional,
            default: None,
            default_key: false,
            requires: None,
            needs: None,
            typetext: None,
            later: false,
        }
    }
    /// Whether the parameter may be left out: optional by type, or by having a default.
    pub const fn may_be_absent(&self) -> bool {
        self.optional || self.default.is_some()
    }
}

/// Another name under which a parameter is accepted.
#[derive(Clone, Copy, Debug)]
pub struct Alias {
    /// The other name.
    pub alias: &'static str,
    /// The name that it stands for.
    pub name: &'static str,
}

/// A key whose name is a value in itself: `virtio=AA:…` stands for `model=virtio,macaddr=AA:…`.
#[derive(Clone, Copy, Debug)]
pub struct KeyAlias {
    /// The key as written.
    pub key: &'static str,
    /// The parameter that takes the key's name as its value.
    pub key_to: &'static str,
    /// The parameter that takes the value.
    pub value_to: &'static str,
}

/// A whole set of parameters.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Description of the set.
    pub doc: &'static str,
    /// The parameters in order of declaration.
    pub params: &'static [Param],
    /// Other names.
    pub aliases: &'static [Alias],
    /// Keys that carry a value in their name.
    pub key_aliases: &'static [KeyAlias],
}

impl Spec {
    /// All parameters, nested option sets opened up.
    pub fn flat(&self) -> Vec<&'static Param> {
        let mut out = Vec::with_capacity(self.params.len());
        for param in self.params {
            match param.kind {
                Kind::Flat(inner) => out.extend(inner.flat()),
                _ => out.push(param),
            }
        }
        out
    }

    /// The key that a value without a key belongs to.
    pub fn default_key(&self) -> Option<&'static str> {
        self.params.iter().find_map(|param| match param.kind {
            Kind::Flat(inner) => inner.default_key(),
            _ => param.default_key.then_some(param.name),
        })
    }

    /// The parameter that a concrete key (`net3`, `memory`) belongs to.
    pub fn find(&self, key: &str) -> Option<&'static Param> {
        self.params.iter().find_map(|param| match param.kind {
            Kind::Flat(inner) => inner.find(key),
            Kind::Indexed(_, count) => index_of(param.name, key, count).map(|_| param),
            _ => (param.name == key).then_some(param),
        })
    }
}

/// The index in a key such as `net3`, if it is one of the allowed ones and written without leading zeros.
pub fn index_of(name: &str, key: &str, count: u32) -> Option<u32> {
    let digits = key.strip_prefix(name)?;
    let index: u32 = digits.parse().ok()?;
    (index < count && digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0')))
        .then_some(index)
}

/// What values a parameter takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Any value, checked by its user.
    Any,
    /// A text.
    Text(Text),
    /// A whole number, within limits.
    Int(Option<f64>, Option<f64>),
    /// A number, within limits.
    Num(Option<f64>, Option<f64>),
    /// 0 or 1.
    Bool,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// Several values in one text, separated by comma, semicolon or white space.
    List(&'static Kind, Text),
    /// A list of values, given as repeated key or JSON array.
    Array(&'static Kind),
    /// `key=value,key=value` in one text.
    Props(&'static Spec, Text),
    /// `name0`, `name1`, … up to the count, exclusive.
    Indexed(&'static Kind, u32),
    /// A nested option set, merged into its surroundings.
    Flat(&'static Spec),
}

/// Limits on a text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Text {
    /// Name of a registered format, see [`format::check`].
    pub format: Option<&'static str>,
    /// Regular expression that the whole text must match.
    pub pattern: Option<&'static str>,
    /// Least number of characters.
    pub min_len: Option<usize>,
    /// Greatest number of characters.
    pub max_len: Option<usize>,
}

impl Text {
    /// No limits.
    pub const FREE: Self = Self { format: None, pattern: None, min_len: None, max_len: None };
    /// A registered format.
    pub const fn format(name: &'static str) -> Self {
        Self { format: Some(name), ..Self::FREE }
    }

    /// Checks length, pattern and format. The error is the text that clients of PVE know.
    pub fn check(&self, value: &str) -> Result<(), String> {
        self.check_length(value)?;
        if let Some(pattern) = self.pattern
            && !pattern::matches(pattern, value)
        {
            return Err("value does not match the regex pattern".to_owned());
        }
        match self.format {
            Some(name) => format::check(name, value).map_err(|why| format!("invalid format - {why}")),
            None => Ok(()),
        }
    }

    fn check_length(&self, value: &str) -> Result<(), String> {
        if self.min_len.is_none() && self.max_len.is_none() {
            return Ok(());
        }
        let length = value.chars().count();
        match (self.min_len, self.max_len) {
            (Some(min), _) if length < min => Err(format!("value must be at least {min} characters long")),
            (_, Some(max)) if length > max => Err(format!("value may only be {max} characters long")),
            _ => Ok(()),
        }
    }
}

/// Limits as the derive collects them from attributes, laid over a kind by [`Kind::with`].
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Least value.
    pub min: Option<f64>,
    /// Greatest value.
    pub max: Option<f64>,
    /// Least number of characters.
    pub min_len: Option<usize>,
    /// Greatest number of characters.
    pub max_len: Option<usize>,
    /// Regular expression.
    pub pattern: Option<&'static str>,
    /// Registered format.
    pub format: Option<&'static str>,
    /// Number of indexed keys.
    pub count: Option<u32>,
}

impl Rules {
    /// No limits.
    pub const NONE: Self =
        Self { min: None, max: None, min_len: None, max_len: None, pattern: None, format: None, count: None };

    const fn text(&self, old: Text) -> Text {
        Text {
            format: if self.format.is_some() { self.format } else { old.format },
            pattern: if self.pattern.is_some() { self.pattern } else { old.pattern },
            min_len: if self.min_len.is_some() { self.min_len } else { old.min_len },
            max_len: if self.max_len.is_some() { self.max_len } else { old.max_len },
        }
    }
}

impl Kind {
    /// This kind with further limits.
    pub const fn with(self, rules: Rules) -> Self {
        match self {
            Self::Text(text) => Self::Text(rules.text(text)),
            Self::Int(min, max) => Self::Int(
                if rules.min.is_some() { rules.min } else { min },
                if rules.max.is_some() { rules.max } else { max },
            ),
            Self::Num(min, max) => Self::Num(
                if rules.min.is_some() { rules.min } else { min },
                if rules.max.is_some() { rules.max } else { max },
            ),
            Self::List(item, text) => Self::List(item, rules.text(text)),
            Self::Props(spec, text) => Self::Props(spec, rules.text(text)),
            Self::Indexed(item, count) => Self::Indexed(item, if let Some(n) = rules.count { n } else { count }),
            other => other,
        }
    }

    /// Name of the JSON type, as the schema and its error texts say it.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Int(..) => "integer",
            Self::Num(..) => "number",
            Self::Bool => "boolean",
            Self::Array(..) => "array",
            Self::Indexed(item, _) => item.type_name(),
            _ => "string",
        }
    }

    /// Checks one value given as text and brings it into its plain form. `lenient` takes `on`, `yes`, `true` and
    /// their opposites for booleans, as property strings, files and command lines do.
    pub fn check<'a>(&self, value: &'a str, lenient: bool) -> Result<Cow<'a, str>, String> {
        match self {
            Self::Any | Self::Array(_) | Self::Flat(_) => Ok(Cow::Borrowed(value)),
            Self::Text(text) => text.check(value).map(|()| Cow::Borrowed(value)),
            Self::Int(min, max) => {
                let number = parse_int(value).ok_or_else(|| wrong_type("integer", value))?;
                check_range(number, *min, *max).map(|()| Cow::Borrowed(value))
            }
            Self::Num(min, max) => {
                let number = parse_num(value).ok_or_else(|| wrong_type("number", value))?;
                check_range(number, *min, *max).map(|()| Cow::Borrowed(value))
            }
            Self::Bool => parse_bool(value, lenient)
                .map(|flag| Cow::Borrowed(if flag { "1" } else { "0" }))
                .ok_or_else(|| wrong_type("boolean", value)),
            Self::Choice(values) if values.contains(&value) => Ok(Cow::Borrowed(value)),
            Self::Choice(values) => Err(not_in_choice(value, values)),
            Self::List(item, text) => {
                text.check_length(value)?;
                for part in split_list(value) {
                    item.check(part, lenient)?;
                }
                Ok(Cow::Borrowed(value))
            }
            Self::Props(_, text) => text.check(value).map(|()| Cow::Borrowed(value)),
            Self::Indexed(item, _) => item.check(value, lenient),
        }
    }
}

/// The parts of a `-list` value.
pub fn split_list(value: &str) -> impl Iterator<Item = &str> {
    value.split(|c: char| matches!(c, ',' | ';' | '\0') || c.is_ascii_whitespace()).filter(|part| !part.is_empty())
}

/// The error text for a value outside an enumeration.
pub fn not_in_choice(value: &str, values: &[&str]) -> String {
    format!("value '{value}' does not have a value in the enumeration '{}'", values.join(", "))
}

fn wrong_type(name: &str, value: &str) -> String {
    format!("type check ('{name}') failed - got '{value}'")
}

fn parse_int(value: &str) -> Option<f64> {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| value.parse().ok()).flatten()
}

fn parse_num(value: &str) -> Option<f64> {
    let plain = value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    (plain && value.bytes().any(|b| b.is_ascii_digit())).then(|| value.parse().ok()).flatten()
}

/// Reads a boolean; see [`Kind::check`] for `lenient`.
pub fn parse_bool(value: &str, lenient: bool) -> Option<bool> {
    match value {
        "1" => Some(true),
        "0" => Some(false),
        _ if !lenient => None,
        _ if ["on", "yes", "true"].iter().any(|word| value.eq_ignore_ascii_case(word)) => Some(true),
        _ if ["off", "no", "false"].iter().any(|word| value.eq_ignore_ascii_case(word)) => Some(false),
        _ => None,
    }
}

fn check_range(number: f64, min: Option<f64>, max: Option<f64>) -> Result<(), String> {
    match (min, max) {
        (Some(min), _) if number < min => Err(format!("value must have a minimum value of {min}")),
        (_, Some(max)) if number > max => Err(format!("value must have a maximum value of {max}")),
        _ => Ok(()),
    }
}
