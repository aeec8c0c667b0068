//! What a workload itself gives up: one patch for its pods, one override for Compose, whatever the findings.

use std::borrow::Cow;

use super::case::{Case, Offer, Served, Site};
use super::seccomp::{self, Denied};
use crate::knowledge::{self, Sheet};
use crate::mitigation::{File, Heading, Language, Mitigation};

/// Adds the patch, the override and the seccomp profile that they name, where one acts on a case.
pub fn propose(cases: &[Case<'_>], offers: &mut Vec<Offer>) {
    for site in [Site::Pod, Site::Container] {
        let here: Vec<Case<'_>> = cases.iter().filter(|case| case.site == site).copied().collect();
        let mut patch = Patch::new(site);
        for sheet in knowledge::settings() {
            patch.add(sheet, &Served::of(&here, &|case| case.directness(sheet)));
        }
        patch.add_seccomp(&here);
        offers.extend(patch.offer());
    }
    offers.extend(seccomp::offer(cases));
}

/// A patch under way.
struct Patch<'a> {
    site: Site,
    served: Served<'a>,
    pod: Vec<&'static str>,
    /// Lines of the `securityContext`, or of the Compose service.
    container: Vec<&'static str>,
    drop: Vec<&'static str>,
    security_opt: Vec<&'static str>,
    table: Vec<Vec<Cow<'static, str>>>,
    may_break: Vec<&'static str>,
    has_profile: bool,
}

impl<'a> Patch<'a> {
    fn new(site: Site) -> Self {
        Self {
            site,
            served: Served::none(),
            pod: Vec::new(),
            container: Vec::new(),
            drop: Vec::new(),
            security_opt: Vec::new(),
            table: Vec::new(),
            may_break: Vec::new(),
            has_profile: false,
        }
    }

    fn add(&mut self, sheet: Sheet, served: &Served<'a>) {
        if served.is_empty() {
            return;
        }
        let in_pod = self.site == Site::Pod;
        let lines: Vec<&'static str> = sheet.all(if in_pod { 's' } else { 'o' }).collect();
        let pod: Vec<&'static str> = sheet.all('q').filter(|_| in_pod).collect();
        let options: Vec<&'static str> = sheet.columns('y').filter(|_| !in_pod).collect();
        let drop: Vec<&'static str> = sheet.columns('d').collect();
        let mut names: Vec<String> =
            pod.iter().chain(&lines).chain(&options).map(|line| format!("`{line}`")).collect();
        names.extend(drop.iter().map(|name| format!("drop `{name}`")));
        if names.is_empty() {
            return;
        }
        self.row(names.join(", "), sheet.one('e'), served);
        self.pod.extend(pod);
        self.container.extend(lines);
        self.drop.extend(drop.into_iter().filter(|name| !self.drop.contains(name)).collect::<Vec<_>>());
        self.security_opt.extend(options);
        self.may_break.extend(Some(sheet.one('m')).filter(|text| !text.is_empty()));
    }

    fn row(&mut self, setting: String, effect: &'static str, served: &Served<'a>) {
        self.table.push(vec![setting.into(), effect.into(), served.rules().into()]);
        self.served.add(served);
    }

