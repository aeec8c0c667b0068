//! Detailed Analysis: the alert's own facts, then what they mean and what they leave open.

use super::super::Report;
use super::super::document::{Block, Line};
use super::{Told, counted, heading, noise, own_rule};
use crate::alert::{Timestamp, Value};
use crate::insight::spread::Spread;
use crate::insight::timeline::sparkline;
use crate::insight::{Group, Place};
use crate::knowledge::{self, Entry, Tell};
use crate::limits;

pub fn write(report: &Report, told: &[Told<'_>], blocks: &mut Vec<Block>) {
    blocks.push(heading(2, "Detailed Analysis"));
    if told.is_empty() {
        blocks.push(super::paragraph("There is no alert to analyse."));
    }
    for one in told {
        blocks.push(Block::Heading {
            level: 3,
            title: super::finding_title(one.number),
            about: Some(one.group.rule.clone()),
        });
        finding(report, *one, &[], blocks);
    }
}

/// The facts of a finding and what they mean; `earlier` findings need not be repeated.
pub fn finding(report: &Report, told: Told<'_>, earlier: &[Told<'_>], blocks: &mut Vec<Block>) {
    let group = told.group;
    blocks.push(Block::Review(Some(group.id.clone()), told.standing.map(super::review::standing)));
    if group.count > 1 {
        blocks.push(super::paragraph(&format!(
            "{} of this kind{}. The facts and sentences below are those of the earliest.",
            counted(group.count, "alert"),
            times(group)
        )));
    }
    if report.insight.groups.len() > 1 || group.count > 1 {
        blocks.push(Block::Members(group.id.clone(), group.count, members(group)));
    }
    blocks.push(Block::Bullets(facts(told)));
    repeats(report, told, blocks);
    if let Some(output) = group.example.output() {
        blocks.push(super::paragraph("The full output:"));
        blocks.push(Block::Quote(output.to_owned()));
    }
    if report.insight.groups.len() > 1 || group.count > 1 {
        blocks.push(Block::Paragraph(
            Line::default().strong("What happened.").text(" ").then(what_happened(told)),
        ));
    }
    let before = earlier.iter().find(|earlier| earlier.group.rule == group.rule);
    let sees = match before {
        Some(before) => Line::prose(&format!("As for finding {}.", before.number)),
        None => behaviour(told),
    };
    blocks.push(Block::Paragraph(Line::default().strong("What the rule sees.").text(" ").then(sees)));
    own_rule::write(report, told, before.is_none(), blocks);
    let lineage = lineage(told);
    if !lineage.0.is_empty() {
        blocks.push(Block::Paragraph(Line::default().strong("Lineage.").text(" ").then(lineage)));
    }
    if let Some(entry) = told.entry {
        if before.is_none() {
            list(blocks, "What attackers use it for", entry.attackers.iter().map(|text| Line::prose(text)));
            list(
                blocks,
                "What ordinary software does the same",
                entry.ordinary.iter().map(|text| Line::prose(text)),
            );
        }
        list(blocks, "What tells them apart", entry.tells.iter().filter_map(|tell| tells(told, tell)));
    }
    list(blocks, "What this alert does not tell", unknown(told).into_iter());
}

/// The record numbers of a finding, as far as they are listed.
fn members(group: &Group) -> Line {
    let shown: Vec<String> = group.records.iter().take(limits::RECORDS_NAMED).map(u64::to_string).collect();
    let more = group.count.saturating_sub(shown.len() as u64);
    let noun = if group.count == 1 { "Record" } else { "Records" };
    let rest = if more > 0 { format!(" and {more} more; the JSON report lists them") } else { String::new() };
    Line::prose(&format!("{noun} {}{rest}.", shown.join(", ")))
}

/// ", from … to …, one every 3 minutes on average"; empty where the alerts have no time.
fn times(group: &Group) -> String {
    match (group.first, group.last, group.every()) {
        (Some(first), Some(last), Some(every)) => {
            format!(", from {first} to {last}, one every {} on average", noise::duration(every))
        }
        _ => String::new(),
    }
}

