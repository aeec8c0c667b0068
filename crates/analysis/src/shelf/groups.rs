//! What an alert consists of, by what it is about.

use serde::{Deserialize, Serialize};

use super::{Shelf, meaning::meaning};
use crate::alert::Value;
use crate::report::escape::{is_hidden, visible};
use crate::search::written;

/// Keys and fields of an alert about the same thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// What they are about.
    pub title: String,
    /// In file order.
    pub fields: Vec<Field>,
}

/// A key or field of an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its value, as JSON where it is no text, with characters that do not show spelt out.
    pub value: String,
    /// What it means, in a few words; empty where that is not known.
    pub meaning: String,
    /// The condition of Falco's language that holds for alerts with this value; `None` where there is none, or
    /// where it would not show what it says.
    pub condition: Option<String>,
}

/// Titles in the order in which they are shown, with the classes of fields that belong there.
const GROUPS: [(&str, &[&str]); 10] = [
    ("Alert", &[]),
    ("Process", &["proc", "thread", "exe"]),
    (PARENTS, &[]),
    ("User", &["user", "group"]),
    ("File", &["fs", "file", "fd"]),
    (NETWORK, &[]),
    ("Container", &["container"]),
    ("Kubernetes", &["k8s", "k8smeta"]),
    ("Cloud and audit log", &["ka", "kevt", "ct", "aws", "gcp", "okta", "github", "keycloak", "salesforce"]),
    ("Event", &["evt", "syscall", "falco", "jevt", "json"]),
];

/// Where the fields of ancestors and of the leaders of a session or group go.
const PARENTS: &str = "Parents and session";

/// Where the fields of a descriptor go that is a connection.
const NETWORK: &str = "Network";

/// What fields of a connection alone are called after `fd.`, behind a letter for the side.
const OF_CONNECTION: [&str; 7] = ["ip", "port", "net", "proto", "l4proto", "sockfamily", "is_server"];

/// Where everything else goes.
const OTHER: &str = "Other fields";

impl Shelf {
    /// Everything that an alert consists of, in groups; groups without fields are left out.
    pub fn groups(&self, record: u64) -> Vec<Group> {
        let Some(alert) = self.at(record) else { return Vec::new() };
        let Some(shape) = self.shape_of(alert) else { return Vec::new() };
        let titles = GROUPS.iter().map(|(title, _)| *title).chain([OTHER]);
        let mut groups: Vec<Group> =
            titles.map(|title| Group { title: title.to_owned(), fields: Vec::new() }).collect();
        let mut put = |title: &str, field: Field| {
            if let Some(group) = groups.iter_mut().find(|group| group.title == title) {
                group.fields.push(field);
            }
        };
        if !alert.output.is_empty() {
            let value = visible(&alert.output).into_owned();
            let (name, meaning) = ("output".to_owned(), String::new());
            put("Alert", Field { name, value, meaning, condition: None });
        }
        let is_connection = (shape.own.len()..).zip(&shape.fields).any(|(at, name)| {
            is_of_connection(name) && self.cell(alert, at).is_some_and(|value| *value != Value::Null)
        });
        let names = shape.own.iter().chain(&shape.fields).enumerate();
        for (at, name) in names {
            let value = self.cell(alert, at).unwrap_or(&Value::Null);
            let is_own = at < shape.own.len();
            let condition = if is_own { None } else { condition(name, value) };
            let field = Field {
                name: visible(name).into_owned(),
                value: visible(&value.text()).into_owned(),
                meaning: if is_own { "" } else { meaning(name) }.to_owned(),
                condition,
            };
            put(if is_own { "Alert" } else { title(name, is_connection) }, field);
        }
        groups.retain(|group| !group.fields.is_empty());
        groups
    }
}

fn title(field: &str, is_connection: bool) -> &'static str {
    let class = field.split(['.', '[']).next().unwrap_or_default();
    if is_of_parents(field) {
        return PARENTS;
    }
    if class == "fd" && (is_connection || is_of_connection(field)) {
        return NETWORK;
    }
    GROUPS.iter().find(|(_, classes)| classes.contains(&class)).map_or(OTHER, |(title, _)| title)
}

/// Whether a field is about an ancestor, or the leader of a session or process group.
fn is_of_parents(field: &str) -> bool {
    let Some(rest) = field.strip_prefix("proc.") else { return false };
    let name = rest.split(['.', '[']).next().unwrap_or_default();
    let of_ancestor = name
        .strip_prefix(['a', 'p'])
        .is_some_and(|of| ["name", "exe", "exepath", "cmdline", "pid", "vpid", "env", "args"].contains(&of));
    of_ancestor || ["sid", "sname", "pgid", "vpgid", "loginshellid"].contains(&name)
}

