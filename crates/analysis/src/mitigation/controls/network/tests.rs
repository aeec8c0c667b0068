//! What a policy does to a connection, as a table.

use super::connection::{Connection, Direction, observed};
use super::policy::{Allowed, Cidr, Decision, Policy};
use crate::{Options, Session};
use Decision::{Blocked, Passed, Undecided, Unseen};
use Direction::{In, Out};

fn cidr(text: &str) -> Cidr {
    let (address, prefix) = text.split_once('/').unwrap();
    Cidr { address: address.parse().unwrap(), prefix: prefix.parse().unwrap() }
}

fn allowed(block: &str, except: &[&str], port: Option<u16>) -> Allowed {
    Allowed { block: cidr(block), except: except.iter().map(|text| cidr(text)).collect(), port }
}

#[track_caller]
fn check(policy: &Policy, table: &[(Option<Direction>, &str, Option<u16>, Decision)]) {
    for (direction, remote, port, expected) in table {
        let remote = remote.parse().unwrap();
        let connection = Connection { direction: *direction, remote, port: *port, within_host: false };
        assert_eq!(policy.decide(&connection), *expected, "{direction:?} {remote} {port:?}");
    }
}

#[test]
fn a_list_of_destinations_cuts_off_the_rest() {
    let egress = vec![
        allowed("10.1.0.0/16", &["10.1.2.0/24"], Some(443)),
        allowed("192.0.2.7/32", &[], None),
        allowed("2001:db8:1::/48", &[], None),
    ];
    let policy = Policy { egress: Some(egress), ingress: None };
    check(
        &policy,
        &[
            (Some(Out), "203.0.113.5", Some(4444), Blocked),
            (Some(Out), "10.1.0.0", Some(443), Passed),
            (Some(Out), "10.1.255.255", Some(443), Passed),
            (Some(Out), "10.0.255.255", Some(443), Blocked),
            (Some(Out), "10.2.0.0", Some(443), Blocked),
            (Some(Out), "10.1.1.1", Some(80), Blocked),
            (Some(Out), "10.1.2.0", Some(443), Blocked),
            (Some(Out), "10.1.2.255", Some(443), Blocked),
            (Some(Out), "10.1.3.0", Some(443), Passed),
            (Some(Out), "192.0.2.7", Some(9), Passed),
            (Some(Out), "192.0.2.6", Some(9), Blocked),
            (Some(Out), "192.0.2.7", None, Passed),
            (Some(Out), "2001:db8:1::", Some(1), Passed),
            (Some(Out), "2001:db8:1:ffff:ffff:ffff:ffff:ffff", Some(1), Passed),
            (Some(Out), "2001:db8:2::", Some(1), Blocked),
            // A name server of the cluster is allowed, and an alert does not say which address it has.
            (Some(Out), "10.96.0.10", Some(53), Undecided),
            (Some(Out), "100.64.0.1", Some(53), Undecided),
            (Some(Out), "fd00::a", Some(53), Undecided),
            (Some(Out), "8.8.8.8", Some(53), Blocked),
            (Some(Out), "169.254.169.254", Some(53), Blocked),
            // Ports that differ from alert to alert.
            (Some(Out), "10.1.0.1", None, Undecided),
            (Some(Out), "203.0.113.5", None, Blocked),
            (Some(Out), "10.9.9.9", None, Undecided),
            (Some(Out), "127.0.0.1", Some(80), Unseen),
            (Some(Out), "::1", Some(80), Unseen),
            // Who connects to the pod is no matter of egress.
            (Some(In), "203.0.113.5", Some(80), Passed),
            (None, "203.0.113.5", Some(80), Undecided),
        ],
    );
}

#[test]
fn an_empty_list_of_sources_cuts_off_all() {
    let policy = Policy { egress: None, ingress: Some(Vec::new()) };
    check(
        &policy,
        &[
            (Some(In), "10.0.0.1", Some(8080), Blocked),
            (Some(In), "10.0.0.1", Some(53), Blocked),
            (Some(In), "2001:db8::1", None, Blocked),
            (Some(In), "127.0.0.1", Some(8080), Unseen),
            (Some(Out), "203.0.113.5", Some(4444), Passed),
        ],
    );
}

