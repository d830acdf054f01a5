//! What `./dev` does beyond a few lines. Not shipped.
//!
//! One verb of `./dev`, one function here or one module beside this file.

mod checks;
mod deb;
mod lab;
mod programs;
mod serve;
mod web;

use programs::{Outcome, Program};

fn main() -> std::process::ExitCode {
    let mut args = std::env::args().skip(1);
    let verb = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let outcome = match verb.as_str() {
        "run" => serve::run(&rest),
        "test" => checks::test(&rest),
        "e2e" => checks::e2e(&rest),
        "lint" => checks::lint(&rest),
        "fmt" => Program::cargo(&["fmt", "--all"]).run(),
        "bench" => bench(&rest),
        "conformance" => checks::conformance(&rest),
        "deb" => deb::build(&rest),
        "test-lab" => lab::test(&rest),
        "lab" => match lab::verb(&rest) {
            // What ran inside has said why.
            Ok(code) => return std::process::ExitCode::from(code),
            Err(message) => Err(message),
        },
        "web" => web::develop(&rest),
        _ => Err(format!("unknown verb '{verb}'; './dev help' lists them")),
    };
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("./dev {verb}: {message}");
            std::process::ExitCode::FAILURE
        }
    }
}

/// Figures are of the release build: it is what is shipped.
fn bench(names: &[String]) -> Outcome {
    web::build()?;
    Program::cargo(&["build", "--quiet", "--release", "--package", "pleiad", "--package", "bench"]).run()?;
    for (package, example) in [("store", "store_ops"), ("guest", "plan_ops")] {
        Program::cargo(&["build", "--quiet", "--release", "--package", package, "--example", example]).run().ok();
    }
    Program::new(programs::target_dir().join("release/bench")).args(names).exec()
}
