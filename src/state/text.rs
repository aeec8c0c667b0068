//! What a pasted text is: alerts, or the address of a shared report.

use analysis::share::Fragment;

/// The fragment of a share link, if `text` is an address that carries one and nothing else.
pub fn shared_fragment(text: &str) -> Option<&str> {
    let text = text.trim();
    let address = ["https://", "http://", "#"].iter().any(|start| text.starts_with(start));
    if !address || text.contains(char::is_whitespace) {
        return None;
    }
    let (_, fragment) = text.split_once('#')?;
    (Fragment::of(fragment) == Fragment::Link).then_some(fragment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_with_a_payload_is_a_link() {
        assert_eq!(shared_fragment(" https://falco.example/report/#r1.abc\n"), Some("r1.abc"));
        assert_eq!(shared_fragment("#r1.abc"), Some("r1.abc"));
        for text in [
            "",
            "https://falco.example/",
            "https://falco.example/#summary",
            "https://falco.example/#v1?tab=alerts",
            "#r1.abc and more",
            "{\"a\":\"#r1.a\"}",
        ] {
            assert_eq!(shared_fragment(text), None, "{text}");
        }
    }
}
