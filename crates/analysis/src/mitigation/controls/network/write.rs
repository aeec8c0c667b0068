//! Policies as Kubernetes and as Cilium read them.

use std::fmt::Write;

use super::policy::{Allowed, Cidr};
use super::{Scope, Scoped};
use crate::checksum::CRC32;
use crate::mitigation::controls::names::NAMESPACE_PLACEHOLDER;

/// How the two kinds of policy name the same things.
struct Dialect {
    api_version: &'static str,
    kind: &'static str,
    selector: &'static str,
}

const KUBERNETES: Dialect =
    Dialect { api_version: "networking.k8s.io/v1", kind: "NetworkPolicy", selector: "podSelector" };
const CILIUM: Dialect =
    Dialect { api_version: "cilium.io/v2", kind: "CiliumNetworkPolicy", selector: "endpointSelector" };

impl Scoped {
    /// A name that is the same for the same pods in the next report.
    pub fn name(&self) -> String {
        format!("falco-report-{:08x}", CRC32.checksum(format!("{:?}", self.scope).as_bytes()))
    }
}

fn head(out: &mut String, dialect: &Dialect, one: &Scoped) {
    let Scope { namespace, labels } = &one.scope;
    let namespace = namespace.as_deref().unwrap_or(NAMESPACE_PLACEHOLDER);
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "apiVersion: {}\nkind: {}\nmetadata:\n  name: {}\n  namespace: \"{namespace}\"\nspec:\n  {}:\n    matchLabels:\n",
        dialect.api_version,
        dialect.kind,
        one.name(),
        dialect.selector
    );
    match labels {
        Some(labels) => {
            for (key, value) in labels {
                let _ = writeln!(out, "      \"{key}\": \"{value}\"");
            }
        }
        None => out.push_str(
            "      # The alerts carry no labels: put in those that select the workload.\n      app: \"REPLACE WITH LABEL\"\n",
        ),
    }
}

/// One document a policy.
pub fn kubernetes(scoped: &[Scoped]) -> String {
    let mut out = String::from(COMMENT);
    for (at, one) in scoped.iter().enumerate() {
        out.push_str(if at > 0 { "---\n" } else { "" });
        head(&mut out, &KUBERNETES, one);
        let policy = &one.policy;
        let types = [("Egress", &policy.egress), ("Ingress", &policy.ingress)]
            .into_iter()
            .filter_map(|(name, list)| list.is_some().then_some(name))
            .collect::<Vec<_>>()
            .join(", ");
        let _ = writeln!(out, "  policyTypes: [{types}]");
        if let Some(allowed) = &policy.egress {
            out.push_str(
                "  egress:\n    # The cluster's DNS.\n    - to:\n        - namespaceSelector:\n            matchLabels:\n              \
                 kubernetes.io/metadata.name: kube-system\n          podSelector:\n            matchLabels:\n              k8s-app: \
                 kube-dns\n      ports:\n        - {protocol: UDP, port: 53}\n        - {protocol: TCP, port: 53}\n    # Add what the \
                 workload needs.\n",
            );
            peers(&mut out, "to", allowed);
        }
        match policy.ingress.as_deref() {
            Some([]) => out.push_str("  # Add who may reach the workload.\n  ingress: []\n"),
            Some(allowed) => {
                out.push_str("  # Add who else may reach the workload.\n  ingress:\n");
                peers(&mut out, "from", allowed);
            }
            None => {}
        }
    }
    out
}

const COMMENT: &str = "# Made by Falco Report. What is not listed is cut off: add what the workload needs before you apply this.\n";

fn peers(out: &mut String, direction: &str, allowed: &[Allowed]) {
    for peer in allowed {
        let _ = write!(
            out,
            "    - {direction}:\n        - ipBlock:\n            cidr: \"{}\"\n",
            cidr(peer.block)
        );
        if !peer.except.is_empty() {
            let _ = writeln!(out, "            except: [{}]", cidrs(&peer.except));
        }
        if let Some(port) = peer.port {
            let _ = write!(out, "      ports:\n        - {{protocol: TCP, port: {port}}}\n");
        }
    }
}

/// One document a policy.
pub fn cilium(scoped: &[Scoped]) -> String {
    let mut out = String::from(COMMENT);
    for (at, one) in scoped.iter().enumerate() {
        out.push_str(if at > 0 { "---\n" } else { "" });
        head(&mut out, &CILIUM, one);
        let excepted: Vec<Cidr> =
            one.policy.egress.iter().flatten().flat_map(|peer| &peer.except).copied().collect();
        if !excepted.is_empty() {
            // A block of all addresses does not match pods, so what is excepted is denied instead.
            let _ = write!(
                out,
                "  # Needs Cilium 1.16: everything else stays allowed.\n  enableDefaultDeny:\n    egress: false\n  egressDeny:\n    \
                 - toCIDR: [{}]\n",
                cidrs(&excepted)
            );
        } else if let Some(allowed) = &one.policy.egress {
            out.push_str(
                "  egress:\n    # The cluster's DNS.\n    - toEndpoints:\n        - matchLabels:\n            \
                 k8s:io.kubernetes.pod.namespace: kube-system\n            k8s-app: kube-dns\n      toPorts:\n        - ports:\n            \
                 - {port: \"53\", protocol: ANY}\n    # Add what the workload needs.\n",
            );
            cilium_peers(&mut out, "toCIDRSet", allowed);
        }
        match one.policy.ingress.as_deref() {
            // An empty rule selects nobody and cuts off; an empty list would not.
            Some([]) => out.push_str("  # Add who may reach the workload.\n  ingress:\n    - {}\n"),
            Some(allowed) => {
                out.push_str("  # Add who else may reach the workload.\n  ingress:\n");
                cilium_peers(&mut out, "fromCIDRSet", allowed);
            }
            None => {}
        }
    }
    out
}

fn cilium_peers(out: &mut String, direction: &str, allowed: &[Allowed]) {
    for peer in allowed {
        let _ = write!(out, "    - {direction}:\n        - cidr: \"{}\"\n", cidr(peer.block));
        if !peer.except.is_empty() {
            let _ = writeln!(out, "          except: [{}]", cidrs(&peer.except));
        }
        if let Some(port) = peer.port {
            let _ = write!(
                out,
                "      toPorts:\n        - ports:\n            - {{port: \"{port}\", protocol: TCP}}\n"
            );
        }
    }
}

fn cidr(block: Cidr) -> String {
    format!("{}/{}", block.address, block.prefix)
}

fn cidrs(blocks: &[Cidr]) -> String {
    let blocks: Vec<String> = blocks.iter().map(|block| format!("\"{}\"", cidr(*block))).collect();
    blocks.join(", ")
}
