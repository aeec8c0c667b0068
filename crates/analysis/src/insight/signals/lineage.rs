//! Who started the program. The kernel tells the parent, but the parent chose its own name.

use super::Written::ByProcess;
use super::mark::Test::{Fits, Is};
use super::mark::When::Has;
use super::mark::{Mark, benign, malice};
use super::shell::{SHELLS, is_program};

const PARENT: &[&str] = &["proc.pname"];

/// Programs that answer strangers: web, application, database and cache servers.
const SERVERS: &[&str] = &[
    "nginx",
    "apache",
    "apache2",
    "httpd",
    "lighttpd",
    "caddy",
    "haproxy",
    "envoy",
    "traefik",
    "php",
    "php-cgi",
    "php-fpm",
    "tomcat",
    "java",
    "node",
    "gunicorn",
    "uwsgi",
    "uvicorn",
    "puma",
    "unicorn",
    "rails",
    "dotnet",
    "postgres",
    "mysqld",
    "mariadbd",
    "mongod",
    "redis-server",
    "valkey-server",
    "memcached",
    "beam.smp",
    "couchdb",
    "influxd",
    "named",
    "exim4",
    "vsftpd",
    "proftpd",
    "smbd",
    "sshd-session",
];

/// What an intruder runs first through a server that they have taken over.
const TOOLS: &[&str] = &[
    "curl", "wget", "nc", "ncat", "netcat", "socat", "cat", "grep", "find", "chmod", "base64", "id",
    "whoami", "uname", "crontab", "nmap", "ssh", "scp", "tar",
];

const PACKAGE_MANAGERS: &[&str] = &[
    "dpkg",
    "dpkg-preconfigu",
    "apt",
    "apt-get",
    "rpm",
    "dnf",
    "yum",
    "zypper",
    "apk",
    "pacman",
    "unattended-upgr",
    "packagekitd",
    "snapd",
];

/// What starts programs as its work: the kubelet, network plugins, schedulers of jobs, configuration management.
const ORCHESTRATORS: &[&str] = &[
    "kubelet",
    "calico",
    "flannel",
    "portmap",
    "bandwidth",
    "loopback",
    "cilium-cni",
    "aws-cni",
    "multus",
    "cron",
    "crond",
    "anacron",
    "atd",
    "gitlab-runner",
    "Runner.Worker",
    "ansible",
    "ansible-playboo",
    "puppet",
    "chef-client",
    "salt-minion",
    "slurmstepd",
];

pub const MARKS: &[Mark] = &[
    malice(
        "server_started_it",
        35,
        ByProcess,
        &[Has(PARENT, Fits(is_server)), Has(&["proc.name"], Fits(is_shell_or_tool))],
        "{} answers strangers, and it started {}",
    ),
    benign(
        "package_manager_started_it",
        20,
        ByProcess,
        &[Has(PARENT, Is(PACKAGE_MANAGERS))],
        "{} is the name of a package manager, whose work this could be",
    ),
    benign(
        "orchestrator_started_it",
        20,
        ByProcess,
        &[Has(PARENT, Is(ORCHESTRATORS))],
        "{} is the name of a program that starts others as its work",
    ),
];

fn is_server(name: &str) -> bool {
    is_program(name, SERVERS)
}

fn is_shell_or_tool(name: &str) -> bool {
    is_program(name, SHELLS) || is_program(name, TOOLS)
}
