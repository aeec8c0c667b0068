//! Values of an alert out of an input.

/// Six values: what the bytes 0 separate, as text; empty where there is nothing more.
pub fn six(data: &[u8]) -> [String; 6] {
    let mut parts = data.split(|byte| *byte == 0);
    std::array::from_fn(|_| String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned())
}
