//! Connections: what is at the other end.

use super::Written::ByKernel;
use super::address::Network;
use super::mark::Test::Fits;
use super::mark::When::{Has, Lacks, Rule};
use super::mark::{Mark, context, malice};
use super::shell::runs_code;

/// The server's address, or the connection with it at its end.
const SERVER: &[&str] = &["fd.sip", "fd.name"];

const REDIRECTED: &[&str] = &["Redirect STDOUT/STDIN to Network Connection in Container"];

pub const MARKS: &[Mark] = &[
    malice(
        "shell_on_network",
        60,
        ByKernel,
        &[
            Rule(REDIRECTED),
            Has(&["proc.exepath", "proc.name"], Fits(runs_code)),
            Has(&["fd.name", "fd.sip"], Fits(leaves_the_machine)),
        ],
        "{} runs what it reads, and it reads from the connection {}",
    ),
    malice(
        "input_from_network",
        20,
        ByKernel,
        &[
            Rule(REDIRECTED),
            Has(&["fd.name", "fd.sip"], Fits(leaves_the_machine)),
            Lacks(&["proc.exepath", "proc.name"], Fits(runs_code)),
        ],
        "{} became the input or output of a program, as in a reverse shell and in a server that passes a connection on",
    ),
    malice(
        "metadata_service",
        15,
        ByKernel,
        &[Has(SERVER, Fits(is_metadata_service))],
        "{} is where clouds hand out the credentials of a machine",
    ),
    context("public_address", ByKernel, &[Has(SERVER, Fits(is_public))], "{} is a public address"),
    context("private_address", ByKernel, &[Has(SERVER, Fits(is_private))], "{} is in a private network"),
    context(
        "loopback_address",
        ByKernel,
        &[Has(SERVER, Fits(is_loopback))],
        "{} is the machine or pod itself",
    ),
    context(
        "shared_address",
        ByKernel,
        &[Has(SERVER, Fits(is_shared))],
        "{} is in the range that providers share with their customers, and some clusters with their pods",
    ),
    context(
        "multicast_address",
        ByKernel,
        &[Has(SERVER, Fits(is_multicast))],
        "{} speaks to many receivers at once",
    ),
    context(
        "documentation_address",
        ByKernel,
        &[Has(SERVER, Fits(is_documentation))],
        "{} is in a range kept for examples, which no real host has",
    ),
];

/// The metadata services of Amazon, Google, Azure and others, over IPv4 and IPv6.
fn is_metadata_service(server: &str) -> bool {
    let end = server.split_once("->").map_or(server, |(_, server)| server);
    ["169.254.169.254", "fd00:ec2::254", "169.254.170.2", "100.100.100.200"]
        .iter()
        .any(|address| end.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
}

fn leaves_the_machine(server: &str) -> bool {
    Network::of(server).is_some_and(|network| network != Network::Loopback)
}

fn is_public(server: &str) -> bool {
    Network::of(server) == Some(Network::Public)
}

fn is_private(server: &str) -> bool {
    Network::of(server) == Some(Network::Private)
}

fn is_loopback(server: &str) -> bool {
    Network::of(server) == Some(Network::Loopback)
}

fn is_shared(server: &str) -> bool {
    Network::of(server) == Some(Network::Shared)
}

fn is_multicast(server: &str) -> bool {
    Network::of(server) == Some(Network::Multicast)
}

fn is_documentation(server: &str) -> bool {
    Network::of(server) == Some(Network::Documentation)
}
