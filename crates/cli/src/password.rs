//! Passwords of links.

use std::io::{self, Read};
use std::path::Path;

use crate::args::Password;
use crate::output::Stop;

/// The password that the arguments point to.
pub fn read(args: &Password) -> Result<Option<String>, Stop> {
    let Some(path) = &args.file else { return Ok(None) };
    let mut password = String::new();
    let read = if path == Path::new("-") {
        io::stdin().read_to_string(&mut password).map(drop)
    } else {
        std::fs::read_to_string(path).map(|text| password = text)
    };
    read.map_err(|error| Stop::Read(path.clone(), error))?;
    let password = password.strip_suffix('\n').unwrap_or(&password);
    let password = password.strip_suffix('\r').unwrap_or(password);
    if password.is_empty() {
        Err(Stop::Said("the password is empty".to_owned()))
    } else {
        Ok(Some(password.to_owned()))
    }
}

/// Whether the password is standard input, which then can be nothing else.
pub fn takes_stdin(args: &Password) -> bool {
    args.file.as_deref() == Some(Path::new("-"))
}
