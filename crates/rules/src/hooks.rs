//! The hooks of Falco's own rules: macros and lists that are there for people to extend.
//!
//! With the table an overlay can be judged without the rules that it extends: it says under which rules
//! a hook stands, and how. `cargo xtask codegen` makes it from the rule files, a line
//! `KIND HOOK PLACE FIELD OPERATOR DEFAULT SINCE RULE|RULE…` with tabs between the cells.

const TABLE: &str = include_str!("../data/hooks.txt");

/// How a hook stands in the condition of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// `and HOOK`: the rule alerts only where the hook holds.
    Required,
    /// `and not HOOK`: the rule is silent where the hook holds.
    Excluded,
    /// Deeper within the condition.
    Nested,
}

/// What a hook is as it is shipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A macro that never holds: replace it, or append with `or`.
    Never,
    /// A macro that always holds: replace it, or append with `and`.
    Always,
    /// A list without items.
    Empty,
    /// A macro or list with content: append, or lose it.
    Own,
}

/// A hook as it stands in rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hook {
    /// Its name.
    pub name: &'static str,
    /// Whether it is a list; otherwise it is a macro.
    pub is_list: bool,
    /// How it stands in the rules.
    pub place: Place,
    /// The field that is compared with the list; empty for a macro.
    pub field: &'static str,
    /// The operator between field and list; empty for a macro.
    pub operator: &'static str,
    /// What it is as it is shipped.
    pub content: Content,
    /// The release of Falco whose rules had the first of the rules; empty if that is not known.
    pub since: &'static str,
    rules: &'static str,
}

impl Hook {
    /// The rules in which it stands so.
    pub fn rules(&self) -> impl Iterator<Item = &'static str> {
        self.rules.split('|')
    }
}

/// All hooks; one that stands in different ways in different rules comes several times.
pub fn hooks() -> impl Iterator<Item = Hook> {
    TABLE.lines().map(|line| {
        let mut cells = line.split('\t');
        let [kind, name, place, field, operator, content, since, rules] =
            [(); 8].map(|()| cells.next().unwrap_or_default());
        let place = match place {
            "+" => Place::Required,
            "-" => Place::Excluded,
            _ => Place::Nested,
        };
        let content = match content {
            "never" => Content::Never,
            "always" => Content::Always,
            "empty" => Content::Empty,
            _ => Content::Own,
        };
        Hook { name, is_list: kind == "list", place, field, operator, content, since, rules }
    })
}

#[cfg(test)]
mod tests {
    use super::{Content, Place, hooks};

    #[test]
    fn hooks_say_where_they_stand() {
        let excluded = hooks().find(|hook| hook.name == "user_known_package_manager_in_container").unwrap();
        assert_eq!((excluded.is_list, excluded.place), (false, Place::Excluded));
        assert!(excluded.rules().eq(["Launch Package Management Process in Container"]));
        let list = hooks().find(|hook| hook.name == "known_drop_and_execute_containers").unwrap();
        assert_eq!((list.field, list.operator), ("container.image.repository", "in"));
        assert_eq!((excluded.content, list.content), (Content::Never, Content::Empty));
    }
}
