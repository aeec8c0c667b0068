//! Makes alerts for measurements: JSON lines as Falco writes them, of any amount, the same ones for the
//! same seed. Eighteen rules, few of which make most of the alerts; some hundred pods on two dozen
//! hosts; command lines, files, ports, process numbers and times that change from alert to alert.

#![forbid(unsafe_code)]

mod chance;
mod cluster;
mod rules;

use std::io::{self, Write};

use chance::Chance;
use cluster::Pod;
use rules::{Event, RULES, Rule, WORDS};

/// The time of the first alert, in nanoseconds since 1970: 2026-01-05T00:00:00Z.
const START: u64 = 1_767_571_200_000_000_000;

/// Of how many alerts one comes from the host itself and not from a pod.
const ON_HOST: u64 = 6;

/// Alerts without end.
pub struct Alerts {
    chance: Chance,
    pods: Vec<Pod>,
    /// Nanoseconds since [`START`].
    elapsed: u64,
    /// Nanoseconds between two alerts, on average.
    pace: u64,
}

impl Alerts {
    /// The alerts of a seed, so many a second on average.
    pub fn new(seed: u64, a_second: u64) -> Self {
        let mut chance = Chance::new(seed);
        let pods = cluster::pods(&mut chance);
        Self { chance, pods, elapsed: 0, pace: 1_000_000_000 / a_second.max(1) }
    }

