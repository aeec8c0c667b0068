//! The analysis over whole files.

// `cfg(test)` tells the lints that helpers here may stop a test, like the tests themselves.
#[cfg(test)]
mod chosen;
#[cfg(test)]
mod controls;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod files;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod ground;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hostile_collection;
#[cfg(test)]
mod judged;
#[cfg(test)]
mod knowledge_base;
#[cfg(test)]
mod link_promises;
#[cfg(test)]
mod links;
#[cfg(test)]
mod many;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod noisy_day;
#[cfg(test)]
mod outputs;
#[cfg(test)]
mod overview;
#[cfg(test)]
mod own_knowledge;
#[cfg(test)]
mod pool;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod redaction;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod review;
#[cfg(test)]
mod rule_files;
#[cfg(test)]
mod saved_pages;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod simulated;
#[cfg(test)]
mod skimmed;
#[cfg(test)]
mod slices;
#[cfg(test)]
mod tuning;
