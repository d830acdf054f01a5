//! Derives that turn a plain Rust type into its own declaration: `Params` (API parameters, property strings,
//! configuration options), `Choice` (closed enumerations) and `Reply` (what a method answers).

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

mod attributes;
mod choice;
mod params;
mod reply;

/// Derives `schema::Params` for a struct with named fields.
///
/// On a field, `#[param(...)]` takes `name`, `min`, `max`, `min_len`, `max_len`, `pattern`, `format`, `default`,
/// `default_key`, `alias`, `requires`, `needs`, `count`, `typetext`, `later`.
/// On the struct, `#[params(key_aliases = CONST)]` names a `&'static [schema::KeyAlias]`.
#[proc_macro_derive(Params, attributes(param, params))]
pub fn derive_params(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    params::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Derives `schema::Scalar`, `Display` and `FromStr` for an enum without fields; a variant's text is its name in
/// kebab-case, or what `#[choice("text")]` says.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn derive_choice(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    choice::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Derives `schema::Reply` for a struct with named fields; `#[reply(name = "...")]` renames a field,
/// `#[reply(flat)]` merges a nested reply into this one.
#[proc_macro_derive(Reply, attributes(reply))]
pub fn derive_reply(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    reply::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
