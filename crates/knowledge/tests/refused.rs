//! What stops the build, and where it says the fault is.

use knowledge::{Facts, Files, Folder, check, pack};

const RULES: &str = "\
Write below etc\tsyscall\thost+container\tError\tfd.name,proc.name\tfilesystem,T1098,mitre_persistence\t-\tuser_known_write_etc[]
Port scan\tsyscall\thost\tNotice\tfd.rip\tnetwork\t-\t-
List Buckets\taws_cloudtrail\t-\tWarning\tct.user,ct.region\taws\t-\t-
";

const ATTACK: &str = "\
T1098\tAccount Manipulation\tpersistence,privilege-escalation
T1098.004\tSSH Authorized Keys\tpersistence
";

const ENTRY: &str = r#"
[[rule]]
name = "Write below etc"
formerly = ["write_etc"]
action = "opened a file below `/etc` for writing"
behaviour = "A program opened a file below `/etc` for writing."
attackers = ["To start again after a reboot."]
ordinary = ["Package managers."]
attack = [{ technique = "T1098", tactic = "persistence" }]
tells = [{ fields = ["proc.name"], text = "A package manager fits." }]
steps = ["stat", { text = "Read it.", command = "cat <<fd.name>>" }]
hook = "user_known_write_etc"
controls = ["read_only_root"]
"#;

const OTHER: &str = r#"
[[rule]]
name = "Port scan"
action = "called many ports"
behaviour = "A program called many ports."
attackers = ["To find a service."]
ordinary = ["Monitoring."]
attack = []
tells = [{ fields = ["fd.rip"], text = "A monitored host fits." }]
steps = [{ text = "See the connections.", command = "ss -tunap" }]
"#;

fn files(entry: &str) -> Files {
    Files::from([
        (
            "sources.toml",
            "[syscall]\nactor = 'the process'\nname = 'proc.name'\nunnamed = 'a process'\non_host = true\n",
        ),
        ("steps.toml", "[[stat]]\ntext = 'See the file.'\ncommand = 'stat <<fd.name>>'\nplace = 'host'\n"),
        ("controls.toml", "[container]\nread_only_root = 'A read-only root.'\n"),
        ("syscall/files.toml", entry),
        ("syscall/network.toml", OTHER),
    ])
}

fn facts() -> Facts {
    Facts::parse(RULES, ATTACK)
}

