//! From an answer to an HTTP response, in the format that was asked for.

use std::{io, path::Path};

use api::{Answer, Body};
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::stream;
use http_body_util::{Either, Full, StreamBody, combinators::BoxBody};
use hyper::{
    Response, StatusCode,
    body::Frame,
    header::{self, HeaderValue},
};
use schema::ApiError;
use serde_json::{Map, Value, json};
use tokio::io::AsyncReadExt;

use super::request::Format;
use crate::http;

/// The body of a response: whole, or a file that is read while it is sent.
pub(super) type ReplyBody = Either<Full<Bytes>, BoxBody<Bytes, io::Error>>;
/// A response.
pub(super) type Reply = Response<ReplyBody>;

/// How much of a file is read at a time.
const FILE_CHUNK: usize = 64 << 10;

/// The response for data; a byte stream is not for here.
pub(super) async fn data(format: Format, answer: Answer) -> Reply {
    let Answer { body, total, ticket_cookie } = answer;
    let mut reply = match body {
        Body::File { path, name, mime } => match file(&path, &name, mime).await {
            Ok(reply) => reply,
            Err(error) => failure(format, &ApiError::internal(format!("{}: {error}", path.display()))),
        },
        Body::Raw(raw) => json_reply(envelope(format, total, &raw)),
        Body::Json(value) => json_reply(envelope(format, total, value.to_string().as_bytes())),
        Body::Stream(_) | Body::Talk(_) => failure(format, &ApiError::new(400, "this method needs a web socket")),
    };
    if let Some(cookie) = ticket_cookie.as_deref().and_then(cookie) {
        reply.headers_mut().append(header::SET_COOKIE, cookie);
    }
    reply
}

fn envelope(format: Format, total: Option<u64>, data: &[u8]) -> Bytes {
    let mut body = BytesMut::with_capacity(data.len() + 64);
    match format {
        Format::Json => body.put_slice(b"{\"data\":"),
        Format::Extjs => body.put_slice(b"{\"success\":1,\"data\":"),
    }
    body.put_slice(data);
    if let Some(total) = total {
        body.put_slice(b",\"total\":");
        body.put_slice(total.to_string().as_bytes());
    }
    body.put_u8(b'}');
    body.freeze()
}

/// The response for an error, also in the reason phrase, where some clients look first.
pub(super) fn failure(format: Format, error: &ApiError) -> Reply {
    let message = format!("{}\n", error.message.trim_end());
    let mut body = match format {
        Format::Json => json!({"data": null, "message": message}),
        Format::Extjs => json!({"success": 0, "data": null, "status": error.status, "message": message}),
    };
    if !error.errors.is_empty() {
        let errors: Map<String, Value> =
            error.errors.iter().map(|(name, text)| (name.clone(), text.trim_end().into())).collect();
        body["errors"] = errors.into();
    }
    let mut reply = json_reply(body.to_string().into());
    if format == Format::Json {
        *reply.status_mut() = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        http::set_phrase(&mut reply, &error.message);
    }
    reply
}

/// The response for credentials that were not accepted: a real 401 in every format.
pub(super) fn refused(format: Format, error: &ApiError) -> Reply {
    let mut reply = failure(format, error);
    *reply.status_mut() = StatusCode::from_u16(error.status).unwrap_or(StatusCode::UNAUTHORIZED);
    http::set_phrase(&mut reply, &error.message);
    reply
}

/// A JSON response with the headers of the API.
pub(super) fn json_reply(body: Bytes) -> Reply {
    let mut reply = Response::new(Either::Left(Full::new(body)));
    let headers = reply.headers_mut();
    headers.extend(http::API_HEADERS);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    reply
}

/// The cookie of a ticket; an empty ticket takes the cookie away.
fn cookie(ticket: &str) -> Option<HeaderValue> {
    let age = if ticket.is_empty() { " Max-Age=0;" } else { "" };
    let encoded = percent_encoding::utf8_percent_encode(ticket, percent_encoding::NON_ALPHANUMERIC);
    HeaderValue::from_str(&format!("PVEAuthCookie={encoded}; path=/; secure; HttpOnly; SameSite=Lax;{age}")).ok()
}

async fn file(path: &Path, name: &str, mime: &'static str) -> io::Result<Reply> {
    let file = tokio::fs::File::open(path).await?;
    let length = file.metadata().await?.len();
    // No more than was announced, even if the file grows meanwhile.
    let chunks = stream::try_unfold(file.take(length), |mut file| async move {
        let mut chunk = BytesMut::with_capacity(FILE_CHUNK);
        let read = file.read_buf(&mut chunk).await?;
        Ok::<_, io::Error>((read > 0).then(|| (Frame::data(chunk.freeze()), file)))
    });
    let mut reply = Response::new(Either::Right(BoxBody::new(StreamBody::new(chunks))));
    let headers = reply.headers_mut();
    headers.extend(http::API_HEADERS);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(reply)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    async fn text(reply: Reply) -> String {
        let whole = match reply.into_body() {
            Either::Left(body) => body.collect().await.unwrap().to_bytes(),
            Either::Right(body) => body.collect().await.unwrap().to_bytes(),
        };
        String::from_utf8(whole.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn data_is_wrapped() {
        let part = || Answer { total: Some(7), ..Answer::json(json!([1])) };
        assert_eq!(text(data(Format::Json, part()).await).await, r#"{"data":[1],"total":7}"#);
        assert_eq!(text(data(Format::Extjs, part()).await).await, r#"{"success":1,"data":[1],"total":7}"#);
        let raw = Answer { body: Body::Raw(Bytes::from_static(b"{}")), total: None, ticket_cookie: None };
        assert_eq!(text(data(Format::Json, raw).await).await, r#"{"data":{}}"#);
    }

    #[tokio::test]
    async fn errors_are_in_the_body_and_in_the_reason_phrase() {
        let error = ApiError::param("vmid", "bad");
        let reply = failure(Format::Json, &error);
        assert_eq!(reply.status(), 400);
        let phrase = reply.extensions().get::<hyper::ext::ReasonPhrase>().unwrap().as_bytes().to_vec();
        assert_eq!(phrase, b"Parameter verification failed.");
        assert_eq!(
            text(reply).await,
            r#"{"data":null,"message":"Parameter verification failed.\n","errors":{"vmid":"bad"}}"#
        );
        let reply = failure(Format::Extjs, &error);
        assert_eq!(reply.status(), 200);
        assert!(text(reply).await.starts_with(r#"{"success":0,"data":null,"status":400,"#));
        assert_eq!(refused(Format::Extjs, &ApiError::unauthorized("No ticket")).status(), 401);
    }

    #[tokio::test]
    async fn a_file_is_sent_with_its_length() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        std::fs::write(&path, vec![b'x'; 200_000]).unwrap();
        let body = Body::File { path, name: "task \"a\"/1.log".into(), mime: "text/plain" };
        let reply = data(Format::Json, Answer { body, total: None, ticket_cookie: None }).await;
        assert_eq!(reply.headers()["content-length"], "200000");
        assert_eq!(reply.headers()["content-disposition"], "attachment; filename=\"task__a__1.log\"");
        assert_eq!(text(reply).await.len(), 200_000);
    }
}
