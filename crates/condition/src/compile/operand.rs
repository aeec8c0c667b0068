//! Left and right sides that are taken from the event: fields and transformers.

use super::{Compiler, Flawed, Typed};
use crate::ancestors::LEVELS;
use crate::ast::{Argument, Field, Operand as AstOperand, Transform};
use crate::operator::Transformer;
use crate::problem::{Effect, Problem};
use crate::program::{Ancestors, Ends, EndsField, FieldSlot, Function, Operand, Reading};
use crate::resolve::{ResolvedField, resolve};
use crate::tables::{self, FieldInfo};
use crate::value_type::ValueType;

/// The name that Falco gives to what transformers of several arguments make, and to literals among arguments.
const INTERNAL: &str = "INTERNAL";

/// Longest name of a process in bytes.
const LONGEST_NAME: usize = 15;

impl Compiler<'_> {
    pub(super) fn operand(&mut self, operand: &AstOperand) -> Result<Typed, Flawed> {
        match operand {
            AstOperand::Field(field) => self.field(field),
            AstOperand::Transform(transform) => self.transform(transform),
        }
    }

    fn field(&mut self, field: &Field) -> Result<Typed, Flawed> {
        match resolve(field, self.context) {
            Ok(resolved) => Ok(Typed {
                operand: self.slots_of(&resolved),
                value_type: resolved.value_type,
                is_list: resolved.info.is_list(),
                name: resolved.info.name.to_owned(),
                info: Some(resolved.info),
                is_made: false,
            }),
            Err(unresolved) => {
                let effect =
                    if unresolved.is_unknown_filter { Effect::UnknownFilter } else { Effect::Refused };
                self.note(Problem {
                    effect,
                    span: field.span,
                    falco: unresolved.falco,
                    message: unresolved.message,
                    hint: unresolved.hint,
                });
                Err(Flawed)
            }
        }
    }

    /// Where the value of a field comes from in alerts.
    fn slots_of(&mut self, field: &ResolvedField) -> Operand {
        let ends = |compiler: &mut Self, which, names: [&str; 2]| {
            let slots = names.map(|name| compiler.slot_of(name));
            Operand::Ends(Ends { slots, kind: compiler.slots.slot("fd.type"), which })
        };
        match field.info.name {
            // Only exit events are left since Falco 0.42.
            "evt.dir" => Operand::Text("<".into()),
            "fd.ip" => ends(self, EndsField::Address, ["fd.cip", "fd.sip"]),
            "fd.port" | "fd.proto" => ends(self, EndsField::Port, ["fd.cport", "fd.sport"]),
            "fd.net" => ends(self, EndsField::Network, ["fd.cip", "fd.sip"]),
            "fd.cnet" => self.network_of(field, "fd.cip"),
            "fd.snet" => self.network_of(field, "fd.sip"),
            "fd.lnet" => self.network_of(field, "fd.lip"),
            "fd.rnet" => self.network_of(field, "fd.rip"),
            "evt.around" | "proc.aenv" | "fd.cip.name" | "fd.sip.name" | "fd.lip.name" | "fd.rip.name" => {
                Operand::Hidden
            }
            "proc.aname" if field.argument.is_none() => self.ancestors(field, "proc.pname"),
            "proc.aexe" if field.argument.is_none() => self.ancestors(field, "proc.pexe"),
            "proc.aexepath" if field.argument.is_none() => self.ancestors(field, "proc.pexepath"),
            "proc.acmdline" if field.argument.is_none() => self.ancestors(field, "proc.pcmdline"),
            "proc.apid" if field.argument.is_none() => self.ancestors(field, "proc.ppid"),
            _ => {
                let slot = self.slots.slot(&field.key);
                let slot = FieldSlot { slot, value_type: field.value_type, reading: reading_of(&field.key) };
                if field.info.is_list() { Operand::List(slot) } else { Operand::Field(slot) }
            }
        }
    }

    /// The slot of a field that Falco knows without an argument.
    fn slot_of(&mut self, name: &str) -> FieldSlot {
        let value_type = tables::field(name).map_or(ValueType::Other, |info| info.value_type);
        FieldSlot { slot: self.slots.slot(name), value_type, reading: reading_of(name) }
    }

    fn network_of(&mut self, field: &ResolvedField, address: &str) -> Operand {
        let own = self.slots.slot(&field.key);
        Operand::NetworkOf { own, address: self.slot_of(address) }
    }

    fn ancestors(&mut self, field: &ResolvedField, parent: &str) -> Operand {
        let name = field.info.name;
        let parent = self.slot_of(parent);
        let levels = (1..=LEVELS)
            .map(|level| FieldSlot { slot: self.slots.slot(&format!("{name}[{level}]")), ..parent });
        let levels = levels.collect();
        let joined = (name != "proc.apid").then(|| self.slots.slot(name));
        let longest = (name == "proc.aname").then_some(LONGEST_NAME);
        Operand::Ancestors(Ancestors { joined, levels, parent, longest })
    }

    pub(super) fn transform(&mut self, transform: &Transform) -> Result<Typed, Flawed> {
        let Transform { transformer, arguments, option, span } = transform;
        if let (Some(_), false) = (option, takes_several(*transformer)) {
            self.refuse(
                *span,
                format!("filter error: transformer '{transformer}' does not support field arguments"),
                format!("`{transformer}` takes nothing in brackets"),
                Some("put the brackets behind the field".into()),
            );
            return Err(Flawed);
        }
        match arguments.as_slice() {
            [only] => self.of_one(*transformer, only, transform),
            several => self.of_several(*transformer, several, transform),
        }
    }

    /// `tolower`, `len` and the like, and `val`.
    fn of_one(
        &mut self,
        transformer: Transformer,
        argument: &Argument,
        transform: &Transform,
    ) -> Result<Typed, Flawed> {
        let inner = self.argument(argument)?;
        let function = match transformer {
            Transformer::Val => return Ok(inner),
            Transformer::Tolower => Function::Tolower,
            Transformer::Toupper => Function::Toupper,
            Transformer::B64 => Function::B64,
            Transformer::Basename => Function::Basename,
            Transformer::Len => Function::Len,
            Transformer::Join | Transformer::Concat | Transformer::Getopt => {
                self.refuse(
                    transform.span,
                    // The spelling is Falco's.
                    format!("unknown field transfomer '{transformer}'"),
                    format!("`{transformer}` needs more than one argument"),
                    Some(example_of(transformer).into()),
                );
                return Err(Flawed);
            }
        };
        if inner.info.is_some_and(|info| !info.allows_transformer()) {
            self.refuse(
                transform.span,
                format!("field '{}' does not support transformers", inner.name),
                format!("`{transformer}` cannot be applied to `{}`", inner.name),
                inner.info.and_then(with_index),
            );
            return Err(Flawed);
        }
        let Some((value_type, is_list)) = result_of(function, inner.value_type, inner.is_list) else {
            let list = if inner.is_list { "list " } else { "" };
            let kind = inner.value_type.falco_name();
            self.refuse(
                transform.span,
                format!(
                    "can't add field transformer: type '{kind}' is not supported by '{transformer}' transformer \
                     applied on {list}field '{}'",
                    inner.name
                ),
                format!("`{transformer}` takes no {}", inner.value_type.name()),
                None,
            );
            return Err(Flawed);
        };
        Ok(Typed {
            operand: Operand::Map(function, Box::new(inner.operand)),
            value_type,
            is_list,
            is_made: true,
            ..inner
        })
    }

    /// `join`, `concat` and `getopt`.
    fn of_several(
        &mut self,
        transformer: Transformer,
        arguments: &[Argument],
        transform: &Transform,
    ) -> Result<Typed, Flawed> {
        let typed =
            arguments.iter().map(|argument| self.argument(argument)).collect::<Result<Vec<_>, _>>()?;
        // Falco looks at the type of the field under the transformers of an argument.
        let is_text = |argument: &Typed| argument.base_type() == ValueType::String;
        let falco = match transformer {
            Transformer::Join if typed.len() != 2 => {
                "join() requires exactly 2 arguments: separator and list"
            }
            Transformer::Join if typed.first().is_some_and(|first| first.is_list) => {
                "join() first argument (separator) must be a single value, not a list"
            }
            Transformer::Join if typed.get(1).is_some_and(|second| !second.is_list) => {
                "join() second argument must be a list"
            }
            Transformer::Concat if !typed.iter().all(|part| is_text(part) && !part.is_list) => {
                "concat() arguments must be strings"
            }
            Transformer::Getopt if typed.len() != 2 => {
                "getopt() requires exactly 2 arguments: args list and optstring"
            }
            Transformer::Getopt if typed.first().is_some_and(|first| !first.is_list) => {
                "getopt() first argument must be a list"
            }
            Transformer::Getopt if typed.get(1).is_some_and(|second| second.is_list) => {
                "getopt() second argument (optstring) must be a single value"
            }
            Transformer::Getopt if !typed.iter().all(is_text) => "getopt() arguments must be strings",
            Transformer::Getopt if transform.option.as_ref().is_some_and(|option| option.len() != 1) => {
                "getopt() field argument must be a single option character"
            }
            Transformer::Join | Transformer::Concat | Transformer::Getopt => "",
            _ => {
                self.note(Problem {
                    effect: Effect::ExitsOnLoad,
                    span: transform.span,
                    falco: "unknown multivalue transformer.".into(),
                    message: format!("`{transformer}` with more than one argument ends Falco"),
                    hint: Some(format!("give `{transformer}` one argument")),
                });
                return Err(Flawed);
            }
        };
        if !falco.is_empty() {
            self.refuse(
                transform.span,
                falco.into(),
                format!("the arguments of `{transformer}` are not of the right kind"),
                Some(example_of(transformer).into()),
            );
            return Err(Flawed);
        }
        if transform.option.is_some() && transformer != Transformer::Getopt {
            self.refuse(
                transform.span,
                format!("transformer '{transformer}' does not support field arguments"),
                format!("`{transformer}` takes nothing in brackets"),
                None,
            );
            return Err(Flawed);
        }
        let option = transform.option.as_ref().and_then(|option| option.bytes().next());
        let is_list = transformer == Transformer::Getopt && option.is_none();
        let mut operands = typed.into_iter().map(|argument| argument.operand);
        let operand = match (transformer, operands.next(), operands.next()) {
            (Transformer::Join, Some(separator), Some(list)) => {
                Operand::Join { separator: Box::new(separator), list: Box::new(list) }
            }
            (Transformer::Getopt, Some(arguments), Some(options)) => {
                Operand::Getopt { arguments: Box::new(arguments), options: Box::new(options), option }
            }
            (_, first, second) => Operand::Concat(first.into_iter().chain(second).chain(operands).collect()),
        };
        Ok(Typed::made(operand, is_list))
    }

    fn argument(&mut self, argument: &Argument) -> Result<Typed, Flawed> {
        let (operand, is_list) = match argument {
            Argument::Field(field) => return self.field(field),
            Argument::Transform(transform) => return self.transform(transform),
            Argument::Literal(literal) => (Operand::Text(literal.text.as_str().into()), false),
            Argument::List(elements) => {
                let typed =
                    elements.iter().map(|element| self.argument(element)).collect::<Result<Vec<_>, _>>()?;
                (Operand::Listed(listed(typed)), true)
            }
        };
        Ok(Typed::made(operand, is_list))
    }
}

