//! `#[derive(Params)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Expr, Field, LitStr};

use crate::attributes::{doc, named_fields};

#[derive(Default)]
struct FieldRules {
    name: Option<String>,
    rules: Vec<TokenStream>,
    extra: Vec<TokenStream>,
    aliases: Vec<String>,
}

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let name = &input.ident;
    let mut key_aliases = quote!(&[]);
    for attribute in input.attrs.iter().filter(|a| a.path().is_ident("params")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("key_aliases") {
                let value: Expr = meta.value()?.parse()?;
                key_aliases = quote!(#value);
                return Ok(());
            }
            Err(meta.error("unknown option; params takes key_aliases"))
        })?;
    }
    let mut table = Vec::new();
    let mut aliases = Vec::new();
    let (mut takes, mut puts, mut fields) = (Vec::new(), Vec::new(), Vec::new());
    for (index, field) in named_fields(input, "Params")?.into_iter().enumerate() {
        let rules = field_rules(field)?;
        let ident = field.ident.as_ref();
        let ty = &field.ty;
        let key = rules.name.unwrap_or_else(|| ident.map(ToString::to_string).unwrap_or_default().replace("r#", ""));
        let text = doc(&field.attrs);
        let (limits, extra) = (&rules.rules, &rules.extra);
        table.push(quote! {
            ::schema::Param {
                name: #key, doc: #text,
                kind: <#ty as ::schema::FromArgs>::KIND.with(::schema::Rules { #(#limits,)* ..::schema::Rules::NONE }),
                #(#extra,)*
                ..::schema::Param::of(<#ty as ::schema::FromArgs>::OPTIONAL)
            }
        });
        for alias in rules.aliases {
            aliases.push(quote!(::schema::Alias { alias: #alias, name: #key }));
        }
        takes.push(quote!(let #ident = <#ty as ::schema::FromArgs>::take(args, &Self::SPEC.params[#index]);));
        puts.push(quote!(<#ty as ::schema::FromArgs>::put(&self.#ident, &Self::SPEC.params[#index], out);));
        fields.push(quote!(#ident: #ident?));
    }
    let doc = doc(&input.attrs);
    Ok(quote! {
        impl ::schema::Params for #name {
            const SPEC: ::schema::Spec = ::schema::Spec {
                doc: #doc, params: &[#(#table),*], aliases: &[#(#aliases),*], key_aliases: #key_aliases,
            };
            fn take(args: &mut ::schema::Args) -> ::std::option::Option<Self> {
                #(#takes)*
                Some(Self { #(#fields),* })
            }
            fn put(&self, out: &mut ::std::vec::Vec<(::std::string::String, ::std::string::String)>) {
                let _ = &out;
                #(#puts)*
            }
        }
    })
}

fn field_rules(field: &Field) -> syn::Result<FieldRules> {
    let mut out = FieldRules::default();
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("param")) {
        attribute.parse_nested_meta(|meta| {
            let Some(option) = meta.path.get_ident().map(ToString::to_string) else {
                return Err(meta.error("expected a plain word"));
            };
            match option.as_str() {
                "default_key" => out.extra.push(quote!(default_key: true)),
                "later" => out.extra.push(quote!(later: true)),
                "name" => out.name = Some(meta.value()?.parse::<LitStr>()?.value()),
                "alias" => out.aliases.push(meta.value()?.parse::<LitStr>()?.value()),
                "min" | "max" => {
                    let value: Expr = meta.value()?.parse()?;
                    let key = meta.path.get_ident();
                    out.rules.push(quote!(#key: Some(#value as f64)));
                }
                "min_len" | "max_len" | "pattern" | "format" | "count" => {
                    let value: Expr = meta.value()?.parse()?;
                    let key = meta.path.get_ident();
                    out.rules.push(quote!(#key: Some(#value)));
                }
                "default" | "requires" | "needs" | "typetext" => {
                    let value: Expr = meta.value()?.parse()?;
                    let key = meta.path.get_ident();
                    out.extra.push(quote!(#key: Some(#value)));
                }
                _ => return Err(meta.error("unknown option of param")),
            }
            Ok(())
        })?;
    }
    Ok(out)
}
