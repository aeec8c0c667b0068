//! `falco-report eval`: conditions over the fields of events, decided as Falco decides them.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use condition::{Context, Filter, Lookup, Problem, Slots, Truth, Value, compile, parse};
use serde_json::{Map, Value as Json, json};

use crate::args::EvalArgs;
use crate::output::{self, Stop};

pub fn run(args: &EvalArgs) -> Result<(), Stop> {
    if [&args.conditions, &args.events].iter().all(|path| path.as_os_str() == "-") {
        return Err(Stop::Said("`-` can be given once: there is one standard input".to_owned()));
    }
    let mut slots = Slots::new();
    let conditions = read(&args.conditions)?;
    let mut asked: Vec<Asked> = lines(&conditions).map(|line| Asked::new(line, &mut slots)).collect();
    let events = read(&args.events)?;
    let events = Events::read(&events);
    if asked.is_empty() || events.events.is_empty() {
        let empty = if asked.is_empty() { &args.conditions } else { &args.events };
        return Err(Stop::Said(format!("`{}` holds nothing to evaluate", empty.display())));
    }
    if events.other > 0 {
        let lines = if events.other == 1 { "line was" } else { "lines were" };
        output::complain(&format!("{} {lines} skipped: neither an event nor an alert", events.other));
    }
    for (number, fields) in &events.events {
        let lists = Lists::of(fields, &slots);
        let row = lists.row(fields, &slots);
        for one in &mut asked {
            one.evaluate(*number, &row);
        }
    }
    let written = |one: &Asked| if args.json { one.json() } else { one.words(events.events.len()) };
    let text: String = asked.iter().map(|one| written(one) + "\n").collect();
    output::write(None, &text)
}

/// A file, or standard input for `-`.
fn read(path: &Path) -> Result<String, Stop> {
    if path.as_os_str() == "-" {
        let mut text = String::new();
        return match io::stdin().read_to_string(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => Err(Stop::Read(PathBuf::from("-"), error)),
        };
    }
    fs::read_to_string(path).map_err(|error| Stop::Read(path.to_owned(), error))
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Events by number, with their fields.
struct Events {
    events: Vec<(u64, Map<String, Json>)>,
    /// Lines that are none.
    other: u64,
}

impl Events {
    /// `{"event":N,"fields":{…}}` a line, or an alert a line; alerts are numbered from 1.
    fn read(text: &str) -> Self {
        let mut read = Self { events: Vec::new(), other: 0 };
        let mut alerts = 0;
        for line in lines(text) {
            let Ok(Json::Object(mut object)) = serde_json::from_str(line) else {
                read.other += 1;
                continue;
            };
            let number = object.get("event").and_then(Json::as_u64);
            match (number, object.remove("fields"), object.remove("output_fields")) {
                (Some(number), Some(Json::Object(fields)), _) => read.events.push((number, fields)),
                (_, _, Some(Json::Object(fields))) => {
                    alerts += 1;
                    read.events.push((alerts, fields));
                }
                _ => read.other += 1,
            }
        }
        read
    }
}

/// The lists among the fields of an event, by slot.
struct Lists<'a>(Vec<Vec<Value<'a>>>);

impl<'a> Lists<'a> {
    fn of(fields: &'a Map<String, Json>, slots: &Slots) -> Self {
        let list = |name: &String| match fields.get(name) {
            Some(Json::Array(elements)) => elements.iter().filter_map(scalar).collect(),
            _ => Vec::new(),
        };
        Self(slots.names().iter().map(list).collect())
    }

    fn row<'b>(&'b self, fields: &'b Map<String, Json>, slots: &Slots) -> Vec<Lookup<'b>> {
        let lookup = |(name, list): (&String, &'b Vec<Value<'a>>)| match fields.get(name) {
            None | Some(Json::Object(_)) => Lookup::Absent,
            Some(Json::Null) => Lookup::Null,
            Some(Json::Array(_)) => Lookup::Value(Value::List(list)),
            Some(one) => scalar(one).map_or(Lookup::Absent, Lookup::Value),
        };
        slots.names().iter().zip(&self.0).map(lookup).collect()
    }
}

