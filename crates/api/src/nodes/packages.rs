//! `/nodes/{node}/apt`: packages of a node.

use access::Access;
use host::packages::Package;
use schema::{ApiError, Reply};

use super::list::OfNode;
use crate::endpoints;
use crate::engine::{Call, Subdir, Target};

endpoints! {
    /// Lists what can be asked for about packages.
    GET "/nodes/{node}/apt" => index, name = "index", Access::User, Target::Any;
    /// Lists the packages of which a newer version is known. Nothing is fetched for that.
    GET "/nodes/{node}/apt/update" => updates, name = "list_updates",
        Access::perm("/nodes/{node}", &["Sys.Modify"]), Target::Node;
    /// Lists the versions of the packages that matter most.
    GET "/nodes/{node}/apt/versions" => versions, name = "versions",
        Access::perm("/nodes/{node}", &["Sys.Audit"]), Target::Node;
}

async fn index(call: Call, _: OfNode) -> Result<Vec<Subdir>, ApiError> {
    Ok(call.listing())
}

/// A package.
#[derive(Reply, Clone, Debug)]
struct Listed {
    /// Its name.
    #[reply(name = "Package")]
    package: String,
    /// What it is, in one line.
    #[reply(name = "Title")]
    title: String,
    /// What it is.
    #[reply(name = "Description")]
    description: String,
    /// The version that could be installed.
    #[reply(name = "Version")]
    version: String,
    /// The version that is installed.
    #[reply(name = "OldVersion")]
    old_version: Option<String>,
    /// Where it comes from.
    #[reply(name = "Origin")]
    origin: String,
    /// Section.
    #[reply(name = "Section")]
    section: String,
    /// Priority.
    #[reply(name = "Priority")]
    priority: String,
    /// Architecture.
    #[reply(name = "Arch")]
    arch: String,
    /// `Installed`, in the list of versions.
    #[reply(name = "CurrentState")]
    state: Option<&'static str>,
    /// The kernel that runs, at the package of this product.
    #[reply(name = "RunningKernel")]
    kernel: Option<String>,
}

impl From<Package> for Listed {
    fn from(package: Package) -> Self {
        Self {
            package: package.name,
            title: package.title,
            description: package.description,
            version: package.candidate,
            old_version: Some(package.installed).filter(|version| !version.is_empty()),
            origin: package.origin,
            section: package.section,
            priority: package.priority,
            arch: package.architecture,
            state: None,
            kernel: None,
        }
    }
}

fn failed(error: host::run::RunError) -> ApiError {
    ApiError::internal(error.to_string())
}

async fn updates(_: Call, _: OfNode) -> Result<Vec<Listed>, ApiError> {
    let mut found: Vec<Listed> =
        host::packages::upgradable().await.map_err(failed)?.into_iter().map(Listed::from).collect();
    found.sort_by(|a, b| a.package.cmp(&b.package));
    Ok(found)
}

/// What guests, storages and networks stand on.
const PACKAGES: &[&str] = &[
    "qemu-system-x86",
    "qemu-utils",
    "ovmf",
    "seabios",
    "lxc",
    "lxcfs",
    "apparmor",
    "dnsmasq-base",
    "nftables",
    "mmdebstrap",
    "systemd",
    "libc6",
];

async fn versions(_: Call, _: OfNode) -> Result<Vec<Listed>, ApiError> {
    let own = Package {
        name: "pleiad".to_owned(),
        installed: env!("CARGO_PKG_VERSION").to_owned(),
        candidate: env!("CARGO_PKG_VERSION").to_owned(),
        origin: "Pleiad".to_owned(),
        title: "virtualization platform".to_owned(),
        section: "admin".to_owned(),
        priority: "optional".to_owned(),
        architecture: "amd64".to_owned(),
        description: String::new(),
    };
    let kernel = host::proc::kernel().release;
    let others = host::packages::installed(PACKAGES).await.map_err(failed)?;
    let listed =
        std::iter::once(Listed { kernel: Some(kernel), ..own.into() }).chain(others.into_iter().map(|package| {
            // Which archive an installed package came from is not remembered by dpkg.
            Listed { origin: "Debian".to_owned(), ..package.into() }
        }));
    Ok(listed.map(|row| Listed { state: Some("Installed"), ..row }).collect())
}
