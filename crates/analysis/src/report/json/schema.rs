//! The JSON Schema of what is written as JSON, made from the very types that write it.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Counts, Out, pretty};

/// The JSON Schema (draft 2020-12) of `falco-report/1`, indented, with a line end.
pub fn schema() -> String {
    // A report is read, not sent: what it always holds is required.
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Out<'_>>();
    schema.insert("title".to_owned(), "Falco Report".into());
    schema.insert("description".to_owned(), "The report as JSON. Keys may be added, never renamed.".into());
    pretty(&schema)
}

impl JsonSchema for Counts<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Counts".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": { "type": "integer", "minimum": 0 } })
    }
}