/// Whether only connections have a field.
fn is_of_connection(field: &str) -> bool {
    let Some(rest) = field.strip_prefix("fd.") else { return false };
    let name = rest.split('.').next().unwrap_or_default();
    let of_side = name.strip_prefix(['c', 's', 'l', 'r']).unwrap_or_default();
    OF_CONNECTION.contains(&name) || OF_CONNECTION.contains(&of_side)
}

fn condition(field: &str, value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return Some(format!("not {field} exists")),
        Value::List(_) | Value::Object(_) => return None,
        other => other.text(),
    };
    let is_plain = !text.is_empty() && !text.contains(is_hidden);
    let condition = is_plain.then(|| format!("{field} = {}", written(&text)))?;
    let is_read = condition::parse(&condition).is_ok_and(|expr| expr.fields().len() == 1);
    is_read.then_some(condition)
}

#[cfg(test)]
mod tests {
    use crate::search::{Reading, Search};
    use crate::shelf::tests::shelf;

    #[test]
    fn fields_stand_where_they_belong_with_their_conditions() {
        let shelf = shelf(&[
            r#"{"rule":"R","output":"o","output_fields":{"k8s.ns.name":"web","proc.aname[2]":"sh","proc.name":"my \"sh\"","x.y":["a"],"proc.exe":"a\u202eb","evt.num":7}}"#,
        ]);
        let groups = shelf.groups(1);
        let titles: Vec<&str> = groups.iter().map(|group| group.title.as_str()).collect();
        assert_eq!(
            titles,
            ["Alert", "Process", "Parents and session", "Kubernetes", "Event", "Other fields"]
        );
        let process: Vec<_> =
            groups[1].fields.iter().map(|field| (field.name.as_str(), field.condition.as_deref())).collect();
        assert_eq!(process, [("proc.name", Some(r#"proc.name = "my \"sh\"""#)), ("proc.exe", None)]);
        assert!(!groups[1].fields[1].value.contains('\u{202e}'));
        assert!(shelf.groups(2).is_empty());
    }

    #[test]
    fn a_descriptor_is_a_file_or_a_connection_with_all_of_its_fields() {
        for (fields, expected) in [
            (r#""fd.name":"/etc/shadow","fd.type":"file","fd.lport":null"#, ["File", "Network"].as_slice()),
            (r#""fd.name":"/etc/shadow","fd.num":3"#, &["File"]),
            (r#""fd.name":"10.0.0.1:1->10.0.0.2:2","fd.rip":"10.0.0.2","fd.type":"ipv4""#, &["Network"]),
        ] {
            let alert = format!(r#"{{"rule":"R","output":"o","output_fields":{{{fields}}}}}"#);
            let groups = shelf(&[&alert]).groups(1);
            let titles: Vec<&str> = groups.iter().skip(1).map(|group| group.title.as_str()).collect();
            assert_eq!(titles, expected, "{fields}");
        }
    }

    #[test]
    fn fields_of_ancestors_stand_apart_from_those_of_the_process() {
        for (field, expected) in [
            ("proc.pname", true),
            ("proc.pid", false),
            ("proc.pid.ts", false),
            ("proc.ppid", true),
            ("proc.aexepath[3]", true),
            ("proc.args", false),
            ("proc.sid.exe", true),
            ("proc.aname", true),
            ("user.name", false),
        ] {
            assert_eq!(super::is_of_parents(field), expected, "{field}");
        }
    }

    #[test]
    fn a_condition_of_a_field_finds_its_alert() {
        for value in ["curl", "a b", "x) or (proc.name exists", "\"", "\\", "a\\\"b", "'", "in", "a,b", "not"]
        {
            let alert =
                serde_json::json!({"rule": "R", "output": "o", "output_fields": {"proc.name": value}});
            let shelf = shelf(&[
                &alert.to_string(),
                r#"{"rule":"R","output":"o","output_fields":{"proc.name":"other"}}"#,
            ]);
            let condition = shelf.groups(1)[1].fields[0].condition.clone().unwrap();
            let mut search = Search::new(&condition, &shelf);
            while search.advance(&shelf, 10) {}
            assert_eq!(search.reading(), &Reading::Condition, "{condition}");
            assert!(search.records().eq([1]), "{condition}");
        }
    }
}
