//! The packed form of what puts controls into effect: blocks as those of entries.
//!
//! | letter | columns |
//! |---|---|
//! | `k` `u` | controls; rules |
//! | `p` `h` `i` | places; heading; kind |
//! | `t` `e` `m` | title; effect; what may break |
//! | `a` `r` `w` | how to apply; how to roll back; what happens afterwards |
//! | `f` `c` | file; a line of its content |
//! | `g` | a row of the table |
//! | `q` `s` `d` | a line of the pod; of the container; capabilities to drop |
//! | `o` `y` | a line of a Compose service; options of its `security_opt` |
//! | `v` `x` | variable: name, expression; expression |
//! | `b` `l` | API group, resources and operations, separated by commas; Kyverno's kinds |

use crate::Folder;
use crate::measures::{Measure, Policy, Setting};

/// Measures, settings and policies with a form feed between them; before them, a line a control: name,
/// where it is set, what it is, what a file for it would have to know.
pub fn pack(folder: &Folder) -> String {
    let all = &folder.measures;
    let controls = folder.controls.iter().map(|(name, control)| {
        let evidence = all.evidence.get(name).map(String::as_str).unwrap_or_default();
        format!("{name}\t{}\t{}\t{evidence}\n", control.group, control.text)
    });
    let measures: Vec<String> = all.measures.iter().map(|(name, one)| measure(name, one)).collect();
    let settings: Vec<String> = all.settings.iter().map(|(name, one)| setting(name, one)).collect();
    let policies: Vec<String> = all.policies.iter().map(|(name, one)| policy(name, one)).collect();
    [controls.collect(), measures.join("\n"), settings.join("\n"), policies.join("\n")].join("\u{c}")
}

struct Block(String);

impl Block {
    fn begin(name: &str) -> Self {
        Self(format!("{name}\n"))
    }

    /// A line; nothing where there is nothing to say.
    fn line(&mut self, letter: char, text: &str) {
        if !text.is_empty() {
            self.always(letter, text);
        }
    }

    fn always(&mut self, letter: char, text: &str) {
        self.0.push(letter);
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn list(&mut self, letter: char, items: &[String]) {
        self.line(letter, &items.join("\t"));
    }
}

fn measure(name: &str, measure: &Measure) -> String {
    let mut block = Block::begin(name);
    block.list('k', &measure.controls);
    block.list('u', &measure.rules);
    block.list('p', &measure.places);
    for (letter, text) in [
        ('h', &measure.heading),
        ('i', &measure.kind),
        ('t', &measure.title),
        ('e', &measure.effect),
        ('m', &measure.may_break),
        ('a', &measure.apply),
        ('r', &measure.roll_back),
        ('w', &measure.afterwards),
        ('f', &measure.file),
    ] {
        block.line(letter, text);
    }
    measure.content.lines().for_each(|line| block.always('c', line));
    measure.table.iter().for_each(|row| block.list('g', row));
    block.0
}

fn setting(name: &str, setting: &Setting) -> String {
    let mut block = Block::begin(name);
    block.line('k', &setting.control);
    block.list('u', &setting.rules);
    setting.pod.iter().for_each(|line| block.line('q', line));
    setting.container.iter().for_each(|line| block.line('s', line));
    block.list('d', &setting.drop);
    setting.compose.iter().for_each(|line| block.line('o', line));
    block.list('y', &setting.security_opt);
    block.line('e', &setting.effect);
    block.line('m', &setting.may_break);
    block.0
}

fn policy(name: &str, policy: &Policy) -> String {
    let mut block = Block::begin(name);
    block.list('k', &policy.controls);
    block.list('u', &policy.rules);
    let (resources, operations) = (policy.resources.join(","), policy.operations.join(","));
    block.line('b', &[&*policy.group, &resources, &operations].join("\t"));
    block.list('l', &policy.kinds);
    policy.variables.iter().for_each(|(name, expression)| block.line('v', &format!("{name}\t{expression}")));
    block.line('x', &policy.expression);
    block.line('e', &policy.message);
    block.0
}
