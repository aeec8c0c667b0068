//! Which stored form of a file a client gets: Brotli, gzip or the file itself.

/// A stored form of a file, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// The forms that an `Accept-Encoding` value admits, best first; the file itself is always last.
    ///
    /// A weight only matters when it is zero, which forbids the form: all ours are lossless and the
    /// smallest one is the best one.
    pub fn accepted(header: &str) -> Vec<Self> {
        let mut forms: Vec<Self> =
            [Self::Brotli, Self::Gzip].into_iter().filter(|form| admits(header, form.token())).collect();
        forms.push(Self::Identity);
        forms
    }

    /// The name in `Accept-Encoding` and `Content-Encoding`.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }

    /// What is appended to the file's name.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }
}

/// Whether the header names the token, or else `*`, with a weight above zero.
fn admits(header: &str, token: &str) -> bool {
    weight_of(header, token).or_else(|| weight_of(header, "*")).is_some_and(|weight| weight > 0.0)
}

fn weight_of(header: &str, token: &str) -> Option<f32> {
    header.split(',').find_map(|item| {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next()?;
        if !name.eq_ignore_ascii_case(token) {
            return None;
        }
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        Some(weight.map_or(1.0, |text| text.trim().parse().unwrap_or(0.0)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Encoding::{Brotli, Gzip, Identity};

    #[track_caller]
    fn check(header: &str, expected: &[Encoding]) {
        assert_eq!(Encoding::accepted(header), expected, "{header}");
    }

    #[test]
    fn the_smallest_admitted_form_comes_first() {
        check("gzip, deflate, br, zstd", &[Brotli, Gzip, Identity]);
        check("gzip", &[Gzip, Identity]);
        check("GZIP;q=0.5, br;q=0.1", &[Brotli, Gzip, Identity]);
        check("*", &[Brotli, Gzip, Identity]);
    }

    #[test]
    fn a_zero_weight_forbids_a_form() {
        check("br;q=0, gzip;q=1.0", &[Gzip, Identity]);
        check("*, br; q=0.0", &[Gzip, Identity]);
        check("br;q=none", &[Identity]);
    }

    #[test]
    fn nothing_admitted_leaves_the_file_itself() {
        check("", &[Identity]);
        check("identity", &[Identity]);
        check("brotli", &[Identity]);
    }
}
