//! Files that a PDF carries: those of the whole document and those pinned to a page.
//!
//! Apart because they are documents of their own. Invariant: every tree of names is walked within a budget of nodes,
//! whatever rings it holds, and each file is taken once.

use std::collections::BTreeSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};

use super::properties;

/// Nodes of the tree of names, and annotations of a page, that are looked at.
const NODES: usize = 4_000;

/// A file inside, unpacked.
pub(super) struct Attached {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The files, in the order of the document; at most `count` of them and `room` bytes in all.
pub(super) fn of(pdf: &Pdf, count: u32, room: u64) -> Vec<Attached> {
    let mut files = Files { found: Vec::new(), met: BTreeSet::new(), count: count as usize, room };
    let root = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let tree = root.and_then(|root| root.get::<Dict<'_>>("Names")?.get::<Dict<'_>>("EmbeddedFiles"));
    files.tree(tree);
    for page in pdf.pages().iter() {
        let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { continue };
        for annotation in annotations.iter::<Dict<'_>>().take(NODES) {
            let pinned = annotation.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_str() == "FileAttachment");
            if let Some(file) = annotation.get::<Dict<'_>>("FS").filter(|_| pinned) {
                files.take(&file);
            }
        }
    }
    files.found
}

struct Files {
    found: Vec<Attached>,
    /// Where in the file the streams taken so far begin.
    met: BTreeSet<(u32, i32)>,
    count: usize,
    room: u64,
}

impl Files {
    fn tree(&mut self, top: Option<Dict<'_>>) {
        let mut open: Vec<Dict<'_>> = top.into_iter().collect();
        for _ in 0..NODES {
            let Some(node) = open.pop() else { return };
            if let Some(names) = node.get::<Array<'_>>("Names") {
                for file in names.iter::<Object<'_>>().take(NODES).filter_map(Object::into_dict) {
                    self.take(&file);
                }
            }
            if let Some(kids) = node.get::<Array<'_>>("Kids") {
                let mut kids: Vec<Dict<'_>> = kids.iter::<Dict<'_>>().take(NODES).collect();
                kids.reverse();
                open.append(&mut kids);
                open.truncate(NODES);
            }
        }
    }

    fn take(&mut self, file: &Dict<'_>) {
        let Some(held) = file.get::<Dict<'_>>("EF") else { return };
        let Some(stream) = held.get::<Stream<'_>>("UF").or_else(|| held.get::<Stream<'_>>("F")) else { return };
        let id = stream.obj_id();
        if self.found.len() >= self.count || !self.met.insert((id.obj_number, id.gen_number)) {
            return;
        }
        let text = |key: &str| properties::text(Some(file.get::<PdfString<'_>>(key)?.as_bytes()));
        let name = text("UF").or_else(|| text("F")).unwrap_or_else(|| "attached".to_owned());
        // A stream that cannot be unpacked is named all the same; as an empty file it says so.
        let bytes = stream.decoded().map(std::borrow::Cow::into_owned).unwrap_or_default();
        let Some(room) = self.room.checked_sub(bytes.len() as u64) else { return };
        self.room = room;
        self.found.push(Attached { name, bytes });
    }
}
