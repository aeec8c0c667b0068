//! Network policies for the pods of findings, tried on the connections that the alerts tell of.
//!
//! An alert tells what was noticed and not what a workload needs, so a policy allows the cluster's DNS and
//! what is judged ordinary, and the person who applies it adds the rest. The trial says what it would have
//! stopped of what was seen.

mod connection;
mod policy;
#[cfg(test)]
mod tests;
mod write;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::case::{Case, Offer, Served, Site};
use super::names;
use crate::insight::{Class, Group, Place};
use crate::limits;
use crate::mitigation::{File, Heading, Language, Mitigation};
use connection::{Connection, Direction, observed};
use policy::{Allowed, Cidr, Decision, Policy};

/// The pods that a policy selects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Scope {
    namespace: Option<String>,
    /// Nothing where the alerts do not carry them.
    labels: Option<Vec<(String, String)>>,
}

impl Scope {
    fn of(group: &Group) -> Self {
        let namespace = group.actor.namespace.known().and_then(names::namespace).map(str::to_owned);
        let is_constant = !group.spreads.iter().any(|spread| spread.field == "k8s.pod.labels");
        let labels =
            group.example.field_text("k8s.pod.labels").filter(|_| is_constant).and_then(names::labels);
        let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
        Self { namespace, labels: labels.map(|labels| labels.into_iter().map(owned).collect()) }
    }
}

/// A policy for the pods of a scope.
struct Scoped {
    scope: Scope,
    policy: Policy,
    /// Alerts by what the policy would have done.
    trial: Trial,
}

/// What a policy would have done to the connections of the alerts of its pods.
#[derive(Debug, Default)]
struct Trial {
    blocked: u64,
    passed: u64,
    unseen: u64,
    undecided: u64,
    /// The peers that were blocked, the most frequent first.
    peers: Vec<(Connection, u64)>,
}

/// Adds the policies for the pods of these cases; `groups` are all findings, the ordinary ones included.
pub fn propose(groups: &[&Group], cases: &[Case<'_>], offers: &mut Vec<Offer>) {
    let served = Served::of(cases, &|case| {
        let controls = ["network_egress", "network_ingress", "network_metadata"];
        let directness = controls.iter().filter_map(|control| case.directness_of(control)).min();
        directness.filter(|_| case.site == Site::Pod)
    });
    if served.is_empty() {
        return;
    }
    let mut policies: BTreeMap<Scope, Policy> = BTreeMap::new();
    for case in &served.cases {
        let policy = policies.entry(Scope::of(case.group)).or_default();
        let asks = |control: &str| case.directness_of(control).is_some();
        if asks("network_egress") {
            // Whatever another case allowed for the metadata address alone is not needed then.
            policy.egress = Some(Vec::new());
        } else if asks("network_metadata") && policy.egress.is_none() {
            policy.egress = Some(all_but_metadata());
        }
        if asks("network_ingress") {
            policy.ingress = Some(Vec::new());
        }
    }
    let left_out = policies.len().saturating_sub(limits::NETWORK_POLICIES);
    let scoped: Vec<Scoped> = policies
        .into_iter()
        .take(limits::NETWORK_POLICIES)
        .map(|(scope, policy)| Scoped::new(scope, policy, groups))
        .collect();
    let kubernetes = mitigation(&scoped, &served, left_out);
    let cilium = cilium(&kubernetes, &scoped);
    offers.push(Offer { rank: served.rank, mitigation: kubernetes });
    // The same again for those who have Cilium, so after everything else.
    offers.push(Offer { rank: (usize::MAX, 0), mitigation: cilium });
}

/// Every address but those at which clouds keep their metadata services.
fn all_but_metadata() -> Vec<Allowed> {
    [("0.0.0.0", "169.254.169.254"), ("::", "fd00:ec2::254")]
        .into_iter()
        .filter_map(|(all, metadata)| {
            let (all, metadata) = (all.parse().ok()?, metadata.parse().ok()?);
            let block = Cidr { address: all, prefix: 0 };
            Some(Allowed { block, except: vec![Cidr::single(metadata)], port: None })
        })
        .collect()
}

impl Scoped {
    fn new(scope: Scope, mut policy: Policy, groups: &[&Group]) -> Self {
        let own: Vec<&Group> = groups
            .iter()
            .copied()
            .filter(|group| group.actor.place == Place::Container && Scope::of(group) == scope)
            .collect();
        for group in own.iter().filter(|group| group.verdict.class == Class::LikelyBenign) {
            policy.allow(group);
        }
        let mut trial = Trial::default();
        for group in own {
            trial.add(&policy, group);
        }
        trial.peers.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(&right.0)));
        Self { scope, policy, trial }
    }
}

