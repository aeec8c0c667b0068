//! Weighs what several contexts predict, and learns how far each can be trusted.

use crate::logistic::squash;

/// How sure a context can be of itself: never seen, seen once, and so on.
pub const TRUST: usize = 6;

/// Weights are 65536ths; a context begins with a third.
const FIRST_WEIGHT: i32 = 65536 / 3;

#[derive(Debug, Clone)]
pub struct Mixer {
    /// By selection, input and trust.
    weights: Vec<i32>,
    inputs: usize,
    /// What was weighed last: for each input, its weight and its logit.
    used: Vec<(usize, i32)>,
    probability: i32,
    rate: i32,
}

impl Mixer {
    pub fn new(selections: usize, inputs: usize, rate: i32) -> Self {
        Self {
            weights: vec![FIRST_WEIGHT; selections * inputs * TRUST],
            inputs,
            used: Vec::with_capacity(inputs),
            probability: 0,
            rate,
        }
    }

    /// The logit that the inputs amount to, each given as its logit and its trust.
    pub fn mix(&mut self, selection: usize, inputs: &[(i32, usize)]) -> i32 {
        self.used.clear();
        let first = selection * self.inputs * TRUST;
        let mut sum = 0;
        for (at, (logit, trust)) in inputs.iter().enumerate() {
            let weight = first + at * TRUST + trust;
            self.used.push((weight, *logit));
            sum += i64::from(self.weights.get(weight).copied().unwrap_or_default()) * i64::from(*logit);
        }
        let logit = i32::try_from((sum >> 16).clamp(-2047, 2047)).unwrap_or_default();
        self.probability = squash(logit);
        logit
    }

    /// Learns from the bit that followed the last [`Mixer::mix`].
    pub fn learn(&mut self, bit: bool) {
        let error = ((i32::from(bit) << 16) - self.probability) * self.rate;
        for (weight, logit) in &self.used {
            if let Some(weight) = self.weights.get_mut(*weight) {
                let step = (i64::from(*logit) * i64::from(error) + (1 << 19)) >> 20;
                *weight = weight.saturating_add(i32::try_from(step).unwrap_or_default());
            }
        }
    }
}
