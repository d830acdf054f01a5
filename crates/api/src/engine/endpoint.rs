//! One row a method: everything about it that router, validation, permission check, documentation and command lines
//! need to know.

use std::future::Future;
use std::pin::Pin;

use access::Access;
use schema::{ApiError, Args, Params, Reply, Returns, Spec};

use super::answer::{Answer, IntoAnswer};
use super::call::Call;

/// What is done to the resource that the path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Reads.
    Get,
    /// Creates, or starts an action.
    Post,
    /// Changes.
    Put,
    /// Removes.
    Delete,
}

impl Verb {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Get, Self::Post, Self::Put, Self::Delete];

    /// As HTTP writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// From the HTTP method.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.as_str() == text)
    }
}

/// Where a method runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// On whichever node was asked.
    Any,
    /// On the node that the path's `{node}` names.
    Node,
}

/// What else is special about a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// Its work goes on as a task; the answer is the UPID.
    Task,
    /// Only a login may call it, no API token.
    NoToken,
    /// PVE does not have it.
    Extension,
    /// The body is a file upload.
    Upload,
}

/// The future of a running method.
pub type Running = Pin<Box<dyn Future<Output = Result<Answer, ApiError>> + Send>>;

/// A method. Built by [`crate::endpoints!`] only.
pub struct Endpoint {
    /// Verb.
    pub verb: Verb,
    /// Path template: `/nodes/{node}/qemu`.
    pub path: &'static str,
    /// Name of the method, unique below its path.
    pub name: &'static str,
    /// Description, lines of the doc comment.
    pub doc: &'static [&'static str],
    /// Parameters.
    pub spec: &'static Spec,
    /// Shape of the answer.
    pub returns: Returns,
    /// Who may call it.
    pub access: Access,
    /// Where it runs.
    pub target: Target,
    /// What else is special.
    pub flags: &'static [Flag],
    /// Parses the arguments and runs the handler.
    pub run: fn(Call, Args) -> Running,
}

impl Endpoint {
    /// Whether the method has the flag.
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    /// The description as one text.
    pub fn description(&self) -> String {
        let lines: Vec<&str> = self.doc.iter().map(|line| line.trim()).collect();
        lines.join(" ").trim().to_owned()
    }

    /// Names of the parameters in the path.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
    }
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.verb.as_str(), self.path)
    }
}

/// Infers the parameter table from a handler.
pub const fn params_of<P: Params, R, F: Fn(Call, P) -> R>(_: &F) -> &'static Spec {
    &P::SPEC
}

/// Infers the shape of the answer from a handler.
pub const fn returns_of<P, T, R, F>(_: &F) -> Returns
where
    P: Params,
    T: IntoAnswer,
    R: Future<Output = Result<T, ApiError>>,
    F: Fn(Call, P) -> R,
{
    T::RETURNS
}

/// Parses, runs, and brings the result into its wire form.
pub async fn drive<P, T, R, F>(handler: F, call: Call, args: Args) -> Result<Answer, ApiError>
where
    P: Params,
    T: IntoAnswer,
    R: Future<Output = Result<T, ApiError>>,
    F: Fn(Call, P) -> R,
{
    let params = args.parse::<P>()?;
    Ok(handler(call, params).await?.into_answer())
}

/// An entry of a directory listing.
#[derive(Reply, Clone, Debug, PartialEq, Eq)]
pub struct Subdir {
    /// Name of the entry.
    pub subdir: String,
    /// The same, as some of PVE's listings call it.
    pub name: String,
}

/// Declares the methods of a module as `pub const ENDPOINTS`.
///
/// ```ignore
/// endpoints! {
///     /// Starts a virtual machine.
///     POST "/nodes/{node}/qemu/{vmid}/status/start" => start, name = "vm_start",
///         Access::perm("/vms/{vmid}", &["VM.PowerMgmt"]), Target::Node, [Task];
/// }
/// ```
#[macro_export]
macro_rules! endpoints {
    (@verb GET) => { $crate::engine::Verb::Get };
    (@verb POST) => { $crate::engine::Verb::Post };
    (@verb PUT) => { $crate::engine::Verb::Put };
    (@verb DELETE) => { $crate::engine::Verb::Delete };
    ($($(#[doc = $doc:literal])* $verb:ident $path:literal => $handler:path, name = $name:literal, $access:expr, $target:expr $(, [$($flag:ident),*])? ;)*) => {
        /// The methods of this module.
        pub const ENDPOINTS: &[$crate::engine::Endpoint] = &[$($crate::engine::Endpoint {
            verb: $crate::endpoints!(@verb $verb),
            path: $path,
            name: $name,
            doc: &[$($doc),*],
            spec: $crate::engine::params_of(&$handler),
            returns: $crate::engine::returns_of(&$handler),
            access: $access,
            target: $target,
            flags: &[$($($crate::engine::Flag::$flag),*)?],
            run: |call, args| Box::pin($crate::engine::drive($handler, call, args)),
        }),*];
    };
}
