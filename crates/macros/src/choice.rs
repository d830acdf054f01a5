//! `#[derive(Choice)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, LitStr};

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(syn::Error::new_spanned(input, "Choice wants an enum"));
    };
    let name = &input.ident;
    let mut variants = Vec::new();
    let mut texts = Vec::new();
    for variant in &data.variants {
        let mut text = kebab(&variant.ident.to_string());
        for attribute in variant.attrs.iter().filter(|a| a.path().is_ident("choice")) {
            text = attribute.parse_args::<LitStr>()?.value();
        }
        variants.push(&variant.ident);
        texts.push(text);
    }
    Ok(quote! {
        impl ::schema::Scalar for #name {
            const KIND: ::schema::Kind = ::schema::Kind::Choice(&[#(#texts),*]);
            fn read(text: &str) -> ::std::result::Result<Self, ::std::string::String> {
                match text {
                    #(#texts => Ok(Self::#variants),)*
                    _ => Err(::schema::not_in_choice(text, &[#(#texts),*])),
                }
            }
            fn show(&self) -> ::std::string::String { self.as_str().to_owned() }
        }
        impl #name {
            /// The text of this value in files and on the wire.
            pub const fn as_str(&self) -> &'static str {
                match self { #(Self::#variants => #texts,)* }
            }
        }
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result { f.write_str(self.as_str()) }
        }
        impl ::std::str::FromStr for #name {
            type Err = ::std::string::String;
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> { <Self as ::schema::Scalar>::read(text) }
        }
    })
}

fn kebab(name: &str) -> String {
    let mut text = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            text.push('-');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
