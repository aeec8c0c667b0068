//! Which values of alerts may stand in a Kubernetes object: those that Kubernetes itself takes.
//!
//! An alert's namespace or label is text like any other, so what has not the form of a name is left
//! out and a placeholder stands there.

/// What the API server refuses as a namespace, so that a file with it does nothing.
pub const NAMESPACE_PLACEHOLDER: &str = "REPLACE-WITH-NAMESPACE";

/// The value as the name of a namespace (a DNS label).
pub fn namespace(text: &str) -> Option<&str> {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_edge = |byte: Option<&u8>| byte.is_some_and(|byte| *byte != b'-');
    let bytes = text.as_bytes();
    let whole = bytes.len() <= 63 && bytes.iter().all(|byte| inner(*byte));
    (whole && is_edge(bytes.first()) && is_edge(bytes.last())).then_some(text)
}

/// The name of an object (a DNS subdomain).
pub fn object(text: &str) -> Option<&str> {
    (text.len() <= 253 && text.split('.').all(|part| namespace(part).is_some())).then_some(text)
}

/// Labels that differ from one pod of a workload to the next, or from one version of it to the next.
const VOLATILE: [&str; 7] = [
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/controller-uid",
    "controller-revision-hash",
    "controller-uid",
    "pod-template-generation",
    "pod-template-hash",
    "statefulset.kubernetes.io/pod-name",
];

/// Labels that name a workload, so that the others are not needed.
const NAMING: [&str; 4] = ["app.kubernetes.io/name", "app.kubernetes.io/instance", "app", "k8s-app"];

/// The labels that select a workload, from `k8s.pod.labels`: `app:web,tier:front`. Nothing where it holds
/// anything that is no label, or nothing that lasts.
pub fn labels(text: &str) -> Option<Vec<(&str, &str)>> {
    let pairs: Option<Vec<(&str, &str)>> = text
        .split(',')
        .map(|pair| {
            let (key, value) = pair.trim().split_once(':')?;
            (is_label_key(key) && is_label_value(value)).then_some((key, value))
        })
        .collect();
    let mut pairs: Vec<(&str, &str)> =
        pairs?.into_iter().filter(|(key, _)| !VOLATILE.contains(key)).collect();
    if pairs.iter().any(|(key, _)| NAMING.contains(key)) {
        pairs.retain(|(key, _)| NAMING.contains(key));
    }
    pairs.sort_unstable();
    pairs.dedup();
    (!pairs.is_empty()).then_some(pairs)
}

fn is_label_key(key: &str) -> bool {
    match key.split_once('/') {
        Some((prefix, name)) => object(prefix).is_some() && !name.is_empty() && is_label_value(name),
        None => !key.is_empty() && is_label_value(key),
    }
}

fn is_label_value(value: &str) -> bool {
    let bytes = value.as_bytes();
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_edge = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    bytes.len() <= 63
        && bytes.iter().all(|byte| inner(*byte))
        && is_edge(bytes.first())
        && is_edge(bytes.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_is_what_kubernetes_takes_for_one() {
        for (text, is_one) in [
            ("shop", true),
            ("kube-system", true),
            ("1", true),
            ("", false),
            ("-a", false),
            ("a-", false),
            ("Shop", false),
            ("a.b", false),
            ("a\nb", false),
            ("a: b", false),
            (NAMESPACE_PLACEHOLDER, false),
        ] {
            assert_eq!(namespace(text).is_some(), is_one, "{text}");
        }
    }

    #[test]
    fn labels_that_last_select_a_workload() {
        let none: &[(&str, &str)] = &[];
        for (text, expected) in [
            ("app:web,pod-template-hash:6c9d7f4b8", [("app", "web")].as_slice()),
            ("tier:front, app.kubernetes.io/name:web", [("app.kubernetes.io/name", "web")].as_slice()),
            ("team:a,tier:b", [("team", "a"), ("tier", "b")].as_slice()),
            ("pod-template-hash:6c9d7f4b8", none),
            ("", none),
            ("app:web\n  evil: x", none),
            ("app:a b", none),
            ("a/b/c:d", none),
        ] {
            assert_eq!(labels(text).unwrap_or_default(), expected, "{text}");
        }
    }
}
