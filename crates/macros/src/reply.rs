//! `#[derive(Reply)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, LitStr};

use crate::attributes::{doc, named_fields};

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let name = &input.ident;
    let (mut table, mut puts) = (Vec::new(), Vec::new());
    for field in named_fields(input, "Reply")? {
        let ident = field.ident.as_ref();
        let ty = &field.ty;
        let mut key = ident.map(ToString::to_string).unwrap_or_default().replace("r#", "");
        let mut flat = false;
        for attribute in field.attrs.iter().filter(|a| a.path().is_ident("reply")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("name") {
                    key = meta.value()?.parse::<LitStr>()?.value();
                } else if meta.path.is_ident("flat") {
                    flat = true;
                } else {
                    return Err(meta.error("reply takes name and flat"));
                }
                Ok(())
            })?;
        }
        let text = doc(&field.attrs);
        if flat {
            table.push(quote! { ::schema::ReplyField { name: "", doc: #text, ty: <#ty as ::schema::Reply>::RETURNS, optional: false, flat: true } });
            puts.push(quote! { if let ::serde_json::Value::Object(inner) = ::schema::Reply::value(self.#ident) { map.extend(inner); } });
        } else {
            table.push(quote! { ::schema::ReplyField { name: #key, doc: #text, ty: <#ty as ::schema::ReplyMember>::RETURNS, optional: <#ty as ::schema::ReplyMember>::OPTIONAL, flat: false } });
            puts.push(quote! { if let Some(value) = ::schema::ReplyMember::member(self.#ident) { map.insert(#key.to_owned(), value); } });
        }
    }
    Ok(quote! {
        impl ::schema::Reply for #name {
            const RETURNS: ::schema::Returns = ::schema::Returns::Object(&[#(#table),*]);
            fn value(self) -> ::serde_json::Value {
                let mut map = ::serde_json::Map::new();
                #(#puts)*
                ::serde_json::Value::Object(map)
            }
        }
    })
}
