//! Links that a password opens: Argon2id makes the key, ChaCha20-Poly1305 encrypts and authenticates.
//!
//! The parameters belong to the version and are never read from a link.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};

use super::LinkError;

pub const PREFIX: &str = "r2p.";

/// Random bytes in front of the code: the same password gives another key for every link.
pub const SALT: usize = 16;

/// What Argon2id takes: 19 MiB, two passes, one lane.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Salt, then ciphertext.
pub fn encrypt(code: &[u8], password: &str, salt: [u8; SALT]) -> Result<Vec<u8>, LinkError> {
    let (cipher, nonce) = cipher(password, salt)?;
    let payload = Payload { msg: code, aad: PREFIX.as_bytes() };
    let sealed = cipher.encrypt(&nonce, payload).map_err(|_| LinkError::WrongPassword)?;
    Ok([salt.as_slice(), &sealed].concat())
}

pub fn decrypt(payload: &[u8], password: &str) -> Result<Vec<u8>, LinkError> {
    let (salt, sealed) = payload.split_first_chunk::<SALT>().ok_or(LinkError::Damaged)?;
    let (cipher, nonce) = cipher(password, *salt)?;
    let payload = Payload { msg: sealed, aad: PREFIX.as_bytes() };
    cipher.decrypt(&nonce, payload).map_err(|_| LinkError::WrongPassword)
}

/// Key and nonce come from the same derivation: neither is ever used twice.
fn cipher(password: &str, salt: [u8; SALT]) -> Result<(ChaCha20Poly1305, Nonce), LinkError> {
    let mut derived = [0; 44];
    Params::new(MEMORY, PASSES, 1, Some(derived.len()))
        .and_then(|params| {
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            argon2.hash_password_into(password.as_bytes(), &salt, &mut derived)
        })
        .map_err(|_| LinkError::WrongPassword)?;
    let (key, nonce) = derived.split_at(32);
    Ok((ChaCha20Poly1305::new(Key::from_slice(key)), *Nonce::from_slice(nonce)))
}
