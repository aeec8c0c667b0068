//! What an alert consists of, by what it is about.

use serde::{Deserialize, Serialize};

use super::Shelf;
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
    /// The condition of Falco's language that holds for alerts with this value; `None` where there is none, or
    /// where it would not show what it says.
    pub condition: Option<String>,
}

/// Titles in the order in which they are shown, with the classes of fields that belong there. An ancestor's
/// fields are its process's.
const GROUPS: [(&str, &[&str]); 8] = [
    ("Alert", &[]),
    ("Process", &["proc", "thread", "exe"]),
    ("User", &["user", "group"]),
    ("File", &["fs", "file"]),
    ("Network and descriptor", &["fd"]),
    ("Container", &["container"]),
    ("Kubernetes", &["k8s", "k8smeta", "ka", "kevt"]),
    ("Event", &["evt", "syscall", "falco"]),
];

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
            put("Alert", Field { name: "output".to_owned(), value, condition: None });
        }
        let names = shape.own.iter().chain(&shape.fields).enumerate();
        for (at, name) in names {
            let value = self.cell(alert, at).unwrap_or(&Value::Null);
            let is_own = at < shape.own.len();
            let condition = if is_own { None } else { condition(name, value) };
            let field = Field {
                name: visible(name).into_owned(),
                value: visible(&value.text()).into_owned(),
                condition,
            };
            put(if is_own { "Alert" } else { title(name) }, field);
        }
        groups.retain(|group| !group.fields.is_empty());
        groups
    }
}

fn title(field: &str) -> &'static str {
    let class = field.split(['.', '[']).next().unwrap_or_default();
    GROUPS.iter().find(|(_, classes)| classes.contains(&class)).map_or(OTHER, |(title, _)| title)
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
        assert_eq!(titles, ["Alert", "Process", "Kubernetes", "Event", "Other fields"]);
        let process: Vec<_> =
            groups[1].fields.iter().map(|field| (field.name.as_str(), field.condition.as_deref())).collect();
        assert_eq!(
            process,
            [
                ("proc.aname[2]", Some("proc.aname[2] = sh")),
                ("proc.name", Some(r#"proc.name = "my \"sh\"""#)),
                ("proc.exe", None)
            ]
        );
        assert!(!groups[1].fields[2].value.contains('\u{202e}'));
        assert!(shelf.groups(2).is_empty());
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