impl Policy {
    /// Allows what a group of ordinary alerts did.
    fn allow(&mut self, group: &Group) {
        for (connection, _) in observed(group).connections {
            let list = match connection.direction {
                Some(Direction::Out) => &mut self.egress,
                Some(Direction::In) => &mut self.ingress,
                None => continue,
            };
            if let (Some(list), Some(port)) = (list, connection.port) {
                let block = Cidr::single(connection.remote);
                list.push(Allowed { block, except: Vec::new(), port: Some(port) });
                list.sort_unstable();
                list.dedup();
                list.truncate(limits::NETWORK_PEERS);
            }
        }
    }
}

impl Trial {
    fn add(&mut self, policy: &Policy, group: &Group) {
        let observed = observed(group);
        if group.example.field("fd.name").is_some() {
            self.undecided += observed.unread;
        }
        for (connection, count) in observed.connections {
            match policy.decide(&connection) {
                Decision::Blocked => {
                    self.blocked += count;
                    self.peers.push((connection, count));
                }
                Decision::Passed => self.passed += count,
                Decision::Unseen => self.unseen += count,
                Decision::Undecided => self.undecided += count,
            }
        }
    }

    fn peers(&self) -> String {
        let shown: Vec<String> = self
            .peers
            .iter()
            .take(limits::VALUES_SHOWN)
            .map(|(connection, count)| {
                let port = connection.port.map(|port| format!(" port {port}")).unwrap_or_default();
                format!("`{}`{port} ({count})", connection.remote)
            })
            .collect();
        let more = self.peers.len() - shown.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        if shown.is_empty() { "none".to_owned() } else { format!("{}{more}", shown.join(", ")) }
    }
}

fn mitigation(scoped: &[Scoped], served: &Served<'_>, left_out: usize) -> Mitigation {
    let mut table: Vec<Vec<Cow<'static, str>>> = vec![
        ["policy", "blocked", "passed", "not seen by any policy", "undecided", "blocked peers (alerts)"]
            .map(Cow::from)
            .to_vec(),
    ];
    for one in scoped {
        let trial = &one.trial;
        let counts = [trial.blocked, trial.passed, trial.unseen, trial.undecided];
        let mut row: Vec<Cow<'static, str>> = vec![format!("`{}`", one.name()).into()];
        row.extend(counts.map(|count| Cow::from(count.to_string())));
        row.push(trial.peers().into());
        table.push(row);
    }
    let mut effect = "Cuts the pods off from everything that the policy does not list: it allows the cluster's DNS and the connections \
         that are judged ordinary, no more. The table says what it would have done to the alerts of these pods. A policy does not see \
         what stays within a pod, does not act on pods of the host's network, and lets a pod's own node through. Policies add up: \
         another one that allows more opens it again."
        .to_owned();
    if scoped.iter().any(|one| one.scope.labels.is_none()) {
        effect.push_str(
            " Where the alerts carry no labels (`k8s.pod.labels`), a placeholder stands for the selector, and the API server refuses the \
             file until you fill it in.",
        );
    }
    if left_out > 0 {
        // Writing to a String cannot fail.
        let _ = write!(effect, " {left_out} further workloads are left out.");
    }
    Mitigation {
        id: "network-policy".to_owned(),
        kind: "kubernetes_network_policy",
        heading: Heading::Container,
        title: "Limit what the pods may reach and who may reach them".into(),
        file: Some(yaml("kubernetes/network-policy.yaml", write::kubernetes(scoped))),
        effect,
        table,
        may_break: "Every connection that the workload needs and no alert shows: add it to the list before you apply the file. The network \
             plugin must enforce policies; where it does not, nothing says so."
            .into(),
        apply: "`kubectl apply --dry-run=server -f kubernetes/network-policy.yaml`, then without `--dry-run`.".into(),
        roll_back: "`kubectl delete -f kubernetes/network-policy.yaml`.".into(),
        afterwards: "A connect that waits fails after a while, and Falco says nothing; one that does not wait (`EINPROGRESS`) still alerts, \
             as do rules that see the program start."
            .into(),
        basis: served.basis(),
        proof: None,
    }
}

fn cilium(kubernetes: &Mitigation, scoped: &[Scoped]) -> Mitigation {
    Mitigation {
        id: "cilium-network-policy".to_owned(),
        kind: "cilium_network_policy",
        title: "The same as Cilium policies".into(),
        file: Some(yaml("kubernetes/cilium-network-policy.yaml", write::cilium(scoped))),
        effect: "For clusters with Cilium, instead of the file above; not schema-checked. Blocks of addresses do not match pods and nodes \
             that Cilium manages: allow those by their labels."
            .to_owned(),
        table: Vec::new(),
        apply: "`kubectl apply -f kubernetes/cilium-network-policy.yaml`.".into(),
        roll_back: "`kubectl delete -f kubernetes/cilium-network-policy.yaml`.".into(),
        ..kubernetes.clone()
    }
}

fn yaml(name: &str, content: String) -> File {
    File { name: name.to_owned(), language: Language::Yaml, content }
}