/// Everything that is wrong, one problem a line.
fn problems(files: &Files) -> String {
    let found = Folder::read(files).map_or_else(|problems| problems, |folder| check(&folder, &facts()));
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The entry with a part replaced is refused with a message that begins so.
#[track_caller]
fn check_refused(part: &str, by: &str, expected: &str) {
    assert!(ENTRY.contains(part), "{part}");
    let found = problems(&files(&ENTRY.replace(part, by)));
    assert!(found.starts_with(&format!("syscall/files.toml, `Write below etc`{expected}")), "{found}");
}

#[test]
fn a_whole_entry_passes() {
    assert_eq!(problems(&files(ENTRY)), "");
}

#[test]
fn keys() {
    check_refused("ordinary =", "usual =", ": unknown field `usual`");
    check_refused(
        "behaviour = \"A program opened a file below `/etc` for writing.\"",
        "",
        ": missing field `behaviour`",
    );
    check_refused(
        "text = \"A package",
        "txt = \"A package",
        ": unknown field `txt`, expected `fields` or `text` in `tells`",
    );
    check_refused("command = \"cat", "comand = \"cat", ": unknown field `comand`");
    let found = problems(&files("[[rules]]\nname = 'x'\n"));
    assert_eq!(found, "syscall/files.toml: `[[rules]]` is not known here: write `[[rule]]`");
    let found = problems(&files("[[rule]]\nname = x\n"));
    assert!(found.starts_with("syscall/files.toml: TOML parse error at line 2"), "{found}");
}

#[test]
fn what_an_entry_needs() {
    check_refused("[\"To start again after a reboot.\"]", "[]", ", key `attackers`: at least one is needed");
    check_refused("[\"Package managers.\"]", "[]", ", key `ordinary`: at least one is needed");
    check_refused(
        "[\"stat\", { text = \"Read it.\", command = \"cat <<fd.name>>\" }]",
        "[]",
        ", key `steps`: at least one",
    );
    check_refused(
        ", command = \"cat <<fd.name>>\"",
        "",
        ", key `steps`: no step has a command that is printed for a process in a pod",
    );
}

#[test]
fn facts_are_not_contradicted() {
    check_refused("name = \"Write below etc\"", "name = \"Write below etc\"\nactor = 1", ": invalid type");
    check_refused(
        "\"persistence\"",
        "\"impact\"",
        ", key `attack`: ATT&CK has no technique T1098 with the tactic `impact`",
    );
    check_refused(
        "attack = [{ technique = \"T1098\", tactic = \"persistence\" }]",
        "attack = []",
        ", key `attack`: the rule's tag T1098 is neither in `attack` nor in `contradicted`",
    );
    check_refused(
        "hook =",
        "contradicted = [{ tag = \"T1\", why = \"No.\" }]\nhook =",
        ", key `contradicted`: the rule has no tag `T1`",
    );
    check_refused("[\"proc.name\"]", "[\"evt.res\"]", ", key `tells`: the rule prints none of `evt.res`");
    check_refused(
        "\"user_known_write_etc\"",
        "\"user_known\"",
        ", key `hook`: the rule does not use `user_known`",
    );
    check_refused(
        "hook =",
        "actor_name = \"user.name\"\nhook =",
        ", key `actor_name`: the rule does not print `user.name`",
    );
    check_refused(
        "hook =",
        "target = [{ field = \"evt.res\" }]\nhook =",
        ", key `target`: the rule does not print `evt.res`",
    );
}

#[test]
fn a_refinement_of_a_shipped_technique_and_a_contradicted_tag_pass() {
    assert_eq!(problems(&files(&ENTRY.replace("\"T1098\"", "\"T1098.004\""))), "");
    let contradicted = "attack = []\ncontradicted = [{ tag = \"T1098\", why = \"It is about accounts.\" }]";
    let attack = "attack = [{ technique = \"T1098\", tactic = \"persistence\" }]";
    assert_eq!(problems(&files(&ENTRY.replace(attack, contradicted))), "");
}

#[test]
fn names() {
    check_refused("[\"stat\",", "[\"stats\",", ", key `steps`: there is no `stats` in steps.toml");
    check_refused(
        "[\"read_only_root\"]",
        "[\"prayer\"]",
        ", key `controls`: there is no `prayer` in controls.toml",
    );
    check_refused(
        "[\"write_etc\"]",
        "[\"Port scan\"]",
        ", key `formerly`: `Port scan` has an entry of its own",
    );
    let unknown = problems(&files(&ENTRY.replace("\"Write below etc\"", "\"Write below\"")));
    assert!(
        unknown.starts_with("syscall/files.toml, `Write below`, key `name`: no such rule is shipped"),
        "{unknown}"
    );
    let misplaced =
        problems(&files(&OTHER.replace("Port scan", "List Buckets").replace("fd.rip", "ct.user")));
    assert!(misplaced.contains("key `name`: its source is `aws_cloudtrail`"), "{misplaced}");
    let twice = problems(&files(&format!("{ENTRY}{OTHER}")));
    assert!(
        twice.contains("syscall/network.toml, `Port scan`, key `name`: there is another entry"),
        "{twice}"
    );
}

#[test]
fn one_behaviour_for_two_rules() {
    let same =
        ENTRY.replace("A program opened a file below `/etc` for writing.", "A program called many ports.");
    let found = problems(&files(&same));
    assert_eq!(
        found,
        "syscall/network.toml, `Port scan`, key `behaviour`: `Write below etc` has the same words"
    );
}

#[test]
fn words() {
    check_refused(
        "a reboot.\"",
        "a reboot\"",
        ", key `attackers`: `To start again after a reboot` does not end with a full stop",
    );
    check_refused(
        "\"A package",
        "\"a package",
        ", key `tells`: `a package manager fits.` does not begin with a capital",
    );
    check_refused("\"opened a", "\"Opened a", ", key `action`: it goes on a sentence");
    check_refused(
        "Package managers",
        "`Package managers",
        ", key `ordinary`: `Package managers.` has a backtick",
    );
    check_refused(
        "Package managers",
        "Package  managers",
        ", key `ordinary`: `Package  managers.` has a blank too many",
    );
    check_refused("Package managers", "On <<hostname>>", ", key `ordinary`: only steps may have `<<field>>`");
}

#[test]
fn commands_are_safe_to_paste() {
    check_refused("cat <<fd.name>>", "cat '<<fd.name>>'", ", key `steps`: `<<fd.name>>` stands in quotes");
    check_refused(
        "cat <<fd.name>>",
        "cat <<fd.name:inner>>",
        ", key `steps`: `<<fd.name:inner>>` stands outside quotes",
    );
    check_refused("cat <<fd.name>>", "cat 'x", ", key `steps`: a quote of the command is not closed");
    check_refused("cat <<fd.name>>", "cat <<fd name>>", ", key `steps`: `<<fd name>>` is no field");
    check_refused("cat <<fd.name>>", "cat <<evt.res>>", ", key `steps`: the rule does not print `evt.res`");
    let otherwise =
        "cat <<evt.res>>\" }, { text = \"Read it.\", unless = \"evt.res\", command = \"cat <<fd.name>>";
    assert_eq!(problems(&files(&ENTRY.replace("cat <<fd.name>>", otherwise))), "");
}

#[test]
fn packed_blocks_are_sorted_and_old_names_lead_to_rules() {
    let folder = Folder::read(&files(ENTRY)).unwrap();
    let packed = pack(&folder, &facts());
    let names: Vec<&str> = packed.entries.split("\n\n").filter_map(|block| block.lines().next()).collect();
    assert_eq!(names, ["Port scan", "Write below etc", "write_etc"]);
    assert!(packed.entries.ends_with("write_etc\n=Write below etc\n"));
    assert_eq!(packed.techniques, "T1098\tAccount Manipulation\n");
    assert_eq!(packed.steps, "stat\nnSee the file.\tstat <<fd.name>>\t\thost\n");
}
