//! Typed values out of arguments, and back into text.

mod indexed;

use std::ops::Deref;

use serde_json::Value;

use crate::args::{Args, Mode, plain};
use crate::kind::{Kind, Param, Spec, Text, split_list};
use crate::property;

pub use indexed::Indexed;

/// A set of parameters: derived, never written by hand.
pub trait Params: Sized + Send + 'static {
    /// The table.
    const SPEC: Spec;
    /// Takes its values out of the arguments; `None` if a mandatory one is missing or wrong (the errors say which).
    fn take(args: &mut Args) -> Option<Self>;
    /// Adds its values as text in order of declaration.
    fn put(&self, out: &mut Vec<(String, String)>);
}

/// A call without parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoParams;

impl Params for NoParams {
    const SPEC: Spec = Spec { doc: "", params: &[], aliases: &[], key_aliases: &[] };
    fn take(_: &mut Args) -> Option<Self> {
        Some(Self)
    }
    fn put(&self, _: &mut Vec<(String, String)>) {}
}

/// A single value with a textual form.
pub trait Scalar: Sized + Send + 'static {
    /// What it takes.
    const KIND: Kind;
    /// Reads a text that already passed [`Kind::check`].
    fn read(text: &str) -> Result<Self, String>;
    /// The text that reads back as this value.
    fn show(&self) -> String;
}

macro_rules! int_scalar {
    ($($ty:ty),*) => { $(impl Scalar for $ty {
        const KIND: Kind = Kind::Int(Some(<$ty>::MIN as f64), Some(<$ty>::MAX as f64));
        fn read(text: &str) -> Result<Self, String> {
            text.parse().map_err(|_| format!("type check ('integer') failed - got '{text}'"))
        }
        fn show(&self) -> String { self.to_string() }
    })* };
}
int_scalar!(u8, u16, u32);

impl Scalar for u64 {
    const KIND: Kind = Kind::Int(Some(0.0), None);
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("type check ('integer') failed - got '{text}'"))
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Scalar for i64 {
    const KIND: Kind = Kind::Int(None, None);
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("type check ('integer') failed - got '{text}'"))
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Scalar for f64 {
    const KIND: Kind = Kind::Num(None, None);
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("type check ('number') failed - got '{text}'"))
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Scalar for bool {
    const KIND: Kind = Kind::Bool;
    fn read(text: &str) -> Result<Self, String> {
        Ok(text == "1")
    }
    fn show(&self) -> String {
        u8::from(*self).to_string()
    }
}

impl Scalar for String {
    const KIND: Kind = Kind::Text(Text::FREE);
    fn read(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }
    fn show(&self) -> String {
        self.clone()
    }
}

/// A property string in one value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Props<P>(pub P);

impl<P> Deref for Props<P> {
    type Target = P;
    fn deref(&self) -> &P {
        &self.0
    }
}

impl<P: Params> Scalar for Props<P> {
    const KIND: Kind = Kind::Props(&P::SPEC, Text::FREE);
    fn read(text: &str) -> Result<Self, String> {
        property::parse(text).map(Self)
    }
    fn show(&self) -> String {
        property::print(&self.0)
    }
}

/// How a field of some Rust type is taken out of the arguments.
pub trait FromArgs: Sized {
    /// What it takes.
    const KIND: Kind;
    /// Whether it may be left out.
    const OPTIONAL: bool;
    /// Takes the value out; `None` stops the set from being built.
    fn take(args: &mut Args, param: &Param) -> Option<Self>;
    /// Adds the value as text.
    fn put(&self, param: &Param, out: &mut Vec<(String, String)>);
}

fn read_scalar<T: Scalar>(args: &mut Args, key: &str, text: &str) -> Option<T> {
    // A nested property string is as strict about options without effect as its surroundings.
    let read = match T::KIND {
        Kind::Props(..) => property::with_mode(args.mode, || T::read(text)),
        _ => T::read(text),
    };
    read.map_err(|why| args.fail(key, why)).ok()
}

impl<T: Scalar> FromArgs for T {
    const KIND: Kind = T::KIND;
    const OPTIONAL: bool = false;
    fn take(args: &mut Args, param: &Param) -> Option<Self> {
        match (args.take_text(param), param.default) {
            (Some(checked), _) => read_scalar(args, param.name, &checked.ok()?),
            (None, Some(default)) => T::read(default).ok(),
            (None, None) => {
                args.fail(param.name, "property is missing and it is not optional");
                None
            }
        }
    }
    fn put(&self, param: &Param, out: &mut Vec<(String, String)>) {
        out.push((param.name.to_owned(), self.show()));
    }
}

