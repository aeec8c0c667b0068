//! A file's items, one after the other, as Falco's reader takes them.

mod exceptions;
mod overrides;
mod rule;
mod value;
mod version;

use std::rc::Rc;

use crate::code::{error, note, warning};
use crate::collect::{Collector, List, Macro};
use crate::engine::Engine;
use crate::findings::{Findings, Found};
use crate::item::{Context, Item};
use crate::text::Text;
use crate::yaml::{self, Node, Refusal};
use overrides::Overrides;
use value::{boolean, required, texts};

/// `append: true`, which Falco 0.37 replaced by `override`.
const APPEND_IS_DEPRECATED: &str = "'append' key is deprecated. Add an 'append' entry (e.g. 'condition: \
                                    append') under 'override' instead.";

/// Reads one file into a collector.
pub(crate) struct Reader<'a> {
    pub engine: &'a Engine,
    pub collector: &'a mut Collector,
    pub findings: &'a mut Findings,
    /// Which file it is.
    pub file: usize,
    /// What Falco has collected when it stops; the collector goes on for our own notes.
    pub kept: Option<Collector>,
}

impl Reader<'_> {
    /// Reads a file's text. An error ends an item; what follows is read for our own notes.
    pub fn read(&mut self, text: &str) {
        let root = Context::file(self.file);
        let documents = match yaml::parse(text) {
            Ok(documents) => documents,
            Err(wrong) => return self.findings.fail(yaml_error(&root, text, &wrong)),
        };
        if let Some(refusal) = documents.iter().find_map(|document| yaml::refusal(document)) {
            return self.refuse(&root, &refusal);
        }
        self.note_empty_document(&root, text, &documents);
        for document in documents.iter().filter(|document| !document.is_null()) {
            self.document(&root, document);
        }
    }

    /// yaml-cpp has stopped at empty documents since the autumn of 2024; the engine this crate is held to
    /// is older in that.
    fn note_empty_document(&mut self, root: &Context, text: &str, documents: &[Rc<Node>]) {
        let mut rest = documents.iter().skip_while(|document| !document.is_null());
        let Some(empty) = rest.next() else { return };
        if rest.all(|document| document.is_null()) {
            return;
        }
        let mut span = empty.span.clone();
        if text.get(span.start..).is_some_and(|rest| rest.starts_with("---")) {
            span.end = span.start + 3;
        }
        let message = "a document ends here that is empty: some builds of Falco load nothing of what follows";
        self.findings.note(&root.at(self.file, span), note::EMPTY_DOCUMENT, message, "remove one `---`");
    }

    fn refuse(&mut self, root: &Context, refusal: &Refusal) {
        match refusal {
            Refusal::ComplexKey(key) => {
                let message = format!("{}: bad conversion", key.mark.falco());
                let item = root.at(self.file, key.span.clone()).item(error::LOAD_ERR_YAML_PARSE, message);
                self.findings.fail(item.hint("a key is a word, not a list or a mapping"));
            }
            Refusal::EmptyList(node) => {
                let context = root.at(self.file, node.span.clone());
                let message = "Falco is killed by signal 6 at `[]` where a mapping belongs";
                let item = context.item(error::ENGINE_CRASH, message);
                self.findings.fail(item.hint("remove the key, or write a mapping such as `{items: append}`"));
            }
        }
    }

    fn document(&mut self, root: &Context, document: &Node) {
        let Some(items) = document.elements() else {
            let message = if document.is_mapping() {
                "Rules content is not yaml array of objects"
            } else {
                "Rules content is not yaml"
            };
            let item = root.item(error::LOAD_ERR_YAML_VALIDATE, message);
            let hint = "a rule file is a list: begin every rule, macro and list with `- ` at the margin";
            return self.findings.fail(item.hint(hint));
        };
        for item in items.iter().filter(|item| !item.is_null()) {
            if let Err(failure) = self.item(root, item) {
                self.lose(item);
                self.findings.fail(*failure);
                self.kept.get_or_insert_with(|| self.collector.clone());
            }
        }
    }

    /// Remembers the name of an item that could not be read.
    fn lose(&mut self, item: &Node) {
        let name = ["list", "macro", "rule"].into_iter().find_map(|key| item.get(key));
        self.findings.lost.extend(name.and_then(|name| name.text()).map(str::to_owned));
    }

    fn item(&mut self, root: &Context, item: &Rc<Node>) -> Found<()> {
        if !item.is_mapping() {
            let context = root.child("rules content item", "", item);
            let message = "Unexpected element type. Each element should be a yaml associative array.";
            let hint = "write `- rule: NAME`, `- macro: NAME` or `- list: NAME` and its keys below";
            return Err(Box::new(context.item(error::LOAD_ERR_YAML_VALIDATE, message).hint(hint)));
        }
        self.note_keys(root, item);
        if item.get("required_engine_version").is_some() {
            self.engine_version(root, item)
        } else if let Some(versions) = item.get("required_plugin_versions") {
            self.plugin_versions(root, item, versions)
        } else if item.get("list").is_some() {
            self.list(root, item)
        } else if item.get("macro").is_some() {
            self.macro_item(root, item)
        } else if item.get("rule").is_some() {
            self.rule(root, item)
        } else {
            let context = root.child("rules content item", "", item);
            let found = context.item(warning::LOAD_UNKNOWN_ITEM, "Unknown top level item");
            let hint = "Falco reads `rule`, `macro`, `list`, `required_engine_version` and \
                        `required_plugin_versions`, in lower case";
            self.findings.warn(found.hint(hint));
            Ok(())
        }
    }

    /// Notes keys that do not do what they seem to do.
    fn note_keys(&mut self, root: &Context, item: &Node) {
        let mut seen: Vec<&str> = Vec::new();
        for (key, _) in item.entries() {
            let Some(name) = key.text() else { continue };
            let context = root.at(self.file, key.span.clone());
            if name == "<<" {
                let message = "Falco does not merge `<<`: nothing of it is taken over";
                self.findings.note(&context, note::MERGE_KEY_IGNORED, message, "write the keys out");
            } else if seen.contains(&name) {
                let message = format!("`{name}` is written twice; Falco takes the first one silently");
                self.findings.note(&context, note::DUPLICATE_KEY, message, "remove one of them");
            }
            seen.push(name);
        }
    }

    /// Warns of keys that nobody reads, after everything else in the item was in order.
    fn unknown_keys(&mut self, context: &Context, item: &Node, known: &[&str]) {
        for (key, _) in item.entries() {
            let name = key.text().unwrap_or("null");
            if !known.contains(&name) {
                let message = format!("Unknown key '{name}'. The key will be ignored.");
                let found = context.item(warning::LOAD_UNKNOWN_KEY, message);
                let found = Item { span: key.span.clone(), ..found };
                self.findings.warn(match nearest(name, known) {
                    Some(likely) => found.hint(format!("did you mean `{likely}`?")),
                    None => found.hint("remove it, or move it to where it belongs"),
                });
            }
        }
    }

    fn warn_of_append(&mut self, context: &Context) {
        let item = context.item(warning::LOAD_DEPRECATED_ITEM, APPEND_IS_DEPRECATED);
        self.findings
            .warn(item.hint("replace `append: true` by `override:` with a key for what is appended"));
    }

    fn list(&mut self, root: &Context, item: &Rc<Node>) -> Found<()> {
        let unnamed = root.child("list", "", item);
        let (name, _) = required(item, "list", &unnamed)?;
        let context = root.child("list", name, item);
        if !is_list_name(name) {
            let message = "List has an invalid name. List names should match a regular expression: \
                           ([^()\"'[:space:]=,]+)";
            let found = context.item(warning::LOAD_INVALID_LIST_NAME, message);
            self.findings.warn(found.hint("name it without blanks, quotes, parentheses, commas and `=`"));
        }
        let items = texts(item, "items", &context)?;
        let append = boolean(item, "append", &context)?.unwrap_or(false);
        if append {
            self.warn_of_append(&context);
        }
        let overrides = Overrides::read(item, &["items"], &["items"], &context, root)?;
        overrides.refuse_with_append(append, &context)?;
        let list = List {
            name: name.to_owned(),
            items,
            opaque: false,
            context: context.clone(),
            index: 0,
            visibility: 0,
        };
        if append || overrides.appends("items") {
            self.collector.append_list(list, self.engine, self.findings)?;
        } else {
            self.collector.define_list(list);
        }
        self.unknown_keys(&context, item, &["list", "items", "append", "override"]);
        Ok(())
    }

    fn macro_item(&mut self, root: &Context, item: &Rc<Node>) -> Found<()> {
        let unnamed = root.child("macro", "", item);
        let (name, _) = required(item, "macro", &unnamed)?;
        let context = root.child("macro", name, item);
        if !is_identifier(name) {
            let message = "Macro has an invalid name. Macro names should match a regular expression: \
                           ([a-zA-Z]+[a-zA-Z0-9_]*)";
            let found = context.item(warning::LOAD_INVALID_MACRO_NAME, message);
            self.findings.warn(found.hint("a condition cannot name it: use letters, digits and `_`"));
        }
        let (_, condition) = required(item, "condition", &context)?;
        let condition_context = context.child("macro condition", "", condition);
        let append = boolean(item, "append", &context)?.unwrap_or(false);
        if append {
            self.warn_of_append(&context);
        }
        let overrides = Overrides::read(item, &["condition"], &["condition"], &context, root)?;
        overrides.refuse_with_append(append, &context)?;
        let text = Text::of(self.file, condition);
        let appends = append || overrides.appends("condition");
        let defined = Macro {
            name: name.to_owned(),
            condition: text,
            context: context.clone(),
            condition_context,
            index: 0,
            visibility: 0,
        };
        if appends {
            self.collector.append_macro(defined, self.engine, self.findings)?;
        } else {
            self.collector.define_macro(defined);
        }
        self.unknown_keys(&context, item, &["macro", "condition", "append", "override"]);
        Ok(())
    }
}

