//! What must not be handed on is in nothing that is handed on; and what it means stays.

use crate::files::{analyse, fixture, fixtures};
use analysis::alert::{Alert, Object};
use analysis::redact::{Kind, Redactor, Search, Wishes, lines};
use analysis::share::{Sheet, link, open};
use analysis::{Options, Outcome, Session, report};

/// A kind, a text in which such a value stands, and the value.
const PLANTED: [(Kind, &str, &str); 30] = [
    (Kind::Password, "mysql -h db -u shop -pTr0ub4dor shop", "Tr0ub4dor"),
    (Kind::Password, "mysqldump --password=Tr0ub4dor& shop", "Tr0ub4dor"),
    (Kind::Password, "tool --db-password 'Tr0ub4dor'", "Tr0ub4dor"),
    (Kind::Password, "sh -c PGPASSWORD=Tr0ub4dor psql", "Tr0ub4dor"),
    (Kind::Password, "curl -u deploy:Tr0ub4dor https://example.com/", "Tr0ub4dor"),
    (Kind::Password, "git clone https://deploy:Tr0ub4dor@git.example.com/a.git", "Tr0ub4dor"),
    (Kind::Password, r#"curl -d {"password": "Tr0ub4dor"}"#, "Tr0ub4dor"),
    (Kind::Password, "redis-cli -a Tr0ub4dor ping", "Tr0ub4dor"),
    (Kind::Password, "sshpass -p Tr0ub4dor ssh db", "Tr0ub4dor"),
    (Kind::Token, "curl -H 'Authorization: Bearer mF_9.B5f-4.1JqM'", "mF_9.B5f-4.1JqM"),
    (Kind::Token, "curl https://example.com/?access_token=mF9B5f41JqM&x=1", "mF9B5f41JqM"),
    (Kind::Token, "vault login --token mF9B5f41JqM", "mF9B5f41JqM"),
    (Kind::Token, "env API_KEY=mF9B5f41JqM app", "mF9B5f41JqM"),
    (
        Kind::Token,
        "git push https://ghp_0123456789abcdefghijABCDEFGHIJ012345 x",
        "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    ),
    (Kind::Token, "slack xoxb-123456789012-abcdefGHIJ", "xoxb-123456789012-abcdefGHIJ"),
    (Kind::Token, "curl -H 'X-Vault-Token: hvs.CAESIJ'", "hvs.CAESIJ"),
    (Kind::CloudKey, "aws configure set x AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
    (
        Kind::Token,
        "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ),
    (
        Kind::CloudKey,
        "curl AIzaSyA0123456789abcdefghijklmnopqrstuv",
        "AIzaSyA0123456789abcdefghijklmnopqrstuv",
    ),
    (Kind::Jwt, "run eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "eyJzdWIiOiIxIn0"),
    (
        Kind::PrivateKey,
        "echo -----BEGIN RSA PRIVATE KEY-----\\nMIIEabc123\\n-----END RSA PRIVATE KEY-----",
        "MIIEabc123",
    ),
    (Kind::Cookie, "curl -H 'Cookie: theme=dark; sid=8f3kd02l' http://x", "8f3kd02l"),
    (Kind::Cookie, "wget --header x JSESSIONID=8F3KD02L", "8F3KD02L"),
    (Kind::Email, "mail jane.roe@corp.example", "jane.roe@corp.example"),
    (Kind::User, "cat /home/janeroe/.ssh/id_ed25519", "janeroe"),
    (Kind::Host, "ssh bastion.prod.internal", "bastion.prod.internal"),
    (Kind::Host, "ping ip-10-3-7-99", "ip-10-3-7-99"),
    (Kind::Address, "10.3.7.99:40112->93.184.216.34:443", "10.3.7.99"),
    (Kind::Address, "nc 192.168.77.12 4444", "192.168.77.12"),
    (Kind::Address, "ping fd12:3456:789a::7", "fd12:3456:789a::7"),
];

/// Alerts with a text in every place where a text can stand.
fn everywhere(text: &str) -> Vec<String> {
    let json = serde_json::to_string(text).unwrap();
    let places = [
        r#"{"rule":"Custom rule","output":"x","output_fields":{"proc.cmdline":@}}"#,
        r#"{"rule":"Custom rule","output":@,"output_fields":{"proc.name":"sh"}}"#,
        r#"{"rule":@,"output":"x"}"#,
        r#"{"rule":"Custom rule","output":"x","tags":["a",@]}"#,
        r#"{"rule":"Custom rule","output":"x","hostname":@}"#,
        r#"{"rule":"Custom rule","output":"x","priority":@}"#,
        r#"{"rule":"Custom rule","output":"x","time":@}"#,
        r#"{"rule":"Custom rule","output":"x","source":@}"#,
        r#"{"rule":"Custom rule","output":"x","extra":{"deep":[{"er":@}]}}"#,
        r#"{"rule":"Custom rule","output":"x","extra":{@:1}}"#,
        r#"{"rule":"Terminal shell in container","output":"x","output_fields":{"user.name":@}}"#,
    ];
    places.iter().map(|place| place.replace('@', &json)).collect()
}

fn alert(line: &str) -> Alert {
    Alert::from_object(Object::parse(line.as_bytes()).unwrap()).unwrap()
}

fn redactor(name: &str, bytes: &[u8]) -> Redactor {
    let parcel = analyse(name, bytes).parcel;
    let mut search = Search::default();
    search.look_at("file name", name);
    parcel.lines().unwrap().lines().for_each(|line| search.look(&alert(line)));
    Redactor::new(search)
}

fn redacted(name: &str, bytes: &[u8]) -> Outcome {
    let mut session = Session::new(Options::default()).redacting(redactor(name, bytes));
    session.open(name);
    session.feed(bytes);
    session.close();
    session.finish()
}

/// Everything that can be handed on, as one text.
fn artefacts(outcome: &Outcome) -> String {
    let report = &outcome.report;
    let sheet = Sheet { lines: outcome.parcel.lines().unwrap().to_owned(), ..Sheet::default() };
    let opened = open(&link(&sheet)).unwrap().lines;
    let files: String = report.plan.files().iter().map(|file| file.content.clone()).collect();
    [report::markdown(report), report::page(report), report::json(report), files, opened].concat()
}

#[test]
fn planted_secrets_are_in_no_artefact() {
    for (kind, text, secret) in PLANTED {
        for line in everywhere(text) {
            let outcome = redacted("input", line.as_bytes());
            let artefacts = artefacts(&outcome);
            assert!(!artefacts.contains(secret), "{kind:?} in {line}: {}", report::markdown(&outcome.report));
        }
    }
}

#[test]
fn a_value_found_once_is_replaced_everywhere() {
    let input = [
        r#"{"rule":"R","output":"echo Tr0ub4dor%21","output_fields":{"proc.args":"Tr0ub4dor!"}}"#,
        r#"{"rule":"R","output":"x","output_fields":{"proc.cmdline":"login --password=Tr0ub4dor!","fd.name":"/tmp/VHIwdWI0ZG9yIQ=="}}"#,
        r#"{"rule":"R","output":"janeroe","output_fields":{"user.name":"janeroe","proc.cwd":"/srv/janeroe/x"},"tags":["janeroe"]}"#,
    ]
    .join("\n");
    let outcome = redacted("Tr0ub4dor!.json", input.as_bytes());
    let artefacts = artefacts(&outcome);
    for secret in ["Tr0ub4dor", "VHIwdWI0ZG9yIQ", "janeroe"] {
        assert!(!artefacts.contains(secret), "{secret}");
    }
    assert_eq!(outcome.report.files[0].name, "redacted-password-1.json");
}

#[test]
fn pseudonyms_are_numbered_as_they_appear_and_redacting_twice_changes_nothing() {
    for (name, bytes) in fixtures() {
        let parcel = analyse(&name, &bytes).parcel;
        let Ok(before) = parcel.lines() else { continue };
        let (once, hits) = lines(before, Wishes::default()).unwrap();
        let (twice, _) = lines(&once, Wishes::default()).unwrap();
        assert_eq!(once, twice, "{name}");
        let (again, same) = lines(before, Wishes::default()).unwrap();
        assert_eq!((again, same), (once, hits), "{name}");
    }
    let input = r#"{"rule":"R","output":"10.1.2.3 10.9.9.9 10.1.2.3 192.168.7.7 8.8.8.8 169.254.169.254"}"#;
    let (line, _) = lines(input, Wishes::default()).unwrap();
    assert!(line.contains("10.254.0.1 10.254.0.2 10.254.0.1 192.168.0.1 8.8.8.8 169.254.169.254"), "{line}");
}

#[test]
fn verdicts_stay_and_the_report_says_where_they_rest_on_what_was_replaced() {
    for (name, bytes) in fixtures() {
        let before = analyse(&name, &bytes);
        if before.parcel.lines().is_err() {
            continue;
        }
        let after = redacted(&name, &bytes);
        let verdicts = |outcome: &Outcome| -> Vec<_> {
            let groups = outcome.report.insight.groups.iter();
            groups.map(|group| (group.rule.clone(), group.verdict.class, group.verdict.confidence)).collect()
        };
        let said = report::markdown(&after.report);
        assert!(said.contains("### Redaction"), "{name}");
        if !said.contains("reads fields in which something was replaced") {
            assert_eq!(verdicts(&before), verdicts(&after), "{name}");
        }
    }
}

#[test]
fn no_file_rests_on_a_pseudonym_and_the_report_says_so() {
    let alert = |pid: u32| {
        format!(
            r#"{{"rule":"Terminal shell in container","priority":"Notice","source":"syscall","output":"x","output_fields":{{"proc.name":"sh","proc.exepath":"/opt/janeroe/sh","proc.pid":{pid},"user.name":"janeroe","container.image.repository":"registry.example/tool","k8s.ns.name":"build","container.id":"0123456789ab"}}}}"#
        )
    };
    let input: String = (1..5).map(|pid| alert(pid) + "\n").collect();
    let files = |outcome: &Outcome| {
        let files = outcome.report.plan.files();
        files.into_iter().map(|file| file.content.clone()).collect::<String>()
    };
    let (before, after) = (analyse("a.jsonl", input.as_bytes()), redacted("a.jsonl", input.as_bytes()));
    assert!(files(&before).contains("janeroe"), "the tuning names the path");
    assert!(!files(&after).contains("redacted-"), "{}", files(&after));
    let ours = r#"{"rule":"PTRACE attached to process","source":"syscall","output":"x","output_fields":{"proc.exepath":"/usr/bin/agent","container.image.repository":"registry.example/redacted-tool","k8s.ns.name":"platform","container.id":"0123456789ab"}}"#;
    let mixed = redacted("a.jsonl", format!("{input}{ours}\n").as_bytes());
    let values =
        mixed.report.plan.files().into_iter().find(|file| file.name == "helm/falco-values.yaml").unwrap();
    assert!(
        values.content.contains("redacted-tool") && !values.content.contains("redacted-user"),
        "what is left"
    );
    assert!(report::markdown(&after.report).contains("Files that rest on a replaced value are left out"));
    assert!(!report::markdown(&before.report).contains("Files that rest on a replaced value"));
    let json = report::json(&after.report);
    assert!(json.contains("\"redaction\": {\n    \"user name\": 1\n  }"), "{json}");
}

#[test]
fn what_people_add_and_keep() {
    let bytes = fixture("custom_rule.json");
    let line = String::from_utf8(bytes).unwrap();
    let wishes = Wishes { add: vec!["pay-7".into()], keep: vec!["node-1".into()] };
    let (line, hits) = lines(&line, wishes).unwrap();
    assert!(line.contains("node-1") && !line.contains("pay-7") && line.contains("redacted-chosen-text-1"));
    assert_eq!(hits.iter().map(|hit| hit.kind).collect::<Vec<_>>(), [Kind::Chosen]);
}