/// When the alerts of a finding came, and in what they differ.
fn repeats(report: &Report, told: Told<'_>, blocks: &mut Vec<Block>) {
    let (group, timeline) = (told.group, &report.insight.timeline);
    if group.count == 1 {
        return;
    }
    if timeline.len() > 1 {
        blocks.push(super::paragraph(&format!(
            "When, in periods of {} over all alerts: {}",
            timeline.length(),
            sparkline(&group.periods)
        )));
    }
    if group.spreads.is_empty() {
        return;
    }
    blocks.push(Block::Paragraph(Line::default().strong("In what they differ:")));
    let mut lines: Vec<Line> = group.spreads.iter().take(limits::SPREADS_SHOWN).map(spread).collect();
    if let Some(more) = group.spreads.get(limits::SPREADS_SHOWN..).filter(|more| !more.is_empty()) {
        lines.push(Line::prose(&format!("{} more differ.", counted(more.len() as u64, "field"))));
    }
    blocks.push(Block::Bullets(lines));
}

/// A field's values with their counts, the most frequent first.
fn spread(spread: &Spread) -> Line {
    let mut line = Line::default().value(&spread.field).text(": ");
    for (at, (value, count)) in spread.values.iter().take(limits::VALUES_SHOWN).enumerate() {
        line = line.text(if at > 0 { ", " } else { "" });
        line = match value {
            Some(value) => line.value(value),
            None => line.text("absent"),
        };
        line = line.text(&format!(" ({count})"));
    }
    let beyond = spread.values.len().saturating_sub(limits::VALUES_SHOWN);
    match (spread.more, beyond) {
        (true, _) => line.text(&format!(", and others: more than {} in all.", limits::VALUES_KEPT)),
        (false, 0) => line.text("."),
        (false, beyond) => line.text(&format!(", and {beyond} more.")),
    }
}

/// A hint after the values that the alert has for it; nothing where it has none.
fn tells(told: Told<'_>, tell: &Tell) -> Option<Line> {
    let fields = tell.fields.iter().copied().filter(|field| !told.is_empty_on_host(field));
    let values: Vec<(&str, &Value)> =
        fields.filter_map(|field| Some((field, told.group.example.field(field)?))).collect();
    let mut line = Line::default();
    for (at, (field, value)) in values.iter().enumerate() {
        line = line.text(if at > 0 { ", " } else { "" }).text(&format!("`{field}` is "));
        line = match value {
            Value::Null => line.text("not known to Falco (null)"),
            value => line.value(&value.text()).text(&instant(field, value)),
        };
    }
    let cited = values.iter().map(|(field, _)| *field);
    (!values.is_empty()).then(|| told.cite(line.text(". ").text(tell.text), cited))
}

/// Fields that hold a time in nanoseconds since 1970.
const TIMES: [&str; 5] =
    ["container.start_ts", "last_event_time", "proc.exe_ino.ctime", "proc.exe_ino.mtime", "proc.pid.ts"];

/// " (2026-01-02T10:00:00Z)" behind a number that is a time; else nothing.
fn instant(field: &str, value: &Value) -> String {
    const SECOND: i64 = 1_000_000_000;
    let nanoseconds = TIMES.contains(&field).then(|| value.text().parse::<i64>().ok()).flatten();
    let time = nanoseconds
        .filter(|number| *number > 0)
        .and_then(|number| Timestamp::from_seconds(number / SECOND, 0));
    time.map_or_else(String::new, |time| format!(" ({})", time.to_the_second()))
}

fn list(blocks: &mut Vec<Block>, title: &str, items: impl Iterator<Item = Line>) {
    let items: Vec<Line> = items.collect();
    if !items.is_empty() {
        blocks.push(Block::Paragraph(Line::default().strong(&format!("{title}:"))));
        blocks.push(Block::Bullets(items));
    }
}

