//! The response headers of the site, stated once.
//!
//! The policy is "nothing, except what the page needs from its own origin": no inline script or
//! style, no other host, no frame, no form. A worker takes the policy from *its own* response, so
//! every response carries all of them.

/// What the page may load. `'wasm-unsafe-eval'` allows compiling WebAssembly and nothing else.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; \
    script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; \
    connect-src 'self'; \
    worker-src 'self'; \
    img-src 'self'; \
    form-action 'none'; \
    base-uri 'none'; \
    frame-ancestors 'none'";

/// The headers of every response, in the order in which they are sent.
pub const HEADERS: [(&str, &str); 6] = [
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)",
    ),
];

/// The file in which Netlify and Cloudflare Pages look for headers.
pub const HOSTING_FILE: &str = "_headers";

/// The content of [`HOSTING_FILE`]: the same headers for every path.
pub fn hosting_file() -> String {
    let mut text = String::from("/*\n");
    for (name, value) in HEADERS {
        text.push_str("  ");
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_no_inline_code_and_no_other_host() {
        for forbidden in ["unsafe-inline", "'unsafe-eval'", "http:", "https:", "data:", "*"] {
            assert!(!CONTENT_SECURITY_POLICY.contains(forbidden), "{forbidden}");
        }
        assert!(CONTENT_SECURITY_POLICY.starts_with("default-src 'none'; script-src 'self'"));
    }

    #[test]
    fn the_hosting_file_has_one_line_per_header() {
        let text = hosting_file();
        assert_eq!(text.lines().count(), 1 + HEADERS.len());
        assert!(text.starts_with("/*\n  Content-Security-Policy: default-src 'none'; "));
    }
}
