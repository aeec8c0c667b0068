//! A network policy as data, and what it does to a connection.
//!
//! As Kubernetes defines it: a pod that a policy selects for a direction is cut off in that direction from
//! everything that no policy allows; policies add up, none denies.

use std::net::IpAddr;

use super::connection::{Connection, Direction};

/// A block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cidr {
    /// Its first address.
    pub address: IpAddr,
    /// How many bits of it all addresses of the block share.
    pub prefix: u8,
}

impl Cidr {
    /// The block with one address in it.
    pub fn single(address: IpAddr) -> Self {
        Self { address, prefix: if address.is_ipv4() { 32 } else { 128 } }
    }

    /// Whether the block holds an address. Families never mix.
    pub fn holds(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix.min(32))).unwrap_or_default();
                own.to_bits() & mask == other.to_bits() & mask
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix.min(128))).unwrap_or_default();
                own.to_bits() & mask == other.to_bits() & mask
            }
            _ => false,
        }
    }
}

/// Peers that are allowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allowed {
    /// Their block.
    pub block: Cidr,
    /// What of it is not allowed.
    pub except: Vec<Cidr>,
    /// The server's port, over TCP; all ports where there is none.
    pub port: Option<u16>,
}

/// What one policy allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Peers that the pod may reach, beside the cluster's DNS; nothing where egress is not touched.
    pub egress: Option<Vec<Allowed>>,
    /// Peers that may reach the pod; nothing where ingress is not touched.
    pub ingress: Option<Vec<Allowed>>,
}

/// What a policy does to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is stopped.
    Blocked,
    /// It goes through.
    Passed,
    /// No network policy sees it: it stays within the pod or its node's loopback.
    Unseen,
    /// The alert does not say enough.
    Undecided,
}

/// The port of DNS.
const DNS: u16 = 53;

impl Policy {
    /// What it does to a connection of a pod that it selects.
    pub fn decide(&self, connection: &Connection) -> Decision {
        if connection.within_host || connection.remote.is_loopback() {
            return Decision::Unseen;
        }
        let allowed = match connection.direction {
            Some(Direction::Out) => &self.egress,
            Some(Direction::In) => &self.ingress,
            None => return Decision::Undecided,
        };
        let Some(allowed) = allowed else { return Decision::Passed };
        let mut decision = Decision::Blocked;
        for peer in allowed {
            let held = peer.block.holds(connection.remote)
                && !peer.except.iter().any(|except| except.holds(connection.remote));
            match (held, peer.port, connection.port) {
                (true, Some(port), Some(given)) if port != given => {}
                (true, Some(_), None) => decision = Decision::Undecided,
                (true, ..) => return Decision::Passed,
                (false, ..) => {}
            }
        }
        let is_dns = connection.port.is_none_or(|port| port == DNS);
        let may_be_allowed = connection.direction == Some(Direction::Out) && is_dns;
        if may_be_allowed && may_be_pod(connection.remote) { Decision::Undecided } else { decision }
    }
}

/// Whether a cluster may have given a pod, such as that of its DNS, this address.
fn may_be_pod(address: IpAddr) -> bool {
    match address {
        // RFC 6598, which some clusters use for pods.
        IpAddr::V4(address) => address.is_private() || (address.to_bits() >> 22) == 0x191,
        IpAddr::V6(address) => address.is_unique_local(),
    }
}
