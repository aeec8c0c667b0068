//! What must hold for any link whatever. Tests check it over what the fuzzer found, the fuzzer over everything.

use analysis::limits;
use analysis::share;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The checksum of links: without the right one nothing behind it would ever be reached.
const CRC32: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);

/// A link of each version with these bytes as its code is refused, or opens to something bounded; one of the
/// version that is written opens only as the code that is written for what it holds.
pub fn check(code: &[u8]) {
    for prefix in ["r1.", "r2."] {
        let link = sealed(prefix, code);
        let Ok(sheet) = share::open(&link) else { continue };
        assert!(sheet.lines.len() <= limits::LINK_UNFOLDED_BYTES * 2, "{} bytes", sheet.lines.len());
        // The first version is only read, and its checksum alone keeps rubbish out.
        if prefix == "r2." {
            assert_eq!(share::link(&sheet), link);
        }
    }
    if let Ok(text) = str::from_utf8(code) {
        let _ = share::open(text);
        let _ = share::is_anchor(text);
    }
}

/// The code of a link, behind its checksum.
#[cfg(test)]
fn code_of(link: &str) -> Vec<u8> {
    let (_, text) = link.split_once('.').unwrap();
    URL_SAFE_NO_PAD.decode(text).unwrap().split_off(4)
}

fn sealed(prefix: &str, code: &[u8]) -> String {
    let mut digest = CRC32.digest();
    digest.update(prefix.as_bytes());
    digest.update(code);
    let payload = [&digest.finalize().to_le_bytes(), code].concat();
    format!("#{prefix}{}", URL_SAFE_NO_PAD.encode(payload))
}

#[test]
fn codes_of_real_links_and_their_changes_keep_the_promises() {
    for links in [include_str!("../links/r1.txt"), include_str!("../links/r2.txt")] {
        let code = code_of(links.lines().next().unwrap().split_once(' ').unwrap().1);
        check(&code);
        // Rubbish unfolds up to its bound, which takes a while unoptimised.
        for at in (0..code.len()).step_by(code.len() / 5) {
            let mut changed = code.clone();
            changed[at] ^= 1 << (at % 8);
            check(&changed);
            check(&code[..at]);
        }
    }
}
