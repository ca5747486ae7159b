//! What the engine keeps beside each document, given back in one go.

use tantivy::schema::Value;
use tantivy::{ReloadPolicy, TantivyDocument};

use super::{Error, Index};

/// Blocks of documents are read once, in order; one at a time is enough.
const BLOCKS_HELD: usize = 1;

impl Index {
    /// Calls `each` with what was kept of every document, in no order.
    pub fn each_known(&self, mut each: impl FnMut(&[u8])) -> Result<(), Error> {
        let error =
            |source: Box<dyn std::error::Error + Send + Sync>| Error::Search { path: self.folder.clone(), source };
        let reader = self.inner.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader: tantivy::IndexReader = reader.try_into().map_err(|e: tantivy::TantivyError| error(e.into()))?;
        for segment in reader.searcher().segment_readers() {
            let store = segment.get_store_reader(BLOCKS_HELD).map_err(|e| error(e.into()))?;
            for document in store.iter::<TantivyDocument>(segment.alive_bitset()) {
                let document = document.map_err(|e| error(e.into()))?;
                if let Some(known) = document.get_first(self.fields.known).and_then(|value| value.as_bytes()) {
                    each(known);
                }
            }
        }
        Ok(())
    }
}
