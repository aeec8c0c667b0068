//! The second version: alerts in terms of what alerts are like.

use std::io::Read as _;
use std::sync::LazyLock;

use ppmd_rust::Ppmd7Decoder;
use squeeze::{Decoder, Encoder, Model};

use super::walk::{Channel, Stop, Walk};
use super::{LinkError, Sheet};
use crate::alert::Object;

pub const PREFIX: &str = "r2.";

/// What the model is taught, as JSON lines: alerts of our own making, with the names of fields, rules
/// and tags. Links depend on every byte of it.
const LESSONS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/link_r2.ppmd"));

pub fn write(sheet: &Sheet) -> Vec<u8> {
    let mut encoder = Encoder::new(TAUGHT.clone());
    // Nothing is lost where it stops: an alert of more than the walk allows was never read.
    let _ = walk(&mut encoder, sheet);
    encoder.finish()
}

pub fn read(code: &[u8]) -> Result<Sheet, LinkError> {
    let mut decoder = Decoder::new(TAUGHT.clone(), code);
    let sheet = walk(&mut decoder, &Sheet::default()).map_err(|stop| match stop {
        Stop::Nonsense => LinkError::Damaged,
        Stop::TooFar => LinkError::UnfoldsTooFar,
    })?;
    // What is read but never written was made by another hand.
    if write(&sheet) == code { Ok(sheet) } else { Err(LinkError::Damaged) }
}

fn walk(channel: &mut dyn Channel, given: &Sheet) -> Result<Sheet, Stop> {
    let mut walk = Walk::new(channel);
    let mut sheet = Sheet {
        compact: walk.flag("compact", given.compact)?,
        redacted: walk.flag("redacted", given.redacted)?,
        rules: walk.flag("rules", given.rules)?,
        note: walk.words("note", &given.note)?,
        view: walk.words("view", &given.view)?,
        lines: String::new(),
    };
    let mut given = given.lines.lines().filter_map(|line| Object::parse(line.as_bytes()).ok());
    loop {
        let alert = given.next();
        if !walk.flag("alert", alert.is_some())? {
            return Ok(sheet);
        }
        let alert = walk.alert(&alert.unwrap_or_default())?;
        sheet.lines.push_str(&serde_json::to_string(&alert).unwrap_or_default());
        sheet.lines.push('\n');
    }
}

/// Teaching takes longer than most links.
static TAUGHT: LazyLock<Model> = LazyLock::new(taught);

fn taught() -> Model {
    let mut lessons = String::new();
    if let [order, memory, stream @ ..] = LESSONS
        && let Ok(mut decoder) = Ppmd7Decoder::new(stream, u32::from(*order), u32::from(*memory) << 20)
        && decoder.read_to_string(&mut lessons).is_err()
    {
        lessons.clear();
    }
    let mut model = Model::new();
    for line in lessons.lines() {
        let lesson = Sheet { lines: line.to_owned(), ..Sheet::default() };
        let _ = walk(&mut model, &lesson);
    }
    model
}
