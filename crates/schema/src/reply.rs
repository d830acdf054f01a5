//! What methods answer.

use serde_json::{Map, Value};

/// Shape of an answer.
#[derive(Clone, Copy, Debug)]
pub enum Returns {
    /// Nothing.
    Null,
    /// A text.
    Text,
    /// A whole number.
    Int,
    /// A number.
    Num,
    /// 0 or 1.
    Bool,
    /// Any JSON.
    Any,
    /// An object with these members.
    Object(&'static [ReplyField]),
    /// An object whose members have names that are data.
    Map,
    /// A list.
    Array(&'static Returns),
}

/// A member of an answer.
#[derive(Clone, Copy, Debug)]
pub struct ReplyField {
    /// Name.
    pub name: &'static str,
    /// Description.
    pub doc: &'static str,
    /// Shape.
    pub ty: Returns,
    /// Whether it may be absent.
    pub optional: bool,
    /// Whether its members are merged into the surrounding object.
    pub flat: bool,
}

/// An answer: its shape, and itself as JSON. Booleans leave as 0 and 1.
pub trait Reply: Send {
    /// The shape.
    const RETURNS: Returns;
    /// The JSON.
    fn value(self) -> Value;
}

/// A member of a reply struct; optional ones are left out when empty.
pub trait ReplyMember {
    /// The shape.
    const RETURNS: Returns;
    /// Whether it may be absent.
    const OPTIONAL: bool;
    /// The JSON, if there is any.
    fn member(self) -> Option<Value>;
}

macro_rules! plain_reply {
    ($($ty:ty => $returns:expr),* $(,)?) => { $(impl Reply for $ty {
        const RETURNS: Returns = $returns;
        fn value(self) -> Value { self.into() }
    })* };
}
plain_reply!(String => Returns::Text, &'static str => Returns::Text, u32 => Returns::Int, u64 => Returns::Int,
    u16 => Returns::Int, i64 => Returns::Int, f64 => Returns::Num, Value => Returns::Any);

impl Reply for bool {
    const RETURNS: Returns = Returns::Bool;
    fn value(self) -> Value {
        u8::from(self).into()
    }
}

impl Reply for () {
    const RETURNS: Returns = Returns::Null;
    fn value(self) -> Value {
        Value::Null
    }
}

impl Reply for Map<String, Value> {
    const RETURNS: Returns = Returns::Map;
    fn value(self) -> Value {
        Value::Object(self)
    }
}

impl<T: Reply> Reply for Vec<T> {
    const RETURNS: Returns = Returns::Array(&T::RETURNS);
    fn value(self) -> Value {
        Value::Array(self.into_iter().map(Reply::value).collect())
    }
}

impl<T: Reply> ReplyMember for T {
    const RETURNS: Returns = T::RETURNS;
    const OPTIONAL: bool = false;
    fn member(self) -> Option<Value> {
        Some(self.value())
    }
}

impl<T: Reply> ReplyMember for Option<T> {
    const RETURNS: Returns = T::RETURNS;
    const OPTIONAL: bool = true;
    fn member(self) -> Option<Value> {
        self.map(Reply::value)
    }
}
