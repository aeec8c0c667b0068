//! Places in the file system that several themes speak of.

use super::mark::Test;

/// Folders that every user can write to.
pub const TEMPORARY: &[&str] = &["/tmp/", "/var/tmp/", "/dev/shm/"];

/// Where the program lies, by the kernel.
pub const EXECUTABLE: &[&str] = &["proc.exepath"];

/// What was opened, and what a file's rules call it.
pub const FILE: &[&str] = &["fd.name", "fs.path.name", "evt.arg.filename", "evt.arg.path", "evt.arg.name"];

/// Is one of the folders that every user can write to, or below.
pub const IN_TEMPORARY: Test = Test::Begins(TEMPORARY);
