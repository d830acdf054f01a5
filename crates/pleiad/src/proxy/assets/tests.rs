use http_body_util::BodyExt;
use proptest::prelude::*;

use super::*;

const SITE: [Asset; 4] = [
    Asset { path: "assets/app-1.js", tag: "aa", plain: b"plain", brotli: Some(b"br"), gzip: Some(b"gz") },
    Asset { path: "assets/logo-2.svg", tag: "bb", plain: b"<svg/>", brotli: None, gzip: None },
    Asset { path: "favicon.svg", tag: "cc", plain: b"<svg/>", brotli: None, gzip: None },
    Asset { path: "index.html", tag: "dd", plain: b"<meta nonce=\"__CSP_NONCE__\">", brotli: Some(b"-"), gzip: None },
];

fn headers(fields: &[(HeaderName, &str)]) -> HeaderMap {
    fields.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
}

fn get(path: &str, fields: &[(HeaderName, &str)]) -> Response<Body> {
    decide(&SITE, &Method::GET, path, &headers(fields), "n0nce")
}

fn body(response: Response<Body>) -> String {
    let body = futures_util::FutureExt::now_or_never(response.into_body().collect()).unwrap().unwrap();
    String::from_utf8(body.to_bytes().to_vec()).unwrap()
}

fn field(response: &Response<Body>, name: HeaderName) -> &str {
    response.headers().get(&name).map_or("", |value| value.to_str().unwrap())
}

fn chosen(accepted: &str) -> Coding {
    encoding::choose(&headers(&[(header::ACCEPT_ENCODING, accepted)]), true, true)
}

#[test]
fn a_file_comes_in_the_form_that_the_client_likes_best() {
    assert_eq!(chosen("gzip, deflate, br, zstd"), Coding::Brotli);
    assert_eq!(chosen("gzip;q=1.0, br;q=0.5"), Coding::Gzip);
    assert_eq!(chosen("GZIP"), Coding::Gzip);
    assert_eq!(chosen("br;q=0, *"), Coding::Gzip);
    assert_eq!(chosen("*"), Coding::Brotli);
    assert_eq!(chosen("identity, gzip;q=0.9"), Coding::Identity);
    assert_eq!(chosen("gzip;q=0"), Coding::Identity);
    assert_eq!(chosen("br ; q=0.001"), Coding::Brotli);
    assert_eq!(chosen("br;q=wrong"), Coding::Identity);
    assert_eq!(chosen(""), Coding::Identity);
    assert_eq!(chosen("*;q=0"), Coding::Identity);
    assert_eq!(encoding::choose(&HeaderMap::new(), true, true), Coding::Identity);
    assert_eq!(encoding::choose(&headers(&[(header::ACCEPT_ENCODING, "br, gzip")]), false, true), Coding::Gzip);
}

#[test]
fn each_form_of_a_file_has_a_tag_of_its_own() {
    let answers = ["br", "gzip", ""].map(|accepted| get("/assets/app-1.js", &[(header::ACCEPT_ENCODING, accepted)]));
    assert_eq!(answers.each_ref().map(|a| field(a, header::ETAG).to_owned()), ["\"aa-br\"", "\"aa-gz\"", "\"aa\""]);
    assert_eq!(answers.each_ref().map(|a| field(a, header::CONTENT_ENCODING).to_owned()), ["br", "gzip", ""]);
    assert!(answers.iter().all(|answer| field(answer, header::VARY) == "accept-encoding"));
    assert_eq!(answers.map(body), ["br", "gz", "plain"]);
}

#[test]
fn what_a_client_has_is_not_sent_again() {
    for tag in ["\"aa\"", "W/\"aa\"", "\"x\", \"aa\"", "*"] {
        let answer = get("/assets/app-1.js", &[(header::IF_NONE_MATCH, tag)]);
        assert_eq!(answer.status(), StatusCode::NOT_MODIFIED, "{tag}");
        assert_eq!(field(&answer, header::ETAG), "\"aa\"");
        assert!(field(&answer, header::CACHE_CONTROL).contains("immutable"));
        assert_eq!(body(answer), "");
    }
    let other = [(header::IF_NONE_MATCH, "\"aa-gz\", \"dd\"")];
    assert_eq!(get("/assets/app-1.js", &other).status(), StatusCode::OK);
}

