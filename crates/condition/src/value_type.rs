//! The types of Falco's fields.

use crate::operator::Operator;

/// The type of a value that an event yields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Signed, 8 bits.
    Int8,
    /// Signed, 16 bits.
    Int16,
    /// Signed, 32 bits.
    Int32,
    /// Signed, 64 bits: process ids, descriptors, results.
    Int64,
    /// Unsigned, 8 bits.
    Uint8,
    /// Unsigned, 16 bits.
    Uint16,
    /// Unsigned, 32 bits.
    Uint32,
    /// Unsigned, 64 bits.
    Uint64,
    /// A network port, by number or name of the service.
    Port,
    /// Nanoseconds between two times.
    Reltime,
    /// Nanoseconds since 1970.
    Abstime,
    /// `true` or `false`.
    Bool,
    /// A number with a fraction.
    Double,
    /// Text.
    String,
    /// Bytes.
    Buffer,
    /// An IP address.
    Address,
    /// A network; the field holds an address, and a value is a network that it may lie in.
    Network,
    /// A type that no operator is made for.
    Other,
}

/// Types that the same operators are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Number,
    Bool,
    String,
    Buffer,
    Address,
    Other,
}

impl ValueType {
    /// The type as the table of fields writes it.
    pub(crate) fn from_table(name: &str) -> Self {
        match name {
            "int16" => Self::Int16,
            "int32" => Self::Int32,
            "int64" => Self::Int64,
            "uint32" => Self::Uint32,
            "uint64" => Self::Uint64,
            "port" => Self::Port,
            "reltime" => Self::Reltime,
            "abstime" => Self::Abstime,
            "bool" => Self::Bool,
            "double" => Self::Double,
            "string" => Self::String,
            "bytebuf" => Self::Buffer,
            "ipaddr" => Self::Address,
            "ipnet" => Self::Network,
            _ => Self::Other,
        }
    }

    /// The type as the table of events writes that of a parameter.
    pub(crate) fn of_parameter(name: &str) -> Self {
        match name {
            "INT8" => Self::Int8,
            "INT16" => Self::Int16,
            "INT32" => Self::Int32,
            "INT64" | "FD" | "PID" | "ERRNO" => Self::Int64,
            "UINT8" | "FLAGS8" | "ENUMFLAGS8" | "SIGTYPE" => Self::Uint8,
            "UINT16" | "FLAGS16" | "ENUMFLAGS16" | "SYSCALLID" => Self::Uint16,
            "UINT32" | "FLAGS32" | "ENUMFLAGS32" | "MODE" | "UID" | "GID" => Self::Uint32,
            "UINT64" => Self::Uint64,
            "RELTIME" => Self::Reltime,
            "ABSTIME" => Self::Abstime,
            "CHARBUF" | "FSPATH" | "FSRELPATH" => Self::String,
            "BYTEBUF" => Self::Buffer,
            _ => Self::Other,
        }
    }

    /// The type as Falco's messages name it.
    pub fn falco_name(self) -> &'static str {
        match self {
            Self::Int8 => "INT8",
            Self::Int16 => "INT16",
            Self::Int32 => "INT32",
            Self::Int64 => "INT64",
            Self::Uint8 => "UINT8",
            Self::Uint16 => "UINT16",
            Self::Uint32 => "UINT32",
            Self::Uint64 => "UINT64",
            Self::Port => "PORT",
            Self::Reltime => "RELTIME",
            Self::Abstime => "ABSTIME",
            Self::Bool => "BOOL",
            Self::Double => "DOUBLE",
            Self::String => "CHARBUF",
            Self::Buffer => "BYTEBUF",
            Self::Address => "IPADDR",
            Self::Network => "IPNET",
            Self::Other => "DYN",
        }
    }

    /// What a person calls it.
    pub fn name(self) -> &'static str {
        match self.family() {
            Family::Number => "number",
            Family::Bool => "true or false",
            Family::String => "text",
            Family::Buffer => "bytes",
            Family::Address if self == Self::Network => "network",
            Family::Address => "IP address",
            Family::Other => "value",
        }
    }

    pub(crate) fn family(self) -> Family {
        match self {
            Self::Bool => Family::Bool,
            Self::String => Family::String,
            Self::Buffer => Family::Buffer,
            Self::Address | Self::Network => Family::Address,
            Self::Other => Family::Other,
            _ => Family::Number,
        }
    }

    /// Whether a negative literal wraps around.
    pub(crate) fn is_unsigned(self) -> bool {
        self.family() == Family::Number
            && !matches!(self, Self::Int8 | Self::Int16 | Self::Int32 | Self::Int64 | Self::Double)
    }

    /// Whether Falco makes this comparison for single values of the type.
    pub fn allows(self, operator: Operator) -> bool {
        use Operator as Op;
        let is_equality = matches!(operator, Op::Equal | Op::NotEqual | Op::In | Op::Intersects);
        let is_order = matches!(operator, Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual);
        match self.family() {
            Family::Number => is_equality || is_order,
            Family::Bool | Family::Address => is_equality,
            Family::String => !matches!(operator, Op::Bcontains | Op::Bstartswith),
            Family::Buffer => {
                is_equality
                    || matches!(
                        operator,
                        Op::Contains | Op::Startswith | Op::Endswith | Op::Bcontains | Op::Bstartswith
                    )
            }
            Family::Other => false,
        }
    }
}
