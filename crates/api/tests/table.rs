//! What must hold for every method of the table, whoever adds one.

use std::collections::BTreeSet;

use api::engine::{Endpoint, Flag, Target, Verb, openapi};
use schema::{Kind, Param, Text, pattern};

fn rows() -> Vec<&'static Endpoint> {
    api::router().unwrap_or_else(|why| panic!("{why}")).rows().to_vec()
}

#[test]
fn every_path_parameter_is_declared() {
    for row in rows() {
        for name in row.path_parameters() {
            assert!(row.spec.find(name).is_some(), "{row:?}: parameter {name} of the path");
        }
        let named_node = row.path_parameters().any(|name| name == "node");
        assert!(row.target == Target::Any || named_node, "{row:?}: runs on a node that its path does not name");
    }
}

#[test]
fn every_method_has_a_description() {
    for row in rows() {
        assert!(row.description().len() > 5, "{row:?}");
    }
}

#[test]
fn names_are_unique_below_a_path() {
    let mut seen = BTreeSet::new();
    for row in rows() {
        assert!(seen.insert((row.path, row.verb.as_str())), "{row:?} twice");
    }
}

#[test]
fn only_changing_methods_are_tasks_or_uploads() {
    for row in rows().into_iter().filter(|row| row.has(Flag::Task) || row.has(Flag::Upload)) {
        assert_ne!(row.verb, Verb::Get, "{row:?}");
    }
}

fn walk(path: &str, param: &Param, visit: &mut dyn FnMut(&str, &Param)) {
    let path = format!("{path}.{}", param.name);
    visit(&path, param);
    let mut kind = &param.kind;
    while let Kind::Indexed(inner, _) | Kind::List(inner, _) | Kind::Array(inner) = kind {
        kind = inner;
    }
    if let Kind::Props(spec, _) | Kind::Flat(spec) = kind {
        spec.params.iter().for_each(|inner| walk(&path, inner, visit));
    }
}

fn each_param(mut visit: impl FnMut(&str, &Param)) {
    for row in rows() {
        for param in row.spec.params {
            walk(&format!("{row:?}"), param, &mut visit);
        }
    }
}

#[test]
fn patterns_compile_and_defaults_pass_their_own_checks() {
    each_param(|path, param| {
        if let Kind::Text(Text { pattern: Some(pattern), .. }) = param.kind {
            assert!(pattern::is_valid(pattern), "{path}: {pattern}");
        }
        // PVE's schema gives `vcpus` the default 0, below its own minimum, and a node's `property` one that is not among
        // its values: both stand for "all".
        if let Some(default) = param.default.filter(|_| !["vcpus", "property"].contains(&param.name)) {
            assert!(param.kind.check(default, true).is_ok(), "{path}: default {default}");
        }
    });
}

#[test]
fn every_parameter_is_described() {
    each_param(|path, param| {
        let flat = matches!(param.kind, Kind::Flat(_));
        let usual = ["node", "vmid", "storage", "userid", "delete", "digest"].contains(&param.name);
        assert!(flat || usual || !param.doc.is_empty(), "{path} has no description");
    });
}

#[test]
fn the_openapi_document_covers_every_method() {
    let router = api::router().unwrap();
    let document = openapi::document(&router, "1.0.0", "https://localhost:8006");
    for row in rows() {
        let operation = &document["paths"][row.path][row.verb.as_str().to_lowercase()];
        assert!(operation["operationId"].is_string(), "{row:?}");
    }
}
