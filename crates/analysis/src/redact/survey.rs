use super::{Search, Wishes};
use crate::ingest::{Found, Ingest};

/// Looks through whole files for what to replace, in the one order that numbers pseudonyms alike in every
/// host: the files' names, the alerts as they are read, what is said about records that could not be.
#[derive(Debug)]
pub struct Survey {
    search: Search,
    ingest: Ingest,
}

impl Survey {
    /// Before anything is read: the names of all files, in their order.
    pub fn new(wishes: Wishes, names: &[String]) -> Self {
        let mut search = Search::new(wishes);
        for name in names {
            search.look_at("file name", name);
        }
        let ingest = if names.len() > 1 { Ingest::of_several_files() } else { Ingest::default() };
        Self { search, ingest }
    }

    /// Begins a file.
    pub fn open(&mut self, name: &str) {
        self.ingest.open(name);
    }

    /// Takes the next bytes of the file.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.ingest.feed(bytes, &mut |found: Found| self.search.look(&found.alert));
    }

    /// Ends the file.
    pub fn close(&mut self) {
        self.ingest.close(&mut |found: Found| self.search.look(&found.alert));
    }

    /// What was found; nothing if that is more than can be replaced.
    pub fn finish(mut self) -> Option<Search> {
        for finding in self.ingest.seal().unwrap_or_default().skipped {
            self.search.look_at("skipped record", &finding.message);
        }
        (!self.search.is_full()).then_some(self.search)
    }
}