fn yaml_error(root: &Context, text: &str, wrong: &yaml::YamlError) -> Item {
    let offset = wrong.mark.offset.min(text.len());
    let mut item = root
        .at(root.file, offset..offset)
        .item(error::LOAD_ERR_YAML_PARSE, format!("{}: {}", wrong.mark.falco(), wrong.message));
    item.item_type = "value for";
    item.hint(match wrong.message.as_str() {
        "illegal map value" => "put text with `: ` in it in quotes, and indent keys of one item alike",
        "illegal block entry" => {
            "begin the line with blanks, not tabs, and put every `- ` on a line of its own"
        }
        "end of sequence not found" | "end of map not found" => {
            "indent this line like the other lines of its item; use blanks, not tabs"
        }
        "end of sequence flow not found" => "close the list with `]`, and put commas between its values",
        "end of map flow not found" => "close the mapping with `}`, and put commas between its keys",
        "unknown token" => "put text that begins with `@`, `%` or a backquote in quotes",
        "illegal tab when looking for indentation" => "indent with blanks, not tabs",
        "illegal EOF in scalar" => "close the quotes",
        "alias not found after *" => "put text that begins with `*` in quotes",
        message if message.starts_with("the referenced anchor is not defined") => {
            "put text that begins with `*` in quotes; an alias needs its `&anchor` before it"
        }
        message if message.starts_with("unknown escape character") => {
            "write a backslash as `\\\\` between double quotes, or use single quotes"
        }
        _ => "Falco reads no rule of a file that is not YAML",
    })
}

/// Whether a name can stand for a list: `([^()"'[:space:]=,]+)`.
fn is_list_name(name: &str) -> bool {
    // An invalid byte, by now U+FFFD, fits no pattern either.
    let refused = |symbol: char| {
        matches!(symbol, '(' | ')' | '"' | '\'' | '=' | ',' | '\u{b}' | '\u{FFFD}')
            || symbol.is_ascii_whitespace()
    };
    !name.is_empty() && !name.contains(refused)
}

/// Whether a name can stand for a macro: `([a-zA-Z]+[a-zA-Z0-9_]*)`.
fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|symbol| symbol.is_ascii_alphanumeric() || symbol == '_')
}

/// The known key that a word is a misspelling of.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let plain = |key: &str| key.to_ascii_lowercase().replace(['-', '_'], "");
    let word = plain(word);
    known.iter().copied().find(|key| {
        let key = plain(key);
        key == word || format!("{word}s") == key || format!("{key}s") == word
    })
}