fn facts(told: Told<'_>) -> Vec<Line> {
    let alert = &told.group.example;
    let fact = |name: &str| Line::default().strong(name).text(": ");
    let mut facts = Vec::new();
    if let Some(uuid) = alert.uuid() {
        facts.push(fact("UUID").value(uuid));
    }
    facts.push(if alert.names_its_rule() {
        fact("Rule").value(alert.rule())
    } else {
        fact("Rule").text("not in the alert; its message begins ").value(alert.rule())
    });
    facts.push(match (alert.priority(), alert.object().get_in_any_case("priority")) {
        (Some(priority), _) => fact("Priority").text(priority.name()),
        (None, Some(other)) => fact("Priority").value(&other.text()).text(" (no Falco priority)"),
        (None, None) => fact("Priority").text("not in the alert"),
    });
    facts.push(match (alert.time(), alert.object().get_in_any_case("time")) {
        (Some(time), _) => fact("Time").text(&time.to_string()),
        (None, Some(other)) => fact("Time").value(&other.text()).text(" (not a time this report can read)"),
        (None, None) => fact("Time").text("not in the alert"),
    });
    facts.push(match alert.source() {
        Some(source) => fact("Source").value(source),
        None => fact("Source").text("not in the alert"),
    });
    facts.push(match alert.hostname() {
        Some(host) if told.actor().on_host => fact("Host").value(host),
        Some(host) => fact("Host").value(host).text(" (where Falco runs)"),
        None => fact("Host").text("not in the alert"),
    });
    let mut tags = fact("Tags");
    for (at, tag) in alert.tags().enumerate() {
        tags = tags.text(if at > 0 { ", " } else { "" }).value(tag);
    }
    facts.push(if alert.tags().next().is_some() { tags } else { tags.text("none") });
    if told.group.hosts.len() > 1 {
        facts.push(fact("Hosts with this finding").text(&told.group.hosts.len().to_string()));
    }
    facts
}

/// What happened, in one sentence: host, time, actor, container, what was done.
pub fn what_happened(told: Told<'_>) -> Line {
    let alert = &told.group.example;
    let actor = told.actor();
    let mut cited: Vec<&str> = Vec::new();
    let mut line = match (actor.on_host, alert.hostname()) {
        (true, Some(host)) => {
            cited.push("hostname");
            Line::prose("On host ").value(host).text(", at ")
        }
        (true, None) => Line::prose("On a host that the alert does not name, at "),
        (false, _) => Line::prose("At "),
    };
    line = match alert.time() {
        Some(time) => {
            cited.push("time");
            line.text(&format!("{time}, "))
        }
        None => line.text("a time that it does not give, "),
    };
    line = match told.text(actor.name) {
        Some(name) => {
            cited.push(actor.name);
            let line = line.text(actor.words).text(" ").value(name);
            place(told, bracketed(told, line, &actor.details, &mut cited), &mut cited)
        }
        None if actor.name.is_empty() => line.text(actor.words),
        None => line.text(actor.unnamed),
    };
    line = match told.entry {
        Some(entry) => {
            bracketed(told, line.text(" ").text(entry.action), &entry.target, &mut cited).text(".")
        }
        None if alert.names_its_rule() => line.text(" raised the rule ").value(alert.rule()).text("."),
        None => line
            .text(" raised a rule that the alert does not name; its message begins ")
            .value(alert.rule())
            .text("."),
    };
    told.cite(line, cited)
}

/// " in container `x` (image `y`, pod `z`, namespace `n`)", as far as it is known.
fn place(told: Told<'_>, mut line: Line, cited: &mut Vec<&str>) -> Line {
    match told.group.actor.place {
        Place::Host => {
            cited.push("container.id");
            return line.text(", directly on the host,");
        }
        Place::Container => {
            let fields = ["container.name", "container.id"];
            let named = fields.into_iter().find_map(|field| Some((field, told.text(field)?)));
            cited.push(named.map_or("container.id", |(field, _)| field));
            line = match named {
                Some((_, name)) => line.text(" in container ").value(name),
                None => line.text(" in a container that Falco does not name"),
            };
        }
        Place::Absent | Place::Null => {}
    }
    let parts =
        [("container.image.repository", "image"), ("k8s.pod.name", "pod"), ("k8s.ns.name", "namespace")];
    bracketed(told, line, &parts, cited)
}