impl<T: Scalar> FromArgs for Option<T> {
    const KIND: Kind = T::KIND;
    const OPTIONAL: bool = true;
    fn take(args: &mut Args, param: &Param) -> Option<Self> {
        match args.take_text(param) {
            None => Some(None),
            Some(checked) => {
                let value = checked.ok().and_then(|text| read_scalar(args, param.name, &text));
                if value.is_none() && args.mode != Mode::Stored { None } else { Some(value) }
            }
        }
    }
    fn put(&self, param: &Param, out: &mut Vec<(String, String)>) {
        if let Some(value) = self {
            out.push((param.name.to_owned(), value.show()));
        }
    }
}

/// A `-list` value: several in one text. Absent and empty are the same.
impl<T: Scalar> FromArgs for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND, Text::FREE);
    const OPTIONAL: bool = true;
    fn take(args: &mut Args, param: &Param) -> Option<Self> {
        let text = match args.take_text(param) {
            None => param.default.unwrap_or("").to_owned(),
            Some(Ok(text)) => text,
            Some(Err(())) => return if args.mode == Mode::Stored { Some(Self::new()) } else { None },
        };
        split_list(&text).map(|part| read_scalar(args, param.name, part)).collect()
    }
    fn put(&self, param: &Param, out: &mut Vec<(String, String)>) {
        if !self.is_empty() {
            let parts: Vec<String> = self.iter().map(Scalar::show).collect();
            out.push((param.name.to_owned(), parts.join(",")));
        }
    }
}

/// A JSON array or a repeated key. Absent and empty are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Array<T>(pub Vec<T>);

impl<T: Scalar> FromArgs for Array<T> {
    const KIND: Kind = Kind::Array(&T::KIND);
    const OPTIONAL: bool = true;
    fn take(args: &mut Args, param: &Param) -> Option<Self> {
        let items = match args.values.remove(param.name) {
            None => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(one) => vec![one],
        };
        let item_param = Param { kind: T::KIND, ..*param };
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            let text = args.checked(param.name, item, &item_param).ok()?;
            out.push(read_scalar(args, param.name, &text)?);
        }
        Some(Self(out))
    }
    fn put(&self, param: &Param, out: &mut Vec<(String, String)>) {
        out.extend(self.0.iter().map(|item| (param.name.to_owned(), item.show())));
    }
}

/// A JSON array or a repeated key that must be given, with one item at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NonEmpty<T>(pub Vec<T>);

impl<T: Scalar> FromArgs for NonEmpty<T> {
    const KIND: Kind = Kind::Array(&T::KIND);
    const OPTIONAL: bool = false;
    fn take(args: &mut Args, param: &Param) -> Option<Self> {
        let Array(items) = Array::take(args, param)?;
        if items.is_empty() {
            args.fail(param.name, "property is missing and it is not optional");
            return None;
        }
        Some(Self(items))
    }
    fn put(&self, param: &Param, out: &mut Vec<(String, String)>) {
        out.extend(self.0.iter().map(|item| (param.name.to_owned(), item.show())));
    }
}

/// A whole option set as part of a larger one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flat<P>(pub P);

impl<P> Deref for Flat<P> {
    type Target = P;
    fn deref(&self) -> &P {
        &self.0
    }
}

impl<P: Params> FromArgs for Flat<P> {
    const KIND: Kind = Kind::Flat(&P::SPEC);
    const OPTIONAL: bool = true;
    fn take(args: &mut Args, _: &Param) -> Option<Self> {
        P::take(args).map(Self)
    }
    fn put(&self, _: &Param, out: &mut Vec<(String, String)>) {
        self.0.put(out);
    }
}

/// A value that the method itself interprets: any JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct AnyValue(pub Value);

impl FromArgs for Option<AnyValue> {
    const KIND: Kind = Kind::Any;
    const OPTIONAL: bool = true;
    fn take(args: &mut Args, param: &Param) -> Option<Self> {
        Some(args.values.remove(param.name).map(AnyValue))
    }
    fn put(&self, param: &Param, out: &mut Vec<(String, String)>) {
        if let Some(text) = self.as_ref().and_then(|any| plain(any.0.clone()).ok()) {
            out.push((param.name.to_owned(), text));
        }
    }
}
