//! What several workers read of one file, added up by one of them in reading order.

use serde::{Deserialize, Serialize};

use crate::ingest::{self, Refused, may_be_sliced};
use crate::insight::{self, Fold};
use crate::rule_files::is_other_file;
use crate::share::Parcel;
use crate::shelf;
use crate::{Options, Session};

/// What one worker read of a slice of a file: plain values, to be sent to another one.
#[derive(Debug, Serialize, Deserialize)]
pub struct Portion {
    ingest: ingest::Portion,
    fold: insight::Portion,
    parcel: Parcel,
    shelf: Option<shelf::Portion>,
    alerts: u64,
}

/// A file that is read in slices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sliced {
    /// What reports call it.
    pub name: String,
    /// Its number among the inputs.
    pub number: u64,
}

impl Session {
    /// Whether a file with this beginning may be read in slices.
    pub fn may_slice(head: &[u8]) -> bool {
        may_be_sliced(head) && is_other_file(head)
    }

    /// Begins a file of which slices come in, by [`Session::append`] or [`Session::open_slice`].
    pub fn slices(&mut self, name: &str) -> Sliced {
        self.close();
        Sliced { name: name.to_owned(), number: self.ingest.next_input() }
    }

    /// Begins the slice of a file that starts, at a line's start, `offset` bytes into it.
    pub fn open_slice(&mut self, file: &Sliced, offset: u64) {
        self.close();
        self.ingest.open_slice(file.number, &file.name, offset);
    }

    /// What is to be asked of whoever reads the next slices: whether their alerts are still to be kept.
    pub fn wants_alerts(&self) -> bool {
        self.sink.shelf.as_ref().is_some_and(|shelf| !shelf.is_full())
    }

    /// What reading one slice came to; see [`Options::keep_alerts`] for what is in it.
    pub fn into_portion(mut self) -> Portion {
        self.close();
        let alerts = self.progress().alerts;
        Portion {
            ingest: self.ingest.into_portion(),
            fold: self.sink.fold.into_portion(),
            parcel: self.sink.parcel,
            shelf: self.sink.shelf.map(shelf::Shelf::into_portion),
            alerts,
        }
    }

    /// Adds the slice that follows everything that was read.
    ///
    /// # Errors
    /// Why the slice, or its file, is to be read in another way; nothing is changed then.
    pub fn append(&mut self, portion: Portion) -> Result<(), Refused> {
        let Portion { ingest, fold, parcel, shelf, alerts } = portion;
        self.ingest.append(ingest)?;
        self.sink.fold.merge(Fold::of_portion(fold));
        self.sink.parcel.append(&parcel);
        match (&mut self.sink.shelf, shelf) {
            (Some(own), Some(portion)) => own.append(portion),
            (Some(own), None) => own.pass(alerts),
            (None, _) => {}
        }
        Ok(())
    }

    /// A session for one slice.
    pub fn for_slice(options: Options, file: &Sliced, offset: u64) -> Self {
        let mut session = Self::new(options);
        session.open_slice(file, offset);
        session
    }
}
