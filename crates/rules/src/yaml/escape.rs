//! Escapes in quoted text.

use super::cursor::Cursor;
use super::token::YamlError;

/// Takes an escape of quoted text and adds what it stands for.
pub fn take(input: &mut Cursor<'_>, bytes: &mut Vec<u8>) -> Result<(), YamlError> {
    let escape = input.next();
    let symbol = input.next();
    if escape == Some(b'\'') && symbol == Some(b'\'') {
        bytes.push(b'\'');
        return Ok(());
    }
    let text: &str = match symbol {
        Some(b'0') => "\0",
        Some(b'a') => "\u{7}",
        Some(b'b') => "\u{8}",
        Some(b't' | b'\t') => "\t",
        Some(b'n') => "\n",
        Some(b'v') => "\u{b}",
        Some(b'f') => "\u{c}",
        Some(b'r') => "\r",
        Some(b'e') => "\u{1b}",
        Some(b' ') => " ",
        Some(b'"') => "\"",
        Some(b'\'') => "'",
        Some(b'\\') => "\\",
        Some(b'/') => "/",
        Some(b'N') => "\u{85}",
        Some(b'_') => "\u{a0}",
        Some(b'L') => "\u{2028}",
        Some(b'P') => "\u{2029}",
        Some(b'x') => return take_code(input, 2, bytes),
        Some(b'u') => return take_code(input, 4, bytes),
        Some(b'U') => return take_code(input, 8, bytes),
        other => {
            // yaml-cpp's end of input is the byte 4.
            let symbol = char::from(other.unwrap_or(4));
            return Err(YamlError::new(input.mark(), format!("unknown escape character: {symbol}")));
        }
    };
    bytes.extend_from_slice(text.as_bytes());
    Ok(())
}

/// A character by its hexadecimal number.
fn take_code(input: &mut Cursor<'_>, digits: usize, bytes: &mut Vec<u8>) -> Result<(), YamlError> {
    let mut code = 0_u32;
    let mut valid = true;
    for _ in 0..digits {
        match input.next().and_then(|byte| char::from(byte).to_digit(16)) {
            Some(digit) => code = (code << 4) | digit,
            None => valid = false,
        }
    }
    if !valid {
        return Err(YamlError::new(input.mark(), "bad character found while scanning hex number"));
    }
    let Some(symbol) = char::from_u32(code) else {
        return Err(YamlError::new(input.mark(), format!("invalid unicode: {code}")));
    };
    bytes.extend_from_slice(symbol.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(())
}
