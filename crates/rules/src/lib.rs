//! Falco rule files.
mod yaml;
