//! Literals, read as the type of the field that they are compared with.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::value_type::{Family, ValueType};

/// Longest literal in bytes; Falco keeps one byte for the end.
pub(crate) const LONGEST_LITERAL: usize = 255;

/// A literal with a type. Numbers of every width and sign are one kind, wide enough for all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Constant {
    Number(i128),
    Bool(bool),
    Text(Box<str>),
    Bytes(Box<[u8]>),
    Address(IpAddr),
    Network(Network),
}

/// A network of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Whether the address lies in it; never across the two families.
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differing = (u32::from(own) ^ u32::from(other)).checked_shr(32 - self.prefix);
                differing.unwrap_or_default() == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differing = (u128::from(own) ^ u128::from(other)).checked_shr(128 - self.prefix);
                differing.unwrap_or_default() == 0
            }
            _ => false,
        }
    }

    /// Whether it is a network of the same family as the address.
    pub fn is_of_family(&self, address: IpAddr) -> bool {
        self.address.is_ipv4() == address.is_ipv4()
    }
}

/// Why a literal has not the type that it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LiteralError {
    pub falco: String,
    pub hint: String,
    /// Whether Falco ends instead of refusing it.
    pub exits: bool,
}

impl LiteralError {
    fn new(falco: String, hint: &str) -> Self {
        Self { falco, hint: hint.to_owned(), exits: false }
    }
}

/// Reads a literal.
pub(crate) fn read(text: &str, value_type: ValueType) -> Result<Constant, LiteralError> {
    match value_type.family() {
        Family::Number if value_type == ValueType::Port => port(text),
        Family::Number => number(text, value_type).map(Constant::Number),
        Family::Bool => match text {
            "true" => Ok(Constant::Bool(true)),
            "false" => Ok(Constant::Bool(false)),
            _ => Err(LiteralError::new(
                format!("filter error: unrecognized boolean value {text}"),
                "write `true` or `false`",
            )),
        },
        Family::String | Family::Other => within_length(text).map(|()| Constant::Text(text.into())),
        Family::Buffer => {
            if text.len() > LONGEST_LITERAL {
                return Err(LiteralError::new(
                    "filter parameter too long (byte buf)".into(),
                    "shorten it to 255 bytes, for example with `startswith`",
                ));
            }
            Ok(Constant::Bytes(text.as_bytes().into()))
        }
        Family::Address if value_type == ValueType::Network => network(text).map(Constant::Network),
        Family::Address => address(text).map(Constant::Address),
    }
}

fn within_length(text: &str) -> Result<(), LiteralError> {
    if text.len() <= LONGEST_LITERAL {
        return Ok(());
    }
    let used = text.len() + 1;
    let available = LONGEST_LITERAL + 1;
    Err(LiteralError::new(
        format!("filter parameter too long (used={used}, available={available}):{text}"),
        "shorten it to 255 bytes, for example with `startswith` and its beginning",
    ))
}

/// A plain decimal number, wrapped and cut to the width of the type as C does.
fn number(text: &str, value_type: ValueType) -> Result<i128, LiteralError> {
    let not_a_number = || {
        LiteralError::new(
            format!("{text} is not a valid number"),
            "write a plain decimal number, without a fraction, an exponent or a unit",
        )
    };
    let trimmed =
        text.trim_start_matches(|character: char| character.is_ascii_whitespace() || character == '\u{b}');
    let negative = trimmed.starts_with('-');
    let digits = trimmed.strip_prefix(['-', '+']).unwrap_or(trimmed);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(not_a_number());
    }
    let magnitude: Option<u64> = digits.parse().ok();
    let bits = match (value_type.is_unsigned(), negative) {
        (true, false) => magnitude.unwrap_or(u64::MAX),
        (true, true) => magnitude.map_or(u64::MAX, u64::wrapping_neg),
        (false, false) => {
            magnitude.map_or(i64::MAX.cast_unsigned(), |value| value.min(i64::MAX.cast_unsigned()))
        }
        (false, true) => magnitude
            .filter(|value| *value <= i64::MIN.cast_unsigned())
            .map_or(i64::MIN.cast_unsigned(), u64::wrapping_neg),
    };
    Ok(cut(bits, value_type))
}

/// The low bits of a number, as a number of the type.
pub(crate) fn cut(bits: u64, value_type: ValueType) -> i128 {
    let [a, b, c, d, ..] = bits.to_le_bytes();
    match value_type {
        ValueType::Int8 => i8::from_le_bytes([a]).into(),
        ValueType::Int16 => i16::from_le_bytes([a, b]).into(),
        ValueType::Int32 => i32::from_le_bytes([a, b, c, d]).into(),
        ValueType::Int64 | ValueType::Double => bits.cast_signed().into(),
        ValueType::Uint8 => a.into(),
        ValueType::Uint16 | ValueType::Port => u16::from_le_bytes([a, b]).into(),
        ValueType::Uint32 => u32::from_le_bytes([a, b, c, d]).into(),
        _ => bits.into(),
    }
}

/// A port by number, modulo 65536, or by the name of a service.
fn port(text: &str) -> Result<Constant, LiteralError> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let value: Option<i32> = if text.is_empty() { Some(0) } else { text.parse().ok() };
        return match value {
            Some(value) => Ok(Constant::Number(cut(value.unsigned_abs().into(), ValueType::Port))),
            None => Err(LiteralError {
                falco: "stoi.".into(),
                hint: "write a port from 0 to 65535".into(),
                exits: true,
            }),
        };
    }
    match service(text) {
        Some(port) => Ok(Constant::Number(port.into())),
        None => Err(LiteralError::new(
            format!("unrecognized protocol {text}"),
            "write a port from 0 to 65535, or the name of a service such as `https`",
        )),
    }
}

