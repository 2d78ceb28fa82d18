//! The headers of every answer.

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::{Next, from_fn};

/// What a page may load and do: its own files only, no inline script or style.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// How the console is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Plain HTTP on the loopback address.
    Loopback,
    /// HTTPS: browsers are told to never come back without it.
    Https,
}

/// All of `router`'s answers with the protecting headers. Pages are never kept by browsers (shared laptops, the
/// back button); an answer that says how it may be kept stays as it is.
pub fn secure<S: Clone + Send + Sync + 'static>(router: Router<S>, reach: Reach) -> Router<S> {
    router.layer(from_fn(move |request: Request, next: Next| async move {
        let mut response = next.run(request).await;
        let headers = response.headers_mut();
        for (name, value) in FIXED {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if reach == Reach::Https {
            headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
        }
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        response
    }))
}

const FIXED: [(HeaderName, &str); 6] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
    use axum::http::{Response, StatusCode};
    use axum::routing::get;
    use tower::ServiceExt;

    async fn ask(reach: Reach, path: &str, etag: Option<&HeaderValue>) -> Response<Body> {
        let console = Router::new().route("/", get(|| async { "day" })).merge(crate::assets::router::<()>());
        let mut request = Request::builder().uri(path).body(Body::empty()).unwrap();
        if let Some(etag) = etag {
            request.headers_mut().insert(IF_NONE_MATCH, etag.clone());
        }
        secure(console, reach).oneshot(request).await.unwrap()
    }

    #[test]
    fn the_policy_has_no_exceptions() {
        for word in ["unsafe", "*", "http:", "https:", "blob:", "nonce"] {
            assert!(!POLICY.contains(word), "{word}");
        }
        for word in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"] {
            assert!(POLICY.contains(word), "{word}");
        }
    }

    #[tokio::test]
    async fn pages_are_not_kept_and_files_are() {
        let page = ask(Reach::Loopback, "/", None).await;
        assert_eq!(page.headers()[CACHE_CONTROL], "no-store");
        assert_eq!(page.headers()[CONTENT_SECURITY_POLICY], POLICY);
        assert!(!page.headers().contains_key(STRICT_TRANSPORT_SECURITY));
        assert!(ask(Reach::Https, "/", None).await.headers().contains_key(STRICT_TRANSPORT_SECURITY));

        let css = ask(Reach::Loopback, &crate::assets::url("valiza.css"), None).await;
        assert_eq!(css.status(), StatusCode::OK);
        assert_eq!(css.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
        assert!(css.headers()[CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        let again = ask(Reach::Loopback, &crate::assets::url("valiza.css"), css.headers().get(ETAG)).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn an_old_build_gets_todays_file_and_a_strange_name_nothing() {
        let old = ask(Reach::Loopback, "/assets/0000000000000000/valiza.css", None).await;
        assert_eq!((old.status(), &old.headers()[CACHE_CONTROL] == "no-cache"), (StatusCode::OK, true));
        let strange = ask(Reach::Loopback, "/assets/x/..%2FCargo.toml", None).await;
        assert_eq!(strange.status(), StatusCode::NOT_FOUND);
    }
}
