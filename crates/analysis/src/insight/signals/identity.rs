//! Who acted, by the word of the service that wrote the audit log.

use super::Written::{ByProcess, ByService};
use super::images;
use super::mark::Test::{Begins, Contains, Ends, Equals, Fits, Is, Known};
use super::mark::When::{Has, Lacks, Rule};
use super::mark::{Mark, benign, context, malice};

const USER: &[&str] = &["ka.user.name"];
const IMAGES: &[&str] = &["ka.req.pod.containers.image", "ka.req.container.image.repository"];

/// The names of accounts of any source.
const NAMES: &[&str] = &["ka.user.name", "ct.user", "gcp.user", "okta.actor.name", "github.user"];

const NOBODY: &[&str] = &["system:anonymous", "system:unauthenticated"];

/// What an API server tells anyone who asks.
const OPEN_PATHS: &[&str] = &[
    "/version",
    "/healthz",
    "/livez",
    "/readyz",
    "/openapi/",
    "/.well-known/",
    "/openid/",
    "/api?",
    "/apis?",
];

/// Answers that gave nothing away.
const REFUSED: &[&str] = &["401", "403"];

/// Parts of the control plane, and its controllers that act for themselves: what they read, make and
/// clean up follows from no one's order. Nobody else can be called `system:…`.
const CONTROL_PLANE: &[&str] = &[
    "system:apiserver",
    "system:kube-controller-manager",
    "system:kube-scheduler",
    "system:addon-manager",
    "system:serviceaccount:kube-system:certificate-controller",
    "system:serviceaccount:kube-system:clusterrole-aggregation-controller",
    "system:serviceaccount:kube-system:endpoint-controller",
    "system:serviceaccount:kube-system:endpointslice-controller",
    "system:serviceaccount:kube-system:expand-controller",
    "system:serviceaccount:kube-system:generic-garbage-collector",
    "system:serviceaccount:kube-system:namespace-controller",
    "system:serviceaccount:kube-system:node-controller",
    "system:serviceaccount:kube-system:persistent-volume-binder",
    "system:serviceaccount:kube-system:pod-garbage-collector",
    "system:serviceaccount:kube-system:resourcequota-controller",
    "system:serviceaccount:kube-system:root-ca-cert-publisher",
    "system:serviceaccount:kube-system:service-account-controller",
    "system:serviceaccount:kube-system:token-cleaner",
    "system:serviceaccount:kube-system:ttl-after-finished-controller",
];

/// Rules that the control plane trips by its work.
const CONTROL_PLANE_WORK: &[&str] = &[
    "All K8s Audit Events",
    "Disallowed K8s User",
    "K8s ConfigMap Created",
    "K8s ConfigMap Deleted",
    "K8s Deployment Deleted",
    "K8s Namespace Created",
    "K8s Namespace Deleted",
    "K8s Role Created",
    "K8s Role Deleted",
    "K8s RoleBinding Created",
    "K8s RoleBinding Deleted",
    "K8s ClusterRole Created",
    "K8s ClusterRoleBinding Created",
    "K8s Secret Created",
    "K8s Secret Deleted",
    "K8s Secret Get Successfully",
    "K8s Secret Get Unsuccessfully Tried",
    "K8s Service Created",
    "K8s Service Deleted",
    "K8s Serviceaccount Created",
    "K8s Serviceaccount Deleted",
    "Service Account Created in Kube Namespace",
    "System ClusterRole Modified/Deleted",
];

/// Rules that a node trips for its pods: it may ask for the secrets and the tokens that they mount.
const NODE_WORK: &[&str] = &[
    "K8s Secret Get Successfully",
    "K8s Secret Get Unsuccessfully Tried",
    "K8s Serviceaccount Created",
    "All K8s Audit Events",
];

/// Controllers that make pods on someone's order.
const POD_MAKERS: &[&str] = &[
    "system:serviceaccount:kube-system:daemon-set-controller",
    "system:serviceaccount:kube-system:replicaset-controller",
    "system:serviceaccount:kube-system:statefulset-controller",
];

/// Rules about the rights of a pod that is made.
const PODS: &[&str] = &[
    "Create Privileged Pod",
    "Create Sensitive Mount Pod",
    "Create HostNetwork Pod",
    "Create HostPid Pod",
    "Create HostIPC Pod",
    "Create Disallowed Pod",
    "Pod Created in Kube Namespace",
];

/// Rules that Amazon's services trip when they scale and start what their customer set up.
const AMAZON_WORK: &[&str] = &[
    "Run Instances",
    "Run Instances in Non-approved Region",
    "ECS Task Run or Started",
    "ECS Service Created",
    "All Cloudtrail Events",
];

/// Words that mean mining and nothing else.
const MINERS: &[&str] = &["xmrig", "stratum", "minerd", "ethminer", "t-rex", "nbminer"];

/// Rules that Google's own agent trips when it keeps groups of machines.
const GOOGLE_WORK: &[&str] =
    &["GCP VM modified", "GCP VM stopped", "GCP GCE Firewall rule modified", "GCP backend service deleted"];