/// " (`/bin/x`, started by `y`)": the fields that are known, each after its words.
fn bracketed<'f>(
    told: Told<'_>,
    mut line: Line,
    parts: &[(&'f str, &str)],
    cited: &mut Vec<&'f str>,
) -> Line {
    let mut open = false;
    for (field, words) in parts {
        let Some(value) = told.known(field) else { continue };
        line = line.text(if open { ", " } else { " (" }).text(words);
        line = line.text(if words.is_empty() { "" } else { " " }).value(&value);
        cited.push(field);
        open = true;
    }
    if open { line.text(")") } else { line }
}

fn behaviour(told: Told<'_>) -> Line {
    if let Some(entry) = told.entry {
        let line = Line::prose(entry.behaviour);
        let line = if entry.result.is_empty() { line } else { line.text(" ").text(entry.result) };
        return line.then(renamed(told, entry));
    }
    Line::prose(
        "This version has no entry for the rule, so it is described by the alert alone: its own output, tags, priority and fields. \
         What the rule matches, and what ordinary software also raises it, is in the rule's `desc` and `condition`.",
    )
}

/// What became of a rule that is no longer shipped under the name in the alert.
fn renamed(told: Told<'_>, entry: &Entry) -> Line {
    let rules: Vec<&str> = knowledge::successors(&told.group.rule).collect();
    match rules.as_slice() {
        [] => Line::default(),
        [_] => Line::prose(&format!(" Falco now ships this rule as `{}`.", entry.rule)),
        several => {
            let names = several.join("` and `");
            Line::prose(&format!(" Falco now ships `{names}` in its place; this describes `{}`.", entry.rule))
        }
    }
}

fn lineage(told: Told<'_>) -> Line {
    let alert = &told.group.example;
    let mut line = Line::default();
    let mut cited = Vec::new();
    if let Some(command) = told.text("proc.cmdline") {
        line = line.text("Its command line was ").value(command).text(".");
        cited.push("proc.cmdline");
    }
    if let Some(parent) = told.text("proc.pcmdline") {
        line = line.text(" Its parent's was ").value(parent).text(".");
        cited.push("proc.pcmdline");
    }
    let numbered =
        |name: &str| -> Option<u32> { name.strip_prefix("proc.aname[")?.strip_suffix(']')?.parse().ok() };
    let mut ancestors: Vec<(u32, &str, &str)> = alert
        .fields()
        .filter_map(|(name, value)| Some((numbered(name)?, name, value.as_str()?)))
        .filter(|(_, _, value)| !value.is_empty())
        .collect();
    ancestors.sort_unstable();
    if !ancestors.is_empty() {
        line = line.text(" Further up: ");
        for (at, (_, name, value)) in ancestors.iter().enumerate() {
            line = line.text(if at > 0 { " ← " } else { "" }).value(value);
            cited.push(*name);
        }
        line = line.text(".");
    }
    told.cite(
        line,
        cited
            .iter()
            .copied()
            .filter(|name| !name.contains('['))
            .chain(ancestors.first().map(|_| "proc.aname")),
    )
}

fn unknown(told: Told<'_>) -> Vec<Line> {
    let alert = &told.group.example;
    let mut lines: Vec<Line> = match told.entry {
        Some(entry) => entry
            .unknown
            .iter()
            .filter(|unknown| told.known(unknown.unless).is_none())
            .map(|unknown| Line::prose(unknown.text))
            .collect(),
        None => vec![Line::prose(
            "Whether the behaviour is normal for this workload: nothing in one alert can show that.",
        )],
    };
    for (name, value) in alert.fields().filter(|(name, _)| !told.is_empty_on_host(name)) {
        let reason = match value {
            Value::Null => "Falco could not extract it (null)",
            Value::String(text) if text == "<NA>" => "Falco looked it up and found nothing (`<NA>`)",
            _ => continue,
        };
        lines.push(Line::default().value(name).text(&format!(": {reason}.")));
    }
    if let Some(host) = alert.hostname().filter(|host| is_container_id(host)) {
        let line = Line::prose("Which host it was: ").value(host).text(
            " looks like the id of the container that Falco itself runs in. Set `FALCO_HOSTNAME` to the node's name.",
        );
        lines.push(told.cite(line, ["hostname"]));
    }
    if told.group.actor.place == Place::Absent && alert.source() == Some("syscall") {
        lines.push(Line::prose("Whether it ran in a container: `container.id` is not in the alert."));
    }
    lines
}

/// Short container ids are 12 hex digits; without a host name of its own, Falco prints that of its container.
fn is_container_id(host: &str) -> bool {
    host.len() == 12 && host.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
