//! `falco-report eval`: conditions over the fields of events, decided as Falco decides them.

use condition::{Context, Filter, Lookup, Problem, Slots, Truth, compile, parse};
use serde_json::{Map, Value as Json, json};

use crate::args::EvalArgs;
use crate::events::{Events, Lists, lines, read};
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
    events.complain();
    for event in &events.events {
        let lists = Lists::of(&event.fields, slots.names());
        let row = lists.row(&event.fields, slots.names());
        for one in &mut asked {
            one.evaluate(event.number, &row);
        }
    }
    let written = |one: &Asked| if args.json { one.json() } else { one.words(events.events.len()) };
    let text: String = asked.iter().map(|one| written(one) + "\n").collect();
    output::write(None, &text)
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