#[test]
fn the_metadata_address_alone() {
    let policy = Policy { egress: Some(super::all_but_metadata()), ingress: None };
    check(
        &policy,
        &[
            (Some(Out), "169.254.169.254", Some(80), Blocked),
            (Some(Out), "169.254.169.253", Some(80), Passed),
            (Some(Out), "169.254.170.2", Some(80), Passed),
            (Some(Out), "fd00:ec2::254", Some(80), Blocked),
            (Some(Out), "fd00:ec2::253", Some(80), Passed),
            (Some(Out), "203.0.113.5", Some(4444), Passed),
            (Some(Out), "10.96.0.10", Some(53), Passed),
        ],
    );
}

#[test]
fn the_edges_of_blocks() {
    for (block, address, holds) in [
        ("0.0.0.0/0", "255.255.255.255", true),
        ("0.0.0.0/0", "::", false),
        ("::/0", "0.0.0.0", false),
        ("::/0", "ffff::", true),
        ("10.0.0.0/8", "10.255.255.255", true),
        ("10.0.0.0/8", "11.0.0.0", false),
        ("192.0.2.128/25", "192.0.2.127", false),
        ("192.0.2.128/25", "192.0.2.128", true),
        ("203.0.113.9/32", "203.0.113.9", true),
        ("203.0.113.9/32", "203.0.113.8", false),
        ("2001:db8::1/128", "2001:db8::1", true),
        ("2001:db8::1/128", "2001:db8::2", false),
    ] {
        assert_eq!(cidr(block).holds(address.parse().unwrap()), holds, "{address} in {block}");
    }
}

/// One alert with these fields, as the connection that it tells of.
fn read(
    name: &str,
    local: u16,
    remote: u16,
    call: &str,
) -> Option<(Option<Direction>, String, Option<u16>, bool)> {
    let alert = serde_json::json!({
        "rule": "Unexpected outbound connection destination", "priority": "Notice", "output": "x", "source": "syscall",
        "time": "2026-01-01T00:00:00Z",
        "output_fields": {"fd.name": name, "fd.lport": local, "fd.rport": remote, "evt.type": call, "container.id": "0123456789ab"},
    });
    let mut session = Session::new(Options::default());
    session.open("x");
    session.feed(alert.to_string().as_bytes());
    session.close();
    let report = session.finish().report;
    let observed = observed(report.insight.groups.first().unwrap());
    let (connection, count) = observed.connections.first()?;
    assert_eq!((*count, observed.unread), (1, 0));
    Some((connection.direction, connection.remote.to_string(), connection.port, connection.within_host))
}

#[test]
fn connections_are_read_from_either_side() {
    let text = |text: &str| text.to_owned();
    for (name, local, remote, call, expected) in [
        (
            "172.17.0.5:50000->203.0.113.5:4444",
            50000,
            4444,
            "connect",
            Some((Some(Out), text("203.0.113.5"), Some(4444), false)),
        ),
        (
            "203.0.113.77:51000->10.0.0.5:8000",
            8000,
            51000,
            "accept4",
            Some((Some(In), text("203.0.113.77"), Some(8000), false)),
        ),
        // Behind a bridge, Falco takes the server's side for the local one.
        (
            "10.244.0.7:41000->10.96.0.1:443",
            443,
            41000,
            "connect",
            Some((Some(Out), text("10.96.0.1"), Some(443), false)),
        ),
        // Where the call does not tell, the ports do: a shell that came in by a listening socket.
        (
            "203.0.113.77:51000->10.0.0.5:8000",
            8000,
            51000,
            "dup2",
            Some((Some(In), text("203.0.113.77"), Some(8000), false)),
        ),
        ("10.0.0.5:53->10.0.0.9:53", 53, 53, "sendto", Some((Some(Out), text("10.0.0.9"), Some(53), false))),
        ("10.0.0.5:53->10.0.0.9:53", 53, 53, "dup2", Some((None, text("10.0.0.9"), Some(53), false))),
        ("::1:38255->::1:2345", 38255, 2345, "connect", Some((Some(Out), text("::1"), Some(2345), true))),
        (
            "2001:db8::5:38255->2001:db8::9:2345",
            38255,
            2345,
            "connect",
            Some((Some(Out), text("2001:db8::9"), Some(2345), false)),
        ),
        (
            "::ffff:10.0.0.1:1->::ffff:10.0.0.2:2",
            1,
            2,
            "connect",
            Some((Some(Out), text("10.0.0.2"), Some(2), false)),
        ),
        ("/run/x.sock", 0, 0, "connect", None),
        ("x->y:1", 0, 0, "connect", None),
    ] {
        assert_eq!(read(name, local, remote, call), expected, "{name} {call}");
    }
}
