//! Connections as alerts tell them, and how many alerts told each.

use std::net::IpAddr;

use crate::insight::Group;

/// Which way, seen from the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// The process connects.
    Out,
    /// Somebody connects to the process.
    In,
}

/// A connection, or a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Connection {
    /// Nothing where the alert does not say.
    pub direction: Option<Direction>,
    /// The other side.
    pub remote: IpAddr,
    /// The server's port; nothing where it differs from alert to alert.
    pub port: Option<u16>,
    /// Whether both sides have one address.
    pub within_host: bool,
}

/// The connections of a group's alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    /// Each with the number of alerts.
    pub connections: Vec<(Connection, u64)>,
    /// Alerts without one that can be read.
    pub unread: u64,
}

/// Reads them from `fd.name`, `fd.lport`, `fd.rport` and `evt.type`. A group keeps no ephemeral ports, so
/// where `fd.name` differs, its addresses are taken and the port only where that is always the same.
pub fn observed(group: &Group) -> Observed {
    let spread = group.spreads.iter().find(|spread| spread.field == "fd.name");
    let example = group.example.field_text("fd.name");
    let names: Vec<(Option<&str>, u64)> = match spread {
        Some(spread) => spread.values.iter().map(|(name, count)| (name.as_deref(), *count)).collect(),
        None => vec![(example, group.count)],
    };
    let mut observed = Observed::default();
    let mut read = 0;
    for (name, count) in names {
        if let Some(connection) = name.and_then(|name| connection(group, name)) {
            read += count;
            match observed.connections.iter_mut().find(|(known, _)| *known == connection) {
                Some((_, known)) => *known += count,
                None => observed.connections.push((connection, count)),
            }
        }
    }
    observed.connections.sort_unstable();
    observed.unread = group.count.saturating_sub(read);
    observed
}

/// One connection, from the client's and the server's side of `fd.name`.
fn connection(group: &Group, name: &str) -> Option<Connection> {
    let (client, server) = name.split_once("->")?;
    let ((client, client_port), (server, server_port)) = (end(client)?, end(server)?);
    let constant = |field: &str| -> Option<u16> {
        let is_constant = !group.spreads.iter().any(|spread| spread.field == field);
        is_constant.then(|| group.example.field(field)?.text().parse().ok())?
    };
    let (local, remote) = (constant("fd.lport"), constant("fd.rport"));
    // Falco takes an address that none of the host's interfaces has, such as a container's, for the remote
    // one, so its local port may be the server's even for a connect: the call says more than the ports.
    let direction = by_call(group.example.field_text("evt.type").unwrap_or_default()).or_else(|| {
        match (local?, client_port?, server_port?) {
            (_, client, server) if client == server => None,
            (local, client, _) if local == client => Some(Direction::Out),
            (local, _, server) if local == server => Some(Direction::In),
            _ => None,
        }
    });
    // Of two ports, the one that never differs is the server's.
    let port = server_port.or(local.xor(remote));
    let far = if direction == Some(Direction::In) { client } else { server };
    Some(Connection { direction, remote: far, port, within_host: client == server })
}

/// The address and, where it is a number, the port of `10.0.0.1:443`, `::1:443`, `10.0.0.1:<port>`.
fn end(text: &str) -> Option<(IpAddr, Option<u16>)> {
    let (address, port) = text.rsplit_once(':')?;
    let address: IpAddr = address.parse().ok()?;
    Some((address.to_canonical(), port.parse().ok()))
}

fn by_call(call: &str) -> Option<Direction> {
    match call {
        "connect" | "sendto" | "sendmsg" => Some(Direction::Out),
        "accept" | "accept4" | "recvfrom" | "recvmsg" => Some(Direction::In),
        _ => None,
    }
}
