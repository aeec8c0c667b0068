//! Which images are whose. A name is compared component by component, registry included:
//! `evil.example/kube-proxy` is not `registry.k8s.io/kube-proxy`.

use std::borrow::Cow;

const TEST_TOOL: &[&str] = &[
    "docker.io/falcosecurity/event-generator",
    "ghcr.io/falcosecurity/event-generator",
    "public.ecr.aws/falcosecurity/event-generator",
];

/// What runs a node: network, storage, the cloud's own agents. An entry that ends in `/` is everything
/// below. Amazon's registries stand without their region.
const NODE: &[&str] = &[
    "registry.k8s.io/kube-proxy",
    "registry.k8s.io/dns/",
    "registry.k8s.io/coredns/",
    "registry.k8s.io/metrics-server/",
    "registry.k8s.io/sig-storage/",
    "registry.k8s.io/provider-aws/",
    "registry.k8s.io/provider-os/",
    "registry.k8s.io/cloud-pv-vsphere/",
    "registry.k8s.io/csi-secrets-store/",
    "registry.k8s.io/node-problem-detector/",
    "registry.k8s.io/networking/ip-masq-agent",
    "k8s.gcr.io/kube-proxy",
    "k8s.gcr.io/sig-storage/",
    "docker.io/calico/",
    "quay.io/calico/",
    "quay.io/tigera/",
    "quay.io/cilium/",
    "docker.io/flannel/",
    "ghcr.io/flannel-io/",
    "docker.io/cloudnativelabs/kube-router",
    "docker.io/rancher/klipper-lb",
    "docker.io/rancher/mirrored-calico-node",
    "docker.io/rancher/mirrored-flannelcni-flannel",
    "quay.io/metallb/",
    "quay.io/k8scsi/",
    "docker.io/longhornio/",
    "gke.gcr.io/",
    "mcr.microsoft.com/oss/kubernetes/",
    "mcr.microsoft.com/oss/kubernetes-csi/",
    "mcr.microsoft.com/oss/calico/",
    "AMAZON/amazon-k8s-cni",
    "AMAZON/amazon-k8s-cni-init",
    "AMAZON/amazon/aws-network-policy-agent",
    "AMAZON/eks/",
    "public.ecr.aws/ebs-csi-driver/",
    "public.ecr.aws/eks-distro/",
];

/// Amazon's own accounts for EKS; everyone else has registries under the same domain.
const AMAZON: &[&str] = &[
    "602401143452",
    "877085696533",
    "800184023465",
    "918309763551",
    "961992271922",
    "590381155156",
    "558608220178",
    "151742754352",
    "013241004608",
];

/// What watches a node and reads its files by design.
const MONITORING: &[&str] = &[
    "quay.io/prometheus/node-exporter",
    "docker.io/prom/node-exporter",
    "gcr.io/cadvisor/cadvisor",
    "docker.io/falcosecurity/falco",
    "public.ecr.aws/falcosecurity/falco",
    "docker.io/datadog/agent",
    "gcr.io/datadoghq/agent",
    "public.ecr.aws/datadog/agent",
    "docker.io/fluent/fluent-bit",
    "cr.fluentbit.io/fluent/fluent-bit",
    "docker.io/grafana/promtail",
    "docker.io/grafana/alloy",
    "docker.elastic.co/beats/",
    "public.ecr.aws/cloudwatch-agent/cloudwatch-agent",
    "public.ecr.aws/aws-observability/aws-for-fluent-bit",
];

/// What builds software, so that it installs, makes and runs programs.
const BUILD: &[&str] = &[
    "gcr.io/kaniko-project/",
    "docker.io/gitlab/gitlab-runner",
    "registry.gitlab.com/gitlab-org/gitlab-runner",
    "registry.gitlab.com/gitlab-org/gitlab-runner/",
    "docker.io/moby/buildkit",
    "docker.io/jenkins/inbound-agent",
    "docker.io/jenkins/agent",
    "ghcr.io/actions/actions-runner",
    "docker.io/circleci/runner-agent",
    "docker.io/drone/drone-runner-docker",
    "quay.io/buildah/stable",
];

