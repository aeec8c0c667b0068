//! What an address is for, by IANA's registries of special-purpose addresses
//! (`iana-ipv4-special-registry`, `iana-ipv6-special-registry`).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// The machine itself.
    Loopback,
    /// A private network (RFC 1918), a unique local address (RFC 4193).
    Private,
    /// The same wire; clouds have their metadata services there.
    LinkLocal,
    /// Between a provider and its customers (RFC 6598); some clusters use it for pods.
    Shared,
    /// Examples in texts.
    Documentation,
    /// Many receivers at once.
    Multicast,
    /// No host's address.
    Reserved,
    /// Everything else.
    Public,
}

/// First address, length of the prefix, use.
const V4: &[(Ipv4Addr, u32, Network)] = &[
    (Ipv4Addr::UNSPECIFIED, 8, Network::Reserved),
    (Ipv4Addr::new(10, 0, 0, 0), 8, Network::Private),
    (Ipv4Addr::new(100, 64, 0, 0), 10, Network::Shared),
    (Ipv4Addr::new(127, 0, 0, 0), 8, Network::Loopback),
    (Ipv4Addr::new(169, 254, 0, 0), 16, Network::LinkLocal),
    (Ipv4Addr::new(172, 16, 0, 0), 12, Network::Private),
    (Ipv4Addr::new(192, 0, 0, 0), 24, Network::Reserved),
    (Ipv4Addr::new(192, 0, 2, 0), 24, Network::Documentation),
    (Ipv4Addr::new(192, 88, 99, 0), 24, Network::Reserved),
    (Ipv4Addr::new(192, 168, 0, 0), 16, Network::Private),
    (Ipv4Addr::new(198, 18, 0, 0), 15, Network::Reserved),
    (Ipv4Addr::new(198, 51, 100, 0), 24, Network::Documentation),
    (Ipv4Addr::new(203, 0, 113, 0), 24, Network::Documentation),
    (Ipv4Addr::new(224, 0, 0, 0), 4, Network::Multicast),
    (Ipv4Addr::new(240, 0, 0, 0), 4, Network::Reserved),
];

const V6: &[(Ipv6Addr, u32, Network)] = &[
    (Ipv6Addr::UNSPECIFIED, 128, Network::Reserved),
    (Ipv6Addr::LOCALHOST, 128, Network::Loopback),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, Network::Private),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64, Network::Reserved),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, Network::Documentation),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, Network::Documentation),
    (Ipv6Addr::new(0x5f00, 0, 0, 0, 0, 0, 0, 0), 16, Network::Reserved),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, Network::Private),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, Network::LinkLocal),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, Network::Multicast),
];

impl Network {
    /// The network of an address, of an address with a port, or of the server of a connection as
    /// `fd.name` has it, `CLIENT:PORT->SERVER:PORT`; nothing for any other text.
    pub fn of(text: &str) -> Option<Self> {
        let bare = |text: &str| text.trim_matches(['[', ']']).parse().ok();
        let with_port = |text: &str| bare(text.rsplit_once(':')?.0);
        let address: IpAddr = match text.split_once("->") {
            // `::1:53` alone reads as an address, so the port of a connection goes first.
            Some((_, server)) => with_port(server).or_else(|| bare(server)),
            None => bare(text).or_else(|| with_port(text)),
        }?;
        Some(match address.to_canonical() {
            IpAddr::V4(address) => Self::among(V4, |first, length| {
                let shift = 32 - length;
                u32::from(address) >> shift == u32::from(*first) >> shift
            }),
            IpAddr::V6(address) => Self::among(V6, |first, length| {
                let shift = 128 - length;
                u128::from(address) >> shift == u128::from(*first) >> shift
            }),
        })
    }

    fn among<A>(table: &[(A, u32, Self)], is_in: impl Fn(&A, u32) -> bool) -> Self {
        let entry = table.iter().find(|(first, length, _)| is_in(first, *length));
        entry.map_or(Self::Public, |(.., network)| *network)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, network: Option<Network>) {
        assert_eq!(Network::of(text), network, "{text}");
    }

    #[test]
    fn each_registry_entry_has_its_edges() {
        check("126.255.255.255", Some(Network::Public));
        check("127.0.0.1", Some(Network::Loopback));
        check("172.15.255.255", Some(Network::Public));
        check("172.31.255.255", Some(Network::Private));
        check("100.127.255.255", Some(Network::Shared));
        check("100.128.0.0", Some(Network::Public));
        check("169.254.169.254", Some(Network::LinkLocal));
        check("203.0.113.9", Some(Network::Documentation));
        check("224.0.0.1", Some(Network::Multicast));
        check("255.255.255.255", Some(Network::Reserved));
        check("::1", Some(Network::Loopback));
        check("::ffff:10.0.0.1", Some(Network::Private));
        check("fdff::1", Some(Network::Private));
        check("fe80::1", Some(Network::LinkLocal));
        check("2001:db8::1", Some(Network::Documentation));
        check("2606:4700::1111", Some(Network::Public));
    }

    #[test]
    fn the_server_of_a_connection() {
        check("10.0.0.1:4000->8.8.8.8:53", Some(Network::Public));
        check("8.8.8.8:53->127.0.0.1:80", Some(Network::Loopback));
        check("::1:4000->::1:53", Some(Network::Loopback));
        check("[2001:db8::1]:443", Some(Network::Documentation));
        check("/etc/passwd", None);
        check("evil.example:443", None);
        check("", None);
    }
}
