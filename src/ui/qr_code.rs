use std::fmt::Write;

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

/// Modules around the code that stay light, as ISO/IEC 18004 asks for.
const QUIET: i32 = 4;

/// A text as a QR code, for a phone or another machine's camera; nothing where the text is too long. The
/// label says what it is to those who do not see it.
pub fn qr_code(text: &str, label: &'static str) -> Option<AnyView> {
    drawn(text).map(|(side, path)| {
        view! {
            <svg class="qr" role="img" aria-label=label viewBox=format!("0 0 {side} {side}") shape-rendering="crispEdges">
                <path class="qr__light" d=format!("M0 0h{side}v{side}h-{side}z")/>
                <path class="qr__dark" d=path/>
            </svg>
        }
        .into_any()
    })
}

/// The side of the picture in modules and the path over the dark ones; nothing where the text is too long.
fn drawn(text: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_binary(text.as_bytes(), QrCodeEcc::Low).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let begin = x;
            while code.get_module(x, y) {
                x += 1;
            }
            if x > begin {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{} {}h{}v1h-{}z", begin + QUIET, y + QUIET, x - begin, x - begin);
            }
            x += 1;
        }
    }
    Some((code.size() + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::reach;

    /// Reads the picture as a camera would: filled rectangles on a light ground.
    fn read(side: i32, path: &str) -> String {
        const SCALE: usize = 4;
        let side = usize::try_from(side).unwrap() * SCALE;
        let mut dark = vec![false; side * side];
        for part in path.split_terminator('z') {
            let (place, run) = part.strip_prefix('M').unwrap().split_once('h').unwrap();
            let (x, y) = place.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let width: usize = run.split_once('v').unwrap().0.parse().unwrap();
            for row in y * SCALE..(y + 1) * SCALE {
                dark[row * side + x * SCALE..row * side + (x + width) * SCALE].fill(true);
            }
        }
        let mut image = rqrr::PreparedImage::prepare_from_bitmap(side, side, |x, y| dark[y * side + x]);
        image.detect_grids()[0].decode().unwrap().1
    }

    #[test]
    fn a_camera_reads_what_was_drawn() {
        let most = usize::try_from(reach::QR).unwrap();
        for length in [30, 120, 400, most] {
            let mut text = "https://report.example/#r2.".to_owned();
            text.extend(('0'..='z').filter(char::is_ascii_alphanumeric).cycle().take(length - text.len()));
            let (side, path) = drawn(&text).unwrap();
            assert_eq!(read(side, &path), text);
        }
        assert_eq!(drawn(&"x".repeat(2_954)), None);
    }
}
