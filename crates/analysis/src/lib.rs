//! wip
pub mod alert; pub mod finding; pub mod ingest; pub mod limits; pub mod share; pub mod insight; pub mod knowledge;