impl Typed {
    /// Text that the condition holds or makes, rather than a field's.
    fn made(operand: Operand, is_list: bool) -> Self {
        Self {
            operand,
            value_type: ValueType::String,
            is_list,
            name: INTERNAL.into(),
            info: None,
            is_made: true,
        }
    }

    fn base_type(&self) -> ValueType {
        self.info.map_or(ValueType::String, |info| info.value_type)
    }

    /// A field whose value lies in the memory of a plugin.
    fn is_of_plugin(&self) -> bool {
        !self.is_made && self.info.is_some_and(|info| info.plugin.is_some())
    }
}

/// The elements of a list. Values of plugin fields share one place in memory, so each shows the last of them.
fn listed(elements: Vec<Typed>) -> Box<[Operand]> {
    let last = elements.iter().rfind(|element| element.is_of_plugin()).map(|element| element.operand.clone());
    let element = |element: Typed| match &last {
        Some(last) if element.is_of_plugin() => {
            Operand::Aliased { value: Box::new(last.clone()), own: Box::new(element.operand) }
        }
        _ => element.operand,
    };
    elements.into_iter().map(element).collect()
}

fn takes_several(transformer: Transformer) -> bool {
    matches!(transformer, Transformer::Join | Transformer::Concat | Transformer::Getopt)
}

