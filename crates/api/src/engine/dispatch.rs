//! From a request to an answer, in the order that clients rely on: route, token, permission, target, parameters, run.
//! Calls from inside the process (a guest started after it was created, say) take the same way.

use std::net::IpAddr;
use std::sync::Arc;

use access::Authid;
use percent_encoding::percent_decode_str;
use schema::{ApiError, Args};

use super::answer::Answer;
use super::call::Call;
use super::endpoint::{Endpoint, Flag, Target, Verb};
use super::router::{Found, Router};
use crate::node::Node;

/// Who is calling, as far as credentials were found good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Nobody known.
    Anonymous,
    /// A user with a ticket, or root on this machine.
    Login(Authid),
    /// An API token.
    Token(Authid),
}

impl Caller {
    /// The identity, if there is one.
    pub const fn authid(&self) -> Option<&Authid> {
        match self {
            Self::Anonymous => None,
            Self::Login(id) | Self::Token(id) => Some(id),
        }
    }
}

/// How a caller proved who he is, for what outlives the call or has to do with his session.
#[derive(Clone, Default)]
pub struct Proof {
    /// Fingerprint of the ticket, where it was one; see [`access::sessions::fingerprint`].
    pub ticket: Option<String>,
    /// Whether that proof is still good: a ticket ends, a user is disabled, a token is removed. Always, when absent.
    pub good: Option<Arc<dyn Fn() -> bool + Send + Sync>>,
}

impl Proof {
    /// Whether the proof is still good.
    pub fn is_good(&self) -> bool {
        self.good.as_ref().is_none_or(|good| good())
    }
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof")
    }
}

/// What is asked for.
#[derive(Debug)]
pub struct Request {
    /// Verb.
    pub verb: Verb,
    /// Path below `/api2/{format}`, as on the wire.
    pub path: String,
    /// Parameters of query and body, merged.
    pub args: Args,
    /// Who.
    pub caller: Caller,
    /// Where from.
    pub peer: Option<IpAddr>,
}

/// The method that a request leads to, and its arguments with those of the path.
struct Routed {
    row: &'static Endpoint,
    args: Args,
}

/// Answers a request.
///
/// # Errors
/// Whatever the method says, or what kept it from being run.
pub async fn dispatch(node: &Arc<Node>, router: &Router, request: Request) -> Result<Answer, ApiError> {
    dispatch_proved(node, router, request, Proof::default()).await
}

/// Answers a request, with how the caller proved who he is.
///
/// # Errors
/// As [`dispatch`].
pub async fn dispatch_proved(
    node: &Arc<Node>,
    router: &Router,
    request: Request,
    proof: Proof,
) -> Result<Answer, ApiError> {
    let Request { verb, path, args, caller, peer } = request;
    let Routed { row, args } = match route(router, verb, &path, args)? {
        Route::Method(routed) => routed,
        Route::Listing(answer) => {
            return if caller.authid().is_some() { Ok(answer) } else { Err(no_ticket()) };
        }
    };
    if row.has(Flag::NoToken) && matches!(caller, Caller::Token(_)) {
        return Err(ApiError::new(403, format!("URI '{path}' not available with API token, need proper ticket")));
    }
    let call = Call::new(Arc::clone(node), row, &caller, peer).with(proof);
    call.authorize(&row.access, &args)?;
    if row.target == Target::Node {
        check_target(node, &args)?;
    }
    if verb == Verb::Get || row.has(Flag::Task) || !row.access.needs_login() {
        return (row.run)(call, args).await;
    }
    // Whether the method changes the configuration shows when it has run.
    let before = node.store.tree().revision();
    let line = call.authid().map(|who| crate::cluster::log::change(row, &args, who));
    let answer = (row.run)(call, args).await?;
    if let Some(line) = line.filter(|_| node.store.tree().revision() != before) {
        node.log(line);
    }
    Ok(answer)
}

/// All that can be said before the body of an upload has arrived: whether the caller may use the method, for the
/// arguments known so far.
///
/// # Errors
/// As [`dispatch`], short of what the method itself says.
pub fn check(
    node: &Arc<Node>,
    router: &Router,
    verb: Verb,
    path: &str,
    args: Args,
    caller: &Caller,
) -> Result<(), ApiError> {
    let Route::Method(Routed { row, args }) = route(router, verb, path, args)? else {
        return Err(ApiError::not_implemented(verb.as_str(), path));
    };
    Call::new(Arc::clone(node), row, caller, None).authorize(&row.access, &args)
}

enum Route {
    Method(Routed),
    Listing(Answer),
}

fn route(router: &Router, verb: Verb, path: &str, mut args: Args) -> Result<Route, ApiError> {
    match router.find(verb, path) {
        Found::Nothing => Err(ApiError::not_implemented(verb.as_str(), path)),
        Found::Listing(entries) => Ok(Route::Listing(Answer::json(schema::Reply::value(entries)))),
        Found::Method(row, parameters) => {
            for (name, raw) in parameters {
                let value = percent_decode_str(raw).decode_utf8().map_err(|_| not_text(name))?;
                if args.text(name).is_some_and(|given| given != value) {
                    return Err(ApiError::param(name, "duplicate parameter (already defined in URI) with other value"));
                }
                args.set(name, value.as_ref());
            }
            Ok(Route::Method(Routed { row, args }))
        }
    }
}

fn not_text(name: &str) -> ApiError {
    ApiError::param(name, "value is not valid UTF-8")
}

/// The error for a caller who is nobody.
pub fn no_ticket() -> ApiError {
    ApiError::unauthorized("No ticket")
}

/// This is the only node there is until clusters arrive.
fn check_target(node: &Node, args: &Args) -> Result<(), ApiError> {
    let name = args.text("node").unwrap_or_default();
    if name == node.name.as_str() || name == "localhost" {
        return Ok(());
    }
    match name.parse::<schema::NodeName>() {
        Err(why) => Err(ApiError::param("node", format!("invalid format - {why}"))),
        Ok(_) => Err(ApiError::internal(format!("no such cluster node '{name}'"))),
    }
}