fn address(text: &str) -> Result<IpAddr, LiteralError> {
    if text.contains('.') {
        text.parse::<Ipv4Addr>().map(IpAddr::V4).map_err(|_| {
            LiteralError::new(
                format!("unrecognized IPv4 address {text}"),
                "write an address such as `10.0.0.1`",
            )
        })
    } else {
        v6(text).map(IpAddr::V6)
    }
}

fn v6(text: &str) -> Result<Ipv6Addr, LiteralError> {
    text.parse().map_err(|_| {
        LiteralError::new(
            format!("unrecognized IPv6 address {text}"),
            "write an address such as `10.0.0.1` or `2001:db8::1`",
        )
    })
}

const NETWORK_HINT: &str = "write a network with its length, such as `10.0.0.0/8` or `2001:db8::/32`";

fn network(text: &str) -> Result<Network, LiteralError> {
    let split = text.split_once('/');
    if text.contains('.') {
        let Some((address, length)) = split else {
            return Err(LiteralError::new(format!("unrecognized IP network {text}"), NETWORK_HINT));
        };
        let address: Ipv4Addr = address
            .parse()
            .map_err(|_| LiteralError::new(format!("unrecognized IP address {text}"), NETWORK_HINT))?;
        let prefix = number(length, ValueType::Uint8)?;
        return match u32::try_from(prefix) {
            Ok(prefix @ 0..=32) => Ok(Network { address: address.into(), prefix }),
            _ => Err(LiteralError::new(format!("invalid netmask {length}"), NETWORK_HINT)),
        };
    }
    let Some((address, length)) = split else {
        return Err(LiteralError::new(format!("invalid v6 netmask: {text}"), NETWORK_HINT));
    };
    let address = address
        .parse::<Ipv6Addr>()
        .map_err(|_| LiteralError::new(format!("unrecognized IPv6 address {text}"), NETWORK_HINT))?;
    match length.parse() {
        Ok(prefix @ 1..=128) => Ok(Network { address: address.into(), prefix }),
        _ => Err(LiteralError::new(format!("invalid v6 netmask {length}"), NETWORK_HINT)),
    }
}

/// Ports by name of service, as the services file of Debian has them: a line each, name and port. A name
/// that stands there for several protocols has the port of the first.
const SERVICES: &str = include_str!("../data/services.txt");

fn service(name: &str) -> Option<u16> {
    let lines = SERVICES.lines().filter_map(|line| line.split_once(' '));
    lines.filter(|(known, _)| *known == name).find_map(|(_, port)| port.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn number_is(text: &str, value_type: ValueType, expected: i128) {
        assert_eq!(read(text, value_type), Ok(Constant::Number(expected)), "{text}");
    }

    #[track_caller]
    fn refused(text: &str, value_type: ValueType, falco: &str) {
        assert_eq!(read(text, value_type).unwrap_err().falco, falco);
    }

    #[test]
    fn numbers_wrap_as_in_c() {
        number_is("-1", ValueType::Uint32, 4_294_967_295);
        number_is("-1", ValueType::Uint64, u64::MAX.into());
        number_is("-1", ValueType::Int64, -1);
        number_is("+007", ValueType::Int64, 7);
        number_is("18446744073709551615", ValueType::Int64, i64::MAX.into());
        number_is("99999999999999999999", ValueType::Uint64, u64::MAX.into());
        number_is("65536", ValueType::Int16, 0);
        number_is("4294967296", ValueType::Uint32, 0);
        refused("0x1f", ValueType::Uint64, "0x1f is not a valid number");
        refused("5.0", ValueType::Int64, "5.0 is not a valid number");
        refused("", ValueType::Int64, " is not a valid number");
        refused("5 ", ValueType::Int64, "5  is not a valid number");
    }

    #[test]
    fn ports_have_names_and_wrap() {
        number_is("443", ValueType::Port, 443);
        number_is("https", ValueType::Port, 443);
        number_is("655350", ValueType::Port, 65526);
        number_is("", ValueType::Port, 0);
        refused("-1", ValueType::Port, "unrecognized protocol -1");
        assert!(read("4294967296", ValueType::Port).unwrap_err().exits);
        number_is("domain", ValueType::Port, 53);
    }

    #[test]
    fn addresses_and_networks() {
        refused("1.2.3", ValueType::Address, "unrecognized IPv4 address 1.2.3");
        refused("a", ValueType::Address, "unrecognized IPv6 address a");
        refused("10.0.0.0", ValueType::Network, "unrecognized IP network 10.0.0.0");
        refused("10.0.0.0/33", ValueType::Network, "invalid netmask 33");
        refused("10.0.0.0/", ValueType::Network, " is not a valid number");
        refused("::/0", ValueType::Network, "invalid v6 netmask 0");
        let Ok(Constant::Network(all)) = read("0.0.0.0/0", ValueType::Network) else { panic!("no network") };
        assert!(all.holds("203.0.113.9".parse().unwrap()) && !all.holds("::1".parse().unwrap()));
        let Ok(Constant::Network(some)) = read("2001:db8::/33", ValueType::Network) else {
            panic!("no network")
        };
        assert!(some.holds("2001:db8:7fff::1".parse().unwrap()));
        assert!(!some.holds("2001:db8:8000::1".parse().unwrap()));
    }

    #[test]
    fn texts_end_at_255_bytes() {
        assert!(read(&"a".repeat(255), ValueType::String).is_ok());
        let error = read(&"a".repeat(256), ValueType::String).unwrap_err();
        assert!(error.falco.starts_with("filter parameter too long (used=257, available=256):aaa"));
    }
}
