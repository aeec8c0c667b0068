//! What the figures were measured on.

use crate::process;

/// Processor, cores, memory, what else it is doing, compiler; as far as the machine tells.
pub fn description() -> String {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let of = |text: Option<String>, name: &str| {
        let text = text?;
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let processor =
        of(read("/proc/cpuinfo"), "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory = of(read("/proc/meminfo"), "MemTotal")
        .and_then(|size| size.split_whitespace().next()?.parse::<u64>().ok())
        .map(|kilobytes| format!(", {} GB of memory", kilobytes / 1_000_000));
    let load = read("/proc/loadavg").and_then(|load| Some(load.split_whitespace().next()?.to_owned()));
    let load = load.map(|load| format!(", load {load} when it began"));
    let compiler = process::output(process::command("rustc").arg("--version"));
    format!(
        "{processor}, {cores} cores{}{}; {}.",
        memory.unwrap_or_default(),
        load.unwrap_or_default(),
        compiler.as_deref().unwrap_or("an unknown compiler").trim(),
    )
}
