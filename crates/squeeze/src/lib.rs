//! Codes bytes in as few bits as a model of what surrounds them allows: context mixing, then
//! arithmetic coding.
//!
//! The caller says what each byte belongs to ([`Place`]); the model learns as it goes, and can be taught
//! before it codes anything. Both ends must teach it the same. Everything is integer arithmetic, so
//! that a browser and any machine code to the same bits.
//!
//! ```
//! use squeeze::{Decoder, Encoder, Model, Place};
//!
//! let place = Place { name: 7, within: 0, kind: 0 };
//! let mut taught = Model::new();
//! taught.learn(place, b"event-generator");
//!
//! let mut encoder = Encoder::new(taught.clone());
//! encoder.begin(place);
//! b"event-generator".iter().for_each(|byte| encoder.write(*byte, None));
//! let code = encoder.finish();
//! assert!(code.len() < 6);
//!
//! let mut decoder = Decoder::new(taught, &code);
//! decoder.begin(place);
//! assert!(b"event-generator".iter().all(|byte| decoder.read(None) == *byte));
//! ```

mod coder;
mod logistic;
mod mixer;
mod model;

pub use coder::{Decoder, Encoder};
pub use model::{KINDS, Model, Place};