#[test]
fn only_names_with_a_hash_are_kept_for_ever() {
    assert_eq!(field(&get("/assets/logo-2.svg", &[]), header::CACHE_CONTROL), "public, max-age=31536000, immutable");
    assert_eq!(field(&get("/favicon.svg", &[]), header::CACHE_CONTROL), "no-cache");
    assert_eq!(field(&get("/", &[]), header::CACHE_CONTROL), "no-cache");
}

#[test]
fn every_place_in_the_interface_answers_with_its_page() {
    for path in ["/", "/index.html", "/guest/100/hardware", "/node/n1.example.org/shell", "/storage/local", "/api20"] {
        let answer = get(path, &[(header::ACCEPT_ENCODING, "br")]);
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(field(&answer, header::CONTENT_TYPE), "text/html; charset=utf-8");
        assert_eq!(body(answer), "<meta nonce=\"n0nce\">", "{path}");
    }
}

#[test]
fn a_file_that_is_gone_is_not_answered_with_a_page() {
    for path in ["/assets/app-0.js", "/favicon.ico", "/robots.txt", "/assets/", "/assets/../index.html"] {
        let answer = get(path, &[]);
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(field(&answer, header::CONTENT_TYPE), "text/plain; charset=utf-8");
    }
}

#[test]
fn pages_are_only_read() {
    let answer = decide(&SITE, &Method::POST, "/", &HeaderMap::new(), "n");
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(field(&answer, header::ALLOW), "GET, HEAD");
    assert_eq!(decide(&SITE, &Method::HEAD, "/", &HeaderMap::new(), "n").status(), StatusCode::OK);
}

#[test]
fn the_page_may_run_its_own_scripts_and_nothing_else() {
    let page = get("/", &[]);
    let policy = field(&page, header::CONTENT_SECURITY_POLICY);
    let rules: Vec<&str> = policy.split("; ").collect();
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'nonce-n0nce'",
        "style-src-attr 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(rules.contains(&rule), "{rule} in {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn every_answer_says_what_a_browser_may_not_do() {
    let answers = [get("/", &[]), get("/assets/app-1.js", &[]), get("/assets/no.js", &[])];
    let unbuilt = decide(&[], &Method::GET, "/", &HeaderMap::new(), "n");
    for answer in answers.iter().chain([&unbuilt]) {
        assert_eq!(field(answer, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(field(answer, header::REFERRER_POLICY), "no-referrer");
        assert!(field(answer, header::CONTENT_SECURITY_POLICY).starts_with("default-src 'none'"));
        assert!(field(answer, HeaderName::from_static("permissions-policy")).contains("camera=()"));
        assert_eq!(field(answer, HeaderName::from_static("cross-origin-opener-policy")), "same-origin");
        assert_eq!(field(answer, HeaderName::from_static("cross-origin-resource-policy")), "same-origin");
    }
}

#[test]
fn a_binary_without_the_interface_says_how_to_build_it() {
    let answer = decide(&[], &Method::GET, "/", &HeaderMap::new(), "n");
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(body(answer).contains("npm run build"));
    let deep = decide(&[], &Method::GET, "/guest/100", &HeaderMap::new(), "n");
    assert_eq!(deep.status(), StatusCode::NOT_FOUND);
}

#[test]
fn the_files_built_in_are_found_and_typed() {
    assert!(BUILT.is_sorted_by_key(|asset| asset.path));
    for asset in BUILT {
        assert!(find(BUILT, asset.path).is_some_and(|found| found.tag == asset.tag));
        assert_ne!(policy::media_type(asset.path), "application/octet-stream", "{}", asset.path);
        assert!(asset.gzip.is_none_or(|gzip| gzip.len() < asset.plain.len()), "{}", asset.path);
    }
    if let Some(index) = find(BUILT, INDEX) {
        let text = String::from_utf8_lossy(index.plain);
        assert!(text.contains(NONCE_MARK), "the page has no place for its nonce");
    }
}

proptest! {
    #[test]
    fn no_request_breaks_the_answer(path in "/[ -~]{0,40}", accepted in "[ -~]{0,40}", known in "[ -~]{0,40}") {
        let fields = [(header::ACCEPT_ENCODING, &*accepted), (header::IF_NONE_MATCH, &*known)];
        let status = get(&path, &fields).status();
        prop_assert!([StatusCode::OK, StatusCode::NOT_FOUND, StatusCode::NOT_MODIFIED].contains(&status));
    }
}
