//! `cargo xtask serve`: the release build under its deployment headers, or Trunk's own server.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use site::Server;

use crate::failure::{Failure, Result};
use crate::setup::Kit;
use crate::{build, process, workspace};

const FIRST_PORT: u16 = 8080;

/// What was typed after `serve`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    host: IpAddr,
    /// Exactly this one; otherwise the first free one.
    port: Option<u16>,
    /// Trunk's server, which rebuilds and reloads.
    dev: bool,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self { host: IpAddr::V4(Ipv4Addr::LOCALHOST), port: None, dev: false };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let (name, attached) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (argument.as_str(), None),
            };
            let mut value = || attached.or_else(|| arguments.next().map(String::as_str));
            match name {
                "--dev" => options.dev = true,
                "--host" => options.host = parse_host(value())?,
                "--port" => options.port = Some(parse_port(value())?),
                _ => {
                    return Err(Failure::new(format!(
                        "`serve` has no option `{argument}`: it takes --host ADDRESS, --port NUMBER and --dev."
                    )));
                }
            }
        }
        Ok(options)
    }
}

fn parse_host(value: Option<&str>) -> Result<IpAddr> {
    match value {
        Some("localhost") => Ok(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        Some(text) => text.parse().map_err(|_| {
            Failure::new(format!("`{text}` is no address: give --host one such as 127.0.0.1 or 0.0.0.0."))
        }),
        None => Err(Failure::new("--host needs an address such as 127.0.0.1 or 0.0.0.0.")),
    }
}

fn parse_port(value: Option<&str>) -> Result<u16> {
    value
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Failure::new("--port needs a number from 0 to 65535; 0 lets the system choose."))
}

pub fn run(options: &Options) -> Result<()> {
    let kit = Kit::for_building()?;
    if options.dev {
        return develop(options, &kit);
    }
    build::release(&kit)?;
    let server = match options.port {
        Some(port) => Server::bind(workspace::dist(), options.host, port),
        None => Server::bind_from(workspace::dist(), options.host, FIRST_PORT),
    }
    .map_err(|error| not_bound(options, &error))?;
    println!("\nFalco Report is at http://{}/ (Ctrl+C stops it)", server.address());
    server.run(|_| ()).map_err(|error| not_bound(options, &error))
}

fn develop(options: &Options, kit: &Kit) -> Result<()> {
    let port = match options.port {
        Some(port) => port,
        None => (FIRST_PORT..FIRST_PORT + 100)
            .find(|port| TcpListener::bind(SocketAddr::new(options.host, *port)).is_ok())
            .ok_or_else(|| {
                Failure::new(format!(
                    "no port from {FIRST_PORT} on is free at {}: name one with --port.",
                    options.host
                ))
            })?,
    };
    println!(
        "\nTrunk rebuilds and reloads at http://{}/ (Ctrl+C stops it)\n",
        SocketAddr::new(options.host, port)
    );
    process::run(kit.wasm_command("trunk").args([
        "serve",
        "--address",
        &options.host.to_string(),
        "--port",
        &port.to_string(),
    ]))
}

fn not_bound(options: &Options, error: &std::io::Error) -> Failure {
    let host = options.host;
    Failure::new(match (options.port, error.kind()) {
        (Some(port), ErrorKind::AddrInUse) => {
            format!(
                "port {port} at {host} is taken: name another with --port, or none to get the next free one."
            )
        }
        (_, ErrorKind::AddrInUse) => {
            format!("no port from {FIRST_PORT} on is free at {host}: name one with --port.")
        }
        (Some(port), ErrorKind::PermissionDenied) => {
            format!("port {port} needs rights that you do not have: name one above 1023.")
        }
        _ => format!("cannot listen at {host} ({error}): name an address of this machine with --host."),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Options::parse(&words)
    }

    #[test]
    fn options_have_defaults_and_two_spellings() {
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        assert_eq!(parse("").unwrap(), Options { host: local, port: None, dev: false });
        assert_eq!(parse("--port 90 --dev").unwrap(), Options { host: local, port: Some(90), dev: true });
        let all = Options { host: IpAddr::V4(Ipv4Addr::UNSPECIFIED), port: Some(0), dev: false };
        assert_eq!(parse("--host=0.0.0.0 --port=0").unwrap(), all);
    }

    #[test]
    fn a_mistyped_option_says_what_it_takes() {
        for line in ["--prot 1", "--port x", "--port", "--host nowhere", "--host", "8080"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
