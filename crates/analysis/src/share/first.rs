//! The first version: JSON lines, deflated. Links of it keep opening; none are made any more.

use super::{LinkError, Sheet};
use crate::limits;

pub const PREFIX: &str = "r1.";

pub fn read(packed: &[u8]) -> Result<Sheet, LinkError> {
    let lines = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, limits::LINK_UNFOLDED_BYTES)
        .map_err(|error| match error.status {
            miniz_oxide::inflate::TINFLStatus::HasMoreOutput => LinkError::UnfoldsTooFar,
            _ => LinkError::Damaged,
        })?;
    let lines = String::from_utf8(lines).map_err(|_| LinkError::Damaged)?;
    Ok(Sheet { lines, ..Sheet::default() })
}
