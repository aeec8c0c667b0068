//! Probabilities and their logits, by table.

/// The logistic function at -8, -7.5 … 8, in 65536ths.
const CURVE: [i32; 33] = [
    22, 36, 60, 98, 162, 267, 439, 720, 1179, 1921, 3108, 4971, 7812, 11955, 17625, 24743, 32768, 40793,
    47911, 53581, 57724, 60565, 62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438, 65476, 65500, 65514,
];

/// The largest logit, in 256ths.
pub const STEEPEST: i32 = 2047;

/// Probability of a logit in 256ths, in 65536ths.
pub fn squash(logit: i32) -> i32 {
    let logit = logit.clamp(-STEEPEST, STEEPEST) + 2048;
    let (step, rest) = (usize::try_from(logit >> 7).unwrap_or_default(), logit & 127);
    let at = |step: usize| CURVE.get(step).copied().unwrap_or_default();
    (at(step) * (128 - rest) + at(step + 1) * rest) >> 7
}

/// The inverse of [`squash`], to a 4096th.
#[derive(Debug, Clone)]
pub struct Stretch(Vec<i16>);

impl Stretch {
    pub fn new() -> Self {
        let mut logits = Vec::with_capacity(4096);
        let mut logit = -STEEPEST;
        for probability in 0..4096 {
            while logit < STEEPEST && squash(logit) >> 4 < probability {
                logit += 1;
            }
            logits.push(i16::try_from(logit).unwrap_or_default());
        }
        Self(logits)
    }

    /// The logit, in 256ths, of a probability in 65536ths.
    pub fn of(&self, probability: u16) -> i32 {
        self.0.get(usize::from(probability >> 4)).copied().unwrap_or_default().into()
    }
}

#[cfg(test)]
mod tests {
    use super::{STEEPEST, Stretch, squash};

    #[test]
    fn a_logit_comes_back() {
        let stretch = Stretch::new();
        for logit in -1000..=1000 {
            let back = stretch.of(u16::try_from(squash(logit)).unwrap());
            assert!((back - logit).abs() <= 1 + logit.abs() / 16, "{logit} came back as {back}");
        }
        assert!(squash(-STEEPEST) > 0 && squash(STEEPEST) < 1 << 16);
    }
}
