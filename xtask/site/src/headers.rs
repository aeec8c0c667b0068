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
    manifest-src 'self'; \
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

/// The page with the policy in its head, for hosts that cannot send headers. A page that states one
/// is left as it is; nothing comes back for a page without a head.
///
/// It is put in when the site is built and not into the source, because Trunk's development server
/// reloads the page with an inline script.
pub fn with_policy(page: &str) -> Option<String> {
    if page.contains("Content-Security-Policy") {
        return Some(page.to_owned());
    }
    let (before, after) = page.split_once("<head>")?;
    let policy = page_policy();
    Some(format!(
        "{before}<head>\n  <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">{after}"
    ))
}

/// What a page can say about itself: everything but who may frame it.
fn page_policy() -> String {
    let directives: Vec<_> = CONTENT_SECURITY_POLICY
        .split("; ")
        .filter(|directive| !directive.starts_with("frame-ancestors"))
        .collect();
    directives.join("; ")
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

    #[test]
    fn what_hosts_are_told_to_send_is_what_is_tested() {
        let pages = [include_str!("../../../docs/hosting.md"), include_str!("../../../SECURITY.md")];
        for (name, value) in HEADERS {
            for page in pages {
                assert!(page.contains(&format!("{name}: {value}\n")), "{name}");
            }
            assert!(pages[0].contains(&format!("add_header {name} \"{value}\" always;")), "nginx: {name}");
            assert!(pages[0].contains(&format!("        {name} \"{value}\"\n")), "Caddy: {name}");
        }
    }

    #[test]
    fn a_page_gets_the_policy_before_anything_it_loads() {
        let page = with_policy("<html><head><script src=x></script></head></html>").unwrap();
        let start =
            "<html><head>\n  <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ";
        assert!(page.starts_with(start), "{page}");
        assert!(
            page.ends_with("form-action 'none'; base-uri 'none'\"><script src=x></script></head></html>"),
            "{page}"
        );
        assert_eq!(with_policy(&page), Some(page));
        assert_eq!(with_policy("no head"), None);
    }

    #[test]
    fn what_the_source_page_states_is_the_same() {
        let page = include_str!("../../../index.html");
        let Some((_, rest)) = page.split_once("http-equiv=\"Content-Security-Policy\" content=\"") else {
            return;
        };
        let (stated, _) = rest.split_once('"').unwrap();
        let sorted = |policy: &str| {
            let mut directives: Vec<_> =
                policy.split(';').map(|directive| directive.trim().to_owned()).collect();
            directives.sort();
            directives
        };
        assert_eq!(sorted(stated), sorted(&page_policy()));
    }
}