fn example_of(transformer: Transformer) -> &'static str {
    match transformer {
        Transformer::Join => "write a separator and a list: `join(\",\", (proc.name, proc.pname))`",
        Transformer::Concat => "write two or more texts: `concat(proc.name, \"-\", proc.pname)`",
        _ => "write a list, the options and one of them: `getopt((proc.args[0], proc.args[1]), \"p:\")[p]`",
    }
}

fn with_index(info: &FieldInfo) -> Option<String> {
    info.name.starts_with("proc.a").then(|| {
        format!(
            "write the field of one ancestor, such as `{}`",
            match info.name {
                "proc.aname" => "proc.pname",
                "proc.aexe" => "proc.pexe",
                "proc.aexepath" => "proc.pexepath",
                _ => "proc.pcmdline",
            }
        )
    })
}

/// The type of what a function makes; none where it does not take the type.
fn result_of(function: Function, value_type: ValueType, is_list: bool) -> Option<(ValueType, bool)> {
    match function {
        Function::Len if is_list => Some((ValueType::Uint64, false)),
        Function::Len => {
            matches!(value_type, ValueType::String | ValueType::Buffer).then_some((ValueType::Uint64, false))
        }
        Function::B64 => {
            matches!(value_type, ValueType::String | ValueType::Buffer).then_some((value_type, is_list))
        }
        Function::Tolower | Function::Toupper | Function::Basename => {
            (value_type == ValueType::String).then_some((value_type, is_list))
        }
    }
}

/// How the value in an alert relates to the one that Falco compares: paths are cleaned before both, other
/// texts only before they are printed.
fn reading_of(key: &str) -> Reading {
    match key {
        "fd.dev" => Reading::Hexadecimal,
        "fd.name" | "fd.nameraw" | "fd.filename" | "fd.directory" | "evt.arg.name" => Reading::Same,
        _ if key.starts_with("fs.path.") => Reading::Same,
        _ => Reading::Sanitised,
    }
}
