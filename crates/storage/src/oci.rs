//! Images of applications as the Open Container Initiative defines them: asked for at registries (distribution-spec),
//! kept as archives with an image layout (image-spec, `image-layout.md`) among the container templates.

mod archive;
mod manifest;
mod pull;
mod reference;
mod registry;
mod saved;

pub use archive::Image;
pub use manifest::{Digest, Process};
pub use pull::Pull;
pub use reference::Reference;
pub use registry::{Registry, RegistryError};

/// The architecture of this machine, by the names that images use (those of Go).
#[must_use]
pub fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    }
}