    /// Writes alerts, a line each, until there are `bytes` of them or a line more; how many.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&mut self, out: &mut impl Write, bytes: u64) -> io::Result<u64> {
        let (mut written, mut alerts, mut line) = (0, 0, String::new());
        while written < bytes {
            line.clear();
            self.line(&mut line);
            out.write_all(line.as_bytes())?;
            written += line.len() as u64;
            alerts += 1;
        }
        Ok(alerts)
    }

    fn line(&mut self, out: &mut String) {
        self.elapsed += self.chance.below(2 * self.pace);
        let at = usize::try_from(self.chance.mostly_small(RULES.len() as u64)).unwrap_or_default();
        let Some(rule) = RULES.get(at) else { return };
        let time = Time::at(START + self.elapsed);
        let text = match rule.event {
            Event::Audit => self.audit(rule, &time),
            Event::Start | Event::File | Event::Connection => self.syscall(rule, &time),
        };
        out.push_str(&text);
        out.push('\n');
    }

    fn audit(&mut self, rule: &Rule, time: &Time) -> String {
        let target = self.filled(rule.targets);
        let mut words = target.splitn(3, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (verb, resource, name) = (word(), word(), word());
        let user = format!("system:serviceaccount:shop:{}", self.word());
        let namespace = self.word();
        format!(
            r#"{{"hostname":"audit-0","output":"{}: {} K8s request (user={user} verb={verb} resource={resource} name={name} ns={namespace})","output_fields":{{"evt.time":{},"ka.auth.decision":"allow","ka.response.code":"200","ka.target.name":"{name}","ka.target.namespace":"{namespace}","ka.target.resource":"{resource}","ka.user.name":"{user}","ka.verb":"{verb}"}},"priority":"{}","rule":"{}","source":"k8s_audit","tags":{},"time":"{}"}}"#,
            time.clock(),
            rule.priority,
            time.nanoseconds,
            rule.priority,
            rule.name,
            rule.tags,
            time.full(),
        )
    }

    fn syscall(&mut self, rule: &Rule, time: &Time) -> String {
        let command = self.filled(rule.commands).replace('"', "\\\"");
        let target = self.target(rule);
        let (kind, target_field) = match rule.event {
            Event::File => ("openat", format!(r#","fd.name":"{target}""#)),
            Event::Connection => ("connect", format!(r#","fd.l4proto":"tcp","fd.name":"{target}""#)),
            Event::Start | Event::Audit => ("execve", String::new()),
        };
        let shown = if target.is_empty() { "<NA>" } else { &target };
        let pid = 2 + self.chance.below(4_000_000);
        let parent_pid = 2 + self.chance.below(90_000);
        let host = cluster::host(&mut self.chance);
        let on_host = self.chance.below(ON_HOST) == 0;
        let pod = self.chance.one_of(&self.pods).filter(|_| !on_host);
        let host = pod.map_or(host.as_str(), |pod| pod.host.as_str());
        let container = pod.map_or("host", |pod| pod.container.as_str());
        let container_name = pod.map_or("host", |pod| pod.container_name);
        let text = |value: Option<&str>| value.map_or("null".to_owned(), |value| format!("\"{value}\""));
        let image = text(pod.map(|pod| pod.image.as_str()));
        let tag = text(pod.map(|pod| pod.tag.as_str()));
        let namespace = text(pod.map(|pod| pod.namespace));
        let pod_name = text(pod.map(|pod| pod.name.as_str()));
        let uid = if pod.is_some() { 1000 } else { 0 };
        let user = if pod.is_some() { "app" } else { "root" };
        let Rule { name, priority, tags, program, parent, .. } = rule;
        format!(
            r#"{{"hostname":"{host}","output":"{}: {priority} {name} | file={shown} evt_type={kind} user={user} user_uid={uid} user_loginuid=-1 process={program} proc_exepath=/usr/bin/{program} parent={parent} command={command} terminal=0 container_id={container} container_name={container_name} container_image_repository={} container_image_tag={} k8s_pod_name={} k8s_ns_name={}","output_fields":{{"container.id":"{container}","container.image.repository":{image},"container.image.tag":{tag},"container.name":"{container_name}","evt.time":{},"evt.type":"{kind}"{target_field},"k8s.ns.name":{namespace},"k8s.pod.name":{pod_name},"proc.cmdline":"{command}","proc.exepath":"/usr/bin/{program}","proc.name":"{program}","proc.pid":{pid},"proc.pname":"{parent}","proc.ppid":{parent_pid},"proc.tty":0,"user.loginuid":-1,"user.name":"{user}","user.uid":{uid}}},"priority":"{priority}","rule":"{name}","source":"syscall","tags":{tags},"time":"{}"}}"#,
            time.clock(),
            image.trim_matches('"'),
            tag.trim_matches('"'),
            pod_name.trim_matches('"'),
            namespace.trim_matches('"'),
            time.nanoseconds,
            time.full(),
        )
    }

    fn target(&mut self, rule: &Rule) -> String {
        if !matches!(rule.event, Event::Connection) {
            return self.filled(rule.targets);
        }
        let (net, own, port) =
            (self.chance.below(200), self.chance.below(250), 32768 + self.chance.below(28000));
        let other = match self.chance.below(40) {
            0 => format!("203.0.113.{}:22", self.chance.below(250)),
            _ => "10.96.0.1:443".to_owned(),
        };
        format!("10.244.{net}.{own}:{port}->{other}")
    }

    /// One of the texts, its places filled; empty where there is none.
    fn filled(&mut self, texts: &[&str]) -> String {
        if texts.is_empty() {
            return String::new();
        }
        let mut rest = self.chance.one_of(texts).copied().unwrap_or_default();
        let mut out = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (place, tail) = after.split_once('}').unwrap_or(("", after));
            match place {
                "n" => out.push_str(&self.chance.below(250).to_string()),
                "h" => hex(&mut out, self.chance.next()),
                _ => out.push_str(self.word()),
            }
            rest = tail;
        }
        out + rest
    }

    fn word(&mut self) -> &'static str {
        self.chance.one_of(&WORDS).copied().unwrap_or_default()
    }
}

/// Sixteen digits.
fn hex(out: &mut String, number: u64) {
    out.extend((0..16).rev().filter_map(|digit| {
        char::from_digit(u32::try_from(number >> (4 * digit) & 0xF).unwrap_or_default(), 16)
    }));
}

/// A time of the first days of 2026.
struct Time {
    nanoseconds: u64,
}

impl Time {
    fn at(nanoseconds: u64) -> Self {
        Self { nanoseconds }
    }

    /// `00:02:33.123456789`.
    fn clock(&self) -> String {
        let (seconds, fraction) = (self.nanoseconds / 1_000_000_000, self.nanoseconds % 1_000_000_000);
        let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        format!("{hour:02}:{minute:02}:{second:02}.{fraction:09}")
    }

    /// RFC 3339. The days of a month are counted on, so that every file ends within January: at the usual
    /// pace that is a hundred million alerts.
    fn full(&self) -> String {
        let day = (self.nanoseconds - START) / 86_400_000_000_000 + 5;
        format!("2026-01-{:02}T{}Z", day.min(31), self.clock())
    }
}

#[cfg(test)]
mod tests {
    use super::Alerts;

    fn made(seed: u64, bytes: u64) -> String {
        let mut out = Vec::new();
        Alerts::new(seed, 10).write(&mut out, bytes).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_alerts_and_more_of_them() {
        let few = made(1, 10_000);
        assert!(few.len() >= 10_000 && few.ends_with("}\n"));
        assert!(made(1, 50_000).starts_with(&few));
        assert_ne!(made(2, 10_000), few);
    }
}
