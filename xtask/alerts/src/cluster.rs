//! The cluster that the alerts come from: hosts, pods, and who runs what in them.

use crate::chance::Chance;

/// A pod with its one container.
pub struct Pod {
    pub namespace: &'static str,
    pub name: String,
    pub container: String,
    pub container_name: &'static str,
    pub image: String,
    pub tag: String,
    pub host: String,
}

const NAMESPACES: [&str; 7] =
    ["shop", "payments", "search", "monitoring", "ingress", "batch", "data-platform"];

const WORKLOADS: [&str; 16] = [
    "frontend",
    "cart",
    "checkout",
    "catalogue",
    "recommender",
    "ledger",
    "fraud-check",
    "invoices",
    "indexer",
    "query",
    "prometheus",
    "grafana",
    "edge-proxy",
    "report-builder",
    "importer",
    "warehouse",
];

const LETTERS: [char; 27] = [
    'b', 'c', 'd', 'f', 'g', 'h', 'j', 'k', 'l', 'm', 'n', 'p', 'q', 'r', 's', 't', 'v', 'w', 'x', 'z', '2',
    '4', '5', '6', '7', '8', '9',
];

/// Nodes, as their names read.
const HOSTS: u64 = 24;

/// Pods of every workload in every namespace.
const REPLICAS: u64 = 3;

/// Everything that runs.
pub fn pods(chance: &mut Chance) -> Vec<Pod> {
    let mut pods = Vec::new();
    for namespace in NAMESPACES {
        for workload in WORKLOADS {
            let template = name_part(chance, 9);
            let version = (chance.below(9) + 1, chance.below(20));
            for _ in 0..REPLICAS {
                pods.push(Pod {
                    namespace,
                    name: format!("{workload}-{template}-{}", name_part(chance, 5)),
                    container: format!("{:012x}", chance.next() >> 16),
                    container_name: workload,
                    image: format!("registry.example.com/{namespace}/{workload}"),
                    tag: format!("{}.{}", version.0, version.1),
                    host: host(chance),
                });
            }
        }
    }
    pods
}

/// One of the nodes.
pub fn host(chance: &mut Chance) -> String {
    format!("worker-{:02}.eu.example.com", chance.below(HOSTS))
}

fn name_part(chance: &mut Chance, length: usize) -> String {
    (0..length).filter_map(|_| chance.one_of(&LETTERS)).collect()
}