pub const MARKS: &[Mark] = &[
    malice(
        "nobody_logged_in",
        60,
        ByService,
        &[
            Has(USER, Is(NOBODY)),
            Lacks(&["ka.uri"], Fits(is_open_path)),
            Lacks(&["ka.response.code"], Is(REFUSED)),
        ],
        "{} is whoever did not log in, and nothing says that the answer was no",
    ),
    context(
        "nobody_logged_in_and_was_refused",
        ByService,
        &[Has(USER, Is(NOBODY)), Has(&["ka.response.code"], Is(REFUSED))],
        "{} is whoever did not log in; the answer was {}",
    ),
    malice(
        "workload_makes_itself_administrator",
        60,
        ByService,
        &[
            Rule(&["Attach to cluster-admin Role"]),
            Has(USER, Begins(&["system:serviceaccount:"])),
            Has(&["ka.req.binding.subjects"], Equals("ka.user.name")),
        ],
        "{} is the account of a workload, and it gave {} the rights of an administrator",
    ),
    malice(
        "workload_enters_container",
        20,
        ByService,
        &[Rule(&["Attach/Exec Pod"]), Has(USER, Begins(&["system:serviceaccount:"]))],
        "{} is the account of a workload, and it ran a command in a container",
    ),
    malice(
        "account_owner",
        50,
        ByService,
        &[Has(&["ct.user"], Is(&["root"]))],
        "{} is the owner of the whole account, who should not be needed for work",
    ),
    malice(
        "account_owner_by_the_rule",
        50,
        ByService,
        &[
            Rule(&["Console Root Login Without MFA"]),
            Has(&["rule"], Known),
            Lacks(&["ct.user"], Is(&["root"])),
        ],
        "{}: the owner of the whole account signed in, who should not be needed for work",
    ),
    malice(
        "record_turned_off",
        60,
        ByService,
        &[
            Rule(&["CloudTrail Logging Disabled", "GCP logging sink deleted"]),
            Has(&["ct.user", "gcp.user"], Known),
        ],
        "{} stopped a record of what is done in the account, or tried to",
    ),
    malice(
        "second_factor_of_the_owner_removed",
        60,
        ByService,
        &[Rule(&["Deactivate MFA for Root User"]), Has(&["ct.user"], Known)],
        "{} took the second factor away from the owner of the account",
    ),
    malice(
        "pushes_until_accepted",
        60,
        ByService,
        &[Rule(&["Too many denied MFA Pushes in last 5min"]), Has(&["okta.actor.name"], Known)],
        "{} rejected or failed a second factor again and again, so someone else may have the password",
    ),
    malice(
        "workflow_mines",
        60,
        ByService,
        &[
            Rule(&["Github action with miners"]),
            Has(&["github.workflow.miners.list", "github.workflow.miners.type"], Contains(MINERS)),
        ],
        "the workflow's file has {} in it, a word for mining and nothing else",
    ),
    context(
        "workflow_has_words_of_miners",
        ByService,
        &[
            Rule(&["Github action with miners"]),
            Has(&["github.workflow.filename", "github.repo.name"], Known),
            Lacks(&["github.workflow.miners.list", "github.workflow.miners.type"], Contains(MINERS)),
        ],
        "{} has one of the rule's words for miners in it, of which some are as plain as pool and wallet",
    ),
    benign(
        "control_plane",
        60,
        ByService,
        &[Rule(CONTROL_PLANE_WORK), Has(USER, Is(CONTROL_PLANE))],
        "{} is a part of the control plane, and this is among its work",
    ),
    benign(
        "node",
        60,
        ByService,
        &[Rule(NODE_WORK), Has(USER, Begins(&["system:node:"]))],
        "{} is a node, which may read what its pods need",
    ),
    benign(
        "controller_makes_system_pod",
        60,
        ByService,
        &[
            Rule(PODS),
            Has(USER, Is(POD_MAKERS)),
            Has(IMAGES, Fits(images::is_node)),
            Lacks(IMAGES, Fits(images::is_not_node)),
            Has(&["ka.target.namespace"], Is(&["kube-system"])),
        ],
        "{} made a pod of {}, a component of the cluster, in {}",
    ),
    benign(
        "amazons_own_service",
        60,
        ByService,
        &[
            Rule(AMAZON_WORK),
            Has(&["ct.user"], Begins(&["AWSServiceRoleFor"])),
            Has(&["ct.srcip"], Ends(&[".amazonaws.com"])),
        ],
        "{} is the role of one of Amazon's services, and {} is that service",
    ),
    benign(
        "googles_own_agent",
        60,
        ByService,
        &[
            Rule(GOOGLE_WORK),
            Has(&["gcp.user"], Ends(&["@cloudservices.gserviceaccount.com"])),
            Has(&["gcp.callerIP"], Is(&["private"])),
        ],
        "{} is Google's own agent of the project, which called from inside ({})",
    ),
    context(
        "account_of_a_workload",
        ByService,
        &[Has(NAMES, Fits(is_workload))],
        "{} is the account of a workload: whoever controls the workload has it",
    ),
    context(
        "account_of_a_person",
        ByProcess,
        &[Has(NAMES, Fits(is_person))],
        "{} reads like the account of a person",
    ),
];

fn is_open_path(uri: &str) -> bool {
    OPEN_PATHS.iter().any(|path| uri.starts_with(path))
}

fn is_workload(name: &str) -> bool {
    name.starts_with("system:serviceaccount:") || name.ends_with(".gserviceaccount.com")
}

fn is_person(name: &str) -> bool {
    name.contains('@') && !is_workload(name)
}