    /// The profile of our own, or the runtime's.
    fn add_seccomp(&mut self, here: &[Case<'a>]) {
        let own = Served::of(here, &Denied::directness);
        let default = Served::of(here, &|case| case.directness_of("seccomp_default"));
        if !own.is_empty() {
            self.has_profile = true;
            let name = match self.site {
                Site::Pod => format!("`localhostProfile: {}`", seccomp::KUBELET_PATH),
                _ => format!("`seccomp=./{}`", seccomp::FILE),
            };
            self.row(name, "Our profile, in place of the runtime's own; see there.", &own);
        } else if !default.is_empty() && self.site == Site::Pod {
            self.container.extend(["seccompProfile:", "  type: RuntimeDefault"]);
            let effect = "The container runtime's own profile. Without it, and without kubelet's `seccompDefault`, a pod runs \
                 without any.";
            self.row("`seccompProfile: RuntimeDefault`".to_owned(), effect, &default);
        }
    }

    fn offer(mut self) -> Option<Offer> {
        if self.served.is_empty() {
            return None;
        }
        let is_limit = !self.drop.is_empty() || self.has_profile;
        if is_limit && !self.container.contains(&UNPRIVILEGED_LINE) {
            self.container.insert(0, UNPRIVILEGED_LINE);
            let effect = "In a privileged container neither capabilities nor seccomp limit anything.";
            self.table.push(vec![format!("`{UNPRIVILEGED_LINE}`").into(), effect.into(), "all".into()]);
        }
        self.table.insert(0, ["setting", "what it does", "for"].map(Cow::from).to_vec());
        self.may_break.sort_unstable();
        self.may_break.dedup();
        let may_break =
            if self.may_break.is_empty() { "See the profile.".to_owned() } else { self.may_break.join(" ") };
        let mitigation = match self.site {
            Site::Pod => self.pod_patch(may_break),
            _ => self.compose(may_break),
        };
        Some(Offer { rank: self.served.rank, mitigation })
    }

    fn pod_patch(&self, may_break: String) -> Mitigation {
        let mut content = String::from(
            "# Strategic merge patch for a Deployment, DaemonSet or StatefulSet. Give initContainers the same securityContext.\n\
             # The alerts do not name the workload's containers: put the name in, or the API server refuses the patch.\n\
             spec:\n  template:\n    spec:\n",
        );
        push_lines(&mut content, "      ", &self.pod);
        content.push_str("      containers:\n        - name: REPLACE-WITH-CONTAINER-NAME\n");
        let mut limits = self.container.clone();
        let drop = format!("  drop: [{}]", quoted(&self.drop));
        if !self.drop.is_empty() {
            limits.extend(["capabilities:", &drop]);
        }
        if self.drop.contains(&"ALL") {
            limits.push("  add: []");
        }
        let profile = format!("  localhostProfile: {}", seccomp::KUBELET_PATH);
        if self.has_profile {
            limits.extend(["seccompProfile:", "  type: Localhost", &profile]);
        }
        if !limits.is_empty() {
            content.push_str("          securityContext:\n");
            push_lines(&mut content, "            ", &limits);
        }
        let profile_first = if self.has_profile {
            "Put the seccomp profile on the nodes first: a container whose profile is missing does not start. Then "
        } else {
            ""
        };
        Mitigation {
            id: "workload-patch".to_owned(),
            kind: "kubernetes_security_context",
            heading: Heading::Container,
            title: "Take the means away from the pod".into(),
            file: Some(yaml("kubernetes/workload.patch.yaml", content)),
            effect: format!("{WHOLE} {UNPRIVILEGED}"),
            table: self.table.clone(),
            may_break: may_break.into(),
            apply: format!(
                "{profile_first}`kubectl -n NAMESPACE patch deployment NAME --patch-file kubernetes/workload.patch.yaml`. \
                 With `--dry-run=server` the API server only checks it."
            )
            .into(),
            roll_back: "`kubectl -n NAMESPACE rollout undo deployment NAME`.".into(),
            afterwards: self.served.afterwards().into(),
            basis: self.served.basis(),
            proof: None,
        }
    }

    fn compose(&self, may_break: String) -> Mitigation {
        let mut content = String::from(
            "# Merge with: docker compose -f compose.yaml -f compose.restricted.yaml up -d\n\
             # The alerts do not name the service: put the name in, or Compose refuses the file.\n\
             services:\n  REPLACE-WITH-SERVICE-NAME:\n",
        );
        push_lines(&mut content, "    ", &self.container);
        if !self.drop.is_empty() {
            push_lines(&mut content, "    ", &[&format!("cap_drop: [{}]", quoted(&self.drop))]);
        }
        let profile = format!("seccomp=./{}", seccomp::FILE);
        let mut options = self.security_opt.clone();
        if self.has_profile {
            options.push(&profile);
        }
        if !options.is_empty() {
            push_lines(&mut content, "    ", &[&format!("security_opt: [{}]", quoted(&options))]);
        }
        Mitigation {
            id: "compose-override".to_owned(),
            kind: "docker_compose",
            heading: Heading::Container,
            title: "Take the means away from the container".into(),
            file: Some(yaml("compose.restricted.yaml", content)),
            effect: format!(
                "For Docker, because the alerts name a container but no pod. {WHOLE} {UNPRIVILEGED} Also see that the container is \
                 not started with `--pid=host`, `--net=host` or a folder of the host."
            ),
            table: self.table.clone(),
            may_break: may_break.into(),
            apply: "With Compose, as the file says. Without: the options of `docker run` have the same names, such as `--cap-drop` \
                 and `--security-opt`."
                .into(),
            roll_back: "Start the container without the file or the options.".into(),
            afterwards: self.served.afterwards().into(),
            basis: self.served.basis(),
            proof: None,
        }
    }
}

const WHOLE: &str = "All settings that act on the findings below, in one file; the table says which is for what. Where they are for \
     different workloads, give each its own lines.";

const UNPRIVILEGED_LINE: &str = "privileged: false";

const UNPRIVILEGED: &str = "In a privileged container none of them holds.";

fn push_lines(out: &mut String, indent: &str, lines: &[&str]) {
    for line in lines {
        out.push_str(indent);
        out.push_str(line);
        out.push('\n');
    }
}

fn quoted(items: &[&str]) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
    items.join(", ")
}

fn yaml(name: &str, content: String) -> File {
    File { name: name.to_owned(), language: Language::Yaml, content }
}
