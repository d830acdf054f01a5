//! Requests on the daemon's socket.

use std::{convert::Infallible, net::IpAddr, sync::Arc, time::Duration};

use access::{Authid, Userid};
use api::{Body, Caller, Node, Proof, Request, Verb, engine::Found};
use hyper::{Method, body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use schema::ApiError;
use tokio::{
    net::{UnixListener, UnixStream},
    sync::watch,
    task::JoinSet,
    time::Instant,
};

use super::{
    auth::{Credentials, Gate, check_csrf},
    compress,
    request::{self, Format},
    respond::{self, Reply},
    upload,
    websocket::{self, Purpose},
};
use crate::http;

/// When credentials were refused the answer waits this long, counted from the request: guessing is slow.
const REFUSAL_TIME: Duration = Duration::from_secs(3);
/// Running requests get this long when the daemon is told to stop.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// What every request needs.
pub(super) struct Service {
    /// The node whose methods are called.
    pub(super) node: Arc<Node>,
    gate: Arc<Gate>,
    openapi: std::sync::OnceLock<bytes::Bytes>,
}

/// One request with what is known about it before its body is read.
struct Incomer {
    format: Format,
    verb: Verb,
    path: String,
    peer: Option<IpAddr>,
    /// Root on this machine, by the rights of the process at the other end.
    local_root: bool,
}

impl Service {
    pub(super) fn new(node: Arc<Node>) -> Self {
        Self { node, gate: Arc::default(), openapi: std::sync::OnceLock::new() }
    }

    /// Serves connections until `stop` changes, then lets running requests finish.
    pub(super) async fn serve(self: Arc<Self>, listener: UnixListener, mut stop: watch::Receiver<bool>) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        connections.spawn(self.clone().connection(stream, stop.clone()));
                    }
                    Err(error) => {
                        tracing::warn!("unable to accept a connection: {error}");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                },
                Some(_) = connections.join_next(), if !connections.is_empty() => (),
                _ = stop.changed() => break,
            }
        }
        drop(listener);
        let drained = async { while connections.join_next().await.is_some() {} };
        tokio::time::timeout(DRAIN_TIME, drained).await.ok();
    }

    async fn connection(self: Arc<Self>, stream: UnixStream, mut stop: watch::Receiver<bool>) {
        let root = stream.peer_cred().is_ok_and(|peer| peer.uid() == 0);
        let service = service_fn(move |request| {
            let service = self.clone();
            async move { Ok::<_, Infallible>(service.answer(request, root).await) }
        });
        let mut builder = http::server();
        // The proxy keeps its connections for as long as its clients do.
        builder.header_read_timeout(None);
        let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service).with_upgrades());
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            _ = stop.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!("connection: {error}");
        }
    }

    async fn answer(&self, request: hyper::Request<Incoming>, root: bool) -> Reply {
        let since = Instant::now();
        if request.method() == Method::CONNECT {
            return self.tunnel(request).await;
        }
        if request.uri().path() == "/api2/openapi.json" {
            let reply = self.openapi(request.method());
            let small = compress::wanted(request.headers(), request.uri().path());
            return if small { compress::gzip(reply).await } else { reply };
        }
        let (format, path) = match request::split_path(request.uri().path()) {
            Ok((format, path)) => (format, path.to_owned()),
            Err(error) => return respond::failure(Format::Json, &error),
        };
        let Some(verb) = Verb::parse(request.method().as_str()) else {
            let error = ApiError::new(501, format!("method '{}' not available", request.method()));
            return respond::failure(format, &error);
        };
        let proxied = request.headers().get(http::PEER);
        let peer = proxied.and_then(|peer| peer.to_str().ok()?.parse().ok());
        let local_root = root && proxied.is_none();
        let incomer = Incomer { format, verb, path, peer, local_root };
        let (caller, proof) = match self.identify(&incomer, &request) {
            Ok(identified) => identified,
            Err(error) => {
                tokio::time::sleep_until(since + REFUSAL_TIME).await;
                return respond::refused(format, &error);
            }
        };
        match self.call(&incomer, caller, proof, request).await {
            Ok(reply) => reply,
            Err(error) => {
                if error.status == 401 {
                    tokio::time::sleep_until(since + REFUSAL_TIME).await;
                }
                respond::failure(format, &error)
            }
        }
    }

    /// Who calls. A method that needs no login does not look at credentials at all: a stale cookie must not keep
    /// anybody from logging in.
    fn identify(&self, incomer: &Incomer, request: &hyper::Request<Incoming>) -> Result<(Caller, Proof), ApiError> {
        let (needs_login, is_upload) = match self.node.router().find(incomer.verb, &incomer.path) {
            Found::Method(row, _) => (row.access.needs_login(), row.has(api::engine::Flag::Upload)),
            Found::Listing(_) | Found::Nothing => (true, false),
        };
        let credentials = if needs_login { Credentials::of(request.headers()) } else { Credentials::None };
        if credentials == Credentials::None {
            return match (incomer.local_root, needs_login) {
                (true, _) => Ok((Caller::Login(Authid::User(Userid::root())), Proof::default())),
                (false, true) => Err(ApiError::unauthorized("No ticket")),
                (false, false) => Ok((Caller::Anonymous, Proof::default())),
            };
        }
        let tree = self.node.store.tree();
        let now = now();
        let proof = self.proof(&credentials);
        let checked = self.gate.identify(&tree, credentials, now).and_then(|caller| {
            // Forms that upload cannot set headers; the cookie is not sent along from other sites anyway.
            if let (Caller::Login(id), false) = (&caller, is_upload) {
                check_csrf(&tree, request.method(), request.headers(), id.user(), now)?;
            }
            Ok((caller, proof))
        });
        checked.map_err(|refusal| {
            let from = incomer.peer.map_or_else(|| "local".to_owned(), |peer| peer.to_string());
            tracing::warn!("authentication failure; rhost={from} msg={}", refusal.reason);
            refusal.error
        })
    }

    /// How a caller proves who he is, to be asked again later by what outlives his request.
    fn proof(&self, credentials: &Credentials) -> Proof {
        let ticket = match credentials {
            Credentials::Ticket(ticket) => Some(access::sessions::fingerprint(ticket)),
            _ => None,
        };
        let (gate, node, credentials) = (Arc::clone(&self.gate), Arc::clone(&self.node), credentials.clone());
        let good = move || gate.identify(&node.store.tree(), credentials.clone(), now()).is_ok();
        Proof { ticket, good: Some(Arc::new(good)) }
    }

    async fn call(
        &self,
        incomer: &Incomer,
        caller: Caller,
        proof: Proof,
        mut request: hyper::Request<Incoming>,
    ) -> Result<Reply, ApiError> {
        let upgrade = websocket::is_upgrade(request.headers()).then(|| hyper::upgrade::on(&mut request));
        let (head, body) = request.into_parts();
        // What is asked for by other verbs may hold secrets that were just made.
        let small = incomer.verb == Verb::Get && compress::wanted(&head.headers, &incomer.path);
        let is_form = request::media_type(&head.headers) == "multipart/form-data";
        let mut upload = None;
        let args = if is_form {
            request::check_framing(&head.method, &head.headers)?;
            let permit = upload::Permit { node: &self.node, verb: incomer.verb, path: &incomer.path, caller: &caller };
            let received = upload::receive(&permit, &head, body).await?;
            upload = received.file;
            received.args
        } else {
            request::arguments(&head.method, &head.headers, head.uri.query(), body).await?
        };
        let call = Request { verb: incomer.verb, path: incomer.path.clone(), args, caller, peer: incomer.peer };
        let answer = self.dispatch(call, proof, upload).await?;
        match (answer.body, upgrade) {
            (Body::Stream(stream), Some(upgrade)) => websocket::accept(&head.headers, upgrade, Purpose::Stream(stream)),
            (Body::Talk(talk), Some(upgrade)) => websocket::accept(&head.headers, upgrade, Purpose::Talk(talk)),
            (body, _) => {
                let reply = respond::data(incomer.format, api::Answer { body, ..answer }).await;
                Ok(if small { compress::gzip(reply).await } else { reply })
            }
        }
    }

    /// Runs the method. What changes something runs to its end even if the client goes away meanwhile.
    async fn dispatch(
        &self,
        call: Request,
        proof: Proof,
        upload: Option<upload::File>,
    ) -> Result<api::Answer, ApiError> {
        let node = self.node.clone();
        if call.verb == Verb::Get {
            return api::dispatch_proved(&node, node.router(), call, proof).await;
        }
        let work = tokio::spawn(async move {
            let answer = api::dispatch_proved(&node, node.router(), call, proof).await;
            // The task that the method started took the file over.
            if let (Ok(_), Some(file)) = (&answer, upload) {
                file.keep();
            }
            answer
        });
        work.await.unwrap_or_else(|error| Err(ApiError::internal(format!("the method ended unexpectedly: {error}"))))
    }

    /// The description of the API: the same for everybody, made once.
    fn openapi(&self, method: &Method) -> Reply {
        if method != Method::GET && method != Method::HEAD {
            return respond::failure(Format::Json, &ApiError::new(501, format!("method '{method}' not available")));
        }
        let made = || {
            let version = env!("CARGO_PKG_VERSION");
            api::engine::openapi::document(self.node.router(), version, "").to_string().into()
        };
        respond::json_reply(self.openapi.get_or_init(made).clone())
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    u64::try_from(host::clock::now()).unwrap_or_default()
}