fn scalar(json: &Json) -> Option<Value<'_>> {
    match json {
        Json::Bool(flag) => Some(Value::Bool(*flag)),
        Json::String(text) => Some(Value::Text(text)),
        Json::Number(number) => {
            let unsigned = || number.as_u64().map(Value::Uint);
            // Falco's numbers with a fraction cannot be compared, only be there.
            number.as_i64().map(Value::Int).or_else(unsigned).or(Some(Value::Decimal("")))
        }
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// A condition that was asked for, and what came of it.
struct Asked {
    id: Json,
    filter: Result<Filter, Failure>,
    matches: Vec<u64>,
    unknown: Vec<u64>,
}

/// Why a condition has no answer.
struct Failure {
    code: &'static str,
    message: String,
    hint: Option<String>,
}

impl From<&Problem> for Failure {
    fn from(problem: &Problem) -> Self {
        Self { code: problem.effect.code(), message: problem.falco.clone(), hint: problem.hint.clone() }
    }
}

impl Asked {
    /// `{"id":…,"condition":"…"}`
    fn new(line: &str, slots: &mut Slots) -> Self {
        let object: Option<Map<String, Json>> = serde_json::from_str(line).ok();
        let id = object.as_ref().and_then(|object| object.get("id")).cloned().unwrap_or(Json::Null);
        let text = object.as_ref().and_then(|object| object.get("condition")).and_then(Json::as_str);
        let filter = match text {
            Some(text) => compiled(text, slots),
            None => Err(Failure {
                code: "NO_CONDITION",
                message: "the line has no `condition`".into(),
                hint: Some("write a line as `{\"id\":\"a\",\"condition\":\"proc.name = cat\"}`".into()),
            }),
        };
        Self { id, filter, matches: Vec::new(), unknown: Vec::new() }
    }

    fn evaluate(&mut self, event: u64, row: &Vec<Lookup<'_>>) {
        let Ok(filter) = &self.filter else { return };
        if let Some(end) = filter.ends_falco(row) {
            self.filter = Err(Failure::from(end));
            return;
        }
        match filter.evaluate(row) {
            Truth::True => self.matches.push(event),
            Truth::Unknown => self.unknown.push(event),
            Truth::False => {}
        }
    }

    fn json(&self) -> String {
        match &self.filter {
            Ok(_) => json!({ "id": self.id, "matches": self.matches, "unknown": self.unknown }),
            Err(failure) => {
                json!({ "id": self.id, "error": { "code": failure.code, "message": failure.message } })
            }
        }
        .to_string()
    }

    fn words(&self, of: usize) -> String {
        let id = self.id.as_str().map_or_else(|| self.id.to_string(), str::to_owned);
        let listed = |numbers: &[u64]| {
            let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
            if numbers.is_empty() { String::new() } else { format!(" ({})", numbers.join(" ")) }
        };
        match &self.filter {
            Ok(_) => format!(
                "{id}: matches {} of {of}{}, unknown {}{}",
                self.matches.len(),
                listed(&self.matches),
                self.unknown.len(),
                listed(&self.unknown)
            ),
            Err(Failure { code, message, hint }) => {
                let hint = hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
                analysis::report::escape::visible(&format!("{id}: {message} [{code}]{hint}")).to_string()
            }
        }
    }
}

/// A condition stands alone: it may use the fields of every source, and no macros.
fn compiled(text: &str, slots: &mut Slots) -> Result<Filter, Failure> {
    let condition = parse(text).map_err(|error| Failure {
        code: "LOAD_ERR_COMPILE_CONDITION",
        message: error.falco_message(),
        hint: Some(error.hint().to_owned()),
    })?;
    compile(&condition, &Context::any(), slots).map_err(|problem| Failure::from(&*problem))
}
