//! What a browser's tab holds in memory, as Linux counts it.

use std::fs;

/// The memory that belongs to the largest renderer among the descendants of a process, in bytes: without
/// the browser's own program text, which all of its processes share.
pub fn of_renderer(ancestor: u32) -> u64 {
    largest(ancestor, "RssAnon:") * 1024
}

/// The most that the largest of them has ever had resident, in kilobytes, program text included.
pub fn peak_of_renderer(ancestor: u32) -> u64 {
    largest(ancestor, "VmHWM:")
}

/// The largest number under this name in the status of any renderer; 0 where nothing tells.
fn largest(ancestor: u32, name: &str) -> u64 {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let renderers = ids.filter(|id| is_renderer(*id) && descends(*id, ancestor));
    renderers.filter_map(|id| number(id, name)).max().unwrap_or(0)
}

fn is_renderer(id: u32) -> bool {
    fs::read(format!("/proc/{id}/cmdline"))
        .is_ok_and(|line| String::from_utf8_lossy(&line).contains("--type=renderer"))
}

fn descends(id: u32, ancestor: u32) -> bool {
    let mut at = id;
    while at > 1 {
        if at == ancestor {
            return true;
        }
        match number(at, "PPid:").and_then(|parent| u32::try_from(parent).ok()) {
            Some(parent) => at = parent,
            None => return false,
        }
    }
    false
}

fn number(id: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok())
}
