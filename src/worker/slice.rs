//! Reads a slice of a file.

use analysis::{Options, Session, Sliced, ingest::SliceCut};
use gloo::file::Blob;

use super::{
    host::reply,
    protocol::{Reply, SliceTask, Ticket, encode},
};
use crate::platform::blobs::read_slice;

/// The nominal length of a slice, in bytes: adding one up costs a few milliseconds, and a helper holds no
/// more than one.
pub const LENGTH: u64 = 8 << 20;

/// The helper's work: reads a slice and sends what it came to.
pub async fn serve(ticket: Ticket, file: Sliced, task: SliceTask, blob: Blob) {
    let options =
        Options { keep_alerts: task.keep_alerts, several_files: task.several_files, ..Options::default() };
    let mut session: Option<Session> = None;
    let read = read(&blob, task.start, task.end, |begins, bytes| {
        session.get_or_insert_with(|| Session::for_slice(options, &file, begins)).feed(bytes);
    });
    if let Err(reason) = read.await {
        return reply(&Reply::Unreadable { ticket, reason }, None);
    }
    let portion = session.and_then(|session| encode(&session.into_portion()).ok());
    reply(&Reply::Slice { ticket }, portion.as_deref());
}

/// Hands out the bytes of a slice with the offset at which the slice begins.
///
/// # Errors
/// The browser's reason, when the file was moved, changed or may not be read.
pub async fn read(blob: &Blob, start: u64, end: u64, mut each: impl FnMut(u64, &[u8])) -> Result<(), String> {
    let mut cut = SliceCut::new(start, end);
    let mut at = cut.first_byte();
    while at < blob.size() && !cut.is_done() {
        let chunk = read_slice(blob, at).await?;
        if chunk.is_empty() {
            return Err(SHORTER.to_owned());
        }
        at = at.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        let bytes = cut.take(&chunk);
        if let Some(begins) = cut.begins() {
            each(begins, bytes);
        }
    }
    Ok(())
}

/// Why a file that ends too early cannot be read.
pub const SHORTER: &str = "it became shorter while it was read";