/// The test tool's image as its makers publish it.
pub fn is_test_tool(image: &str) -> bool {
    is_among(image, TEST_TOOL)
}

/// The test tool's image under its own name, elsewhere.
pub fn is_copy_of_test_tool(image: &str) -> bool {
    !is_test_tool(image) && bare(image).ends_with("/falcosecurity/event-generator")
}

/// A component of a node.
pub fn is_node(image: &str) -> bool {
    is_among(image, NODE)
}

/// Not a component of a node.
pub fn is_not_node(image: &str) -> bool {
    !is_node(image)
}

/// An agent that watches a node.
pub fn is_monitoring(image: &str) -> bool {
    is_among(image, MONITORING)
}

/// A component of a node or an agent that watches it.
pub fn is_system(image: &str) -> bool {
    is_node(image) || is_monitoring(image)
}

/// A builder of software.
pub fn is_build(image: &str) -> bool {
    is_among(image, BUILD)
}

fn is_among(image: &str, table: &[&str]) -> bool {
    let name = full_name(image);
    table.iter().any(|entry| *entry == name || (entry.ends_with('/') && name.starts_with(entry)))
}

/// The image's name without tag and digest.
fn bare(image: &str) -> &str {
    let name = image.split('@').next().unwrap_or(image);
    match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => name,
    }
}

/// The name with its registry: a container engine takes a short name for one of Docker Hub. A registry
/// of Amazon's EKS accounts, in any region, is written `AMAZON`.
fn full_name(image: &str) -> Cow<'_, str> {
    let name = bare(image);
    match name.split_once('/') {
        None => Cow::Owned(format!("docker.io/library/{name}")),
        Some((registry, rest)) if is_of_amazon(registry) => Cow::Owned(format!("AMAZON/{rest}")),
        Some((registry, _)) if registry.contains(['.', ':']) || registry == "localhost" => {
            Cow::Borrowed(name)
        }
        Some(_) => Cow::Owned(format!("docker.io/{name}")),
    }
}

/// `ACCOUNT.dkr.ecr.REGION.amazonaws.com`, in China with `.cn`.
fn is_of_amazon(registry: &str) -> bool {
    let mut parts = registry.split('.');
    let account = parts.next().is_some_and(|account| AMAZON.contains(&account));
    let service = parts.next() == Some("dkr") && parts.next() == Some("ecr") && parts.next().is_some();
    let rest: Vec<&str> = parts.collect();
    account && service && matches!(rest.as_slice(), ["amazonaws", "com"] | ["amazonaws", "com", "cn"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_components_with_their_registry() {
        for image in [
            "registry.k8s.io/kube-proxy",
            "registry.k8s.io/kube-proxy:v1.34.1",
            "calico/node",
            "quay.io/cilium/cilium@sha256:00",
        ] {
            assert!(is_node(image), "{image}");
        }
        for image in [
            "evil.example/kube-proxy",
            "registry.k8s.io.evil.example/kube-proxy",
            "registry.k8s.io/kube-proxy-x",
            "evil.example/registry.k8s.io/kube-proxy",
            "kube-proxy",
            "localhost/calico/node",
            "calico",
            "",
        ] {
            assert!(!is_node(image), "{image}");
        }
    }

    #[test]
    fn only_amazons_own_accounts() {
        assert!(is_node("602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni"));
        assert!(is_node("961992271922.dkr.ecr.cn-northwest-1.amazonaws.com.cn/eks/kube-proxy"));
        assert!(!is_node("123456789012.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni"));
        assert!(!is_node("602401143452.dkr.ecr.evil.example/amazon-k8s-cni"));
        assert!(!is_node("AMAZON/amazon-k8s-cni"), "no registry may be called so");
    }

    #[test]
    fn the_test_tools_image_and_its_copies() {
        assert!(is_test_tool("falcosecurity/event-generator"));
        assert!(!is_test_tool("mirror.example/falcosecurity/event-generator"));
        assert!(is_copy_of_test_tool("mirror.example/falcosecurity/event-generator"));
        assert!(!is_copy_of_test_tool("evil/notfalcosecurity/event-generator"));
    }
}
