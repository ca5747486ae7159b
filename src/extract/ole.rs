//! The old office container: a small file system of streams within one file.
//!
//! Own reader because it only reads, forgives what old programs wrote wrongly, and never follows a chain for longer
//! than the file has sectors. Invariant: no stream is longer than the file.

use std::collections::HashSet;

use super::limits::ReadError;

const MARK: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const ENTRY_BYTES: usize = 128;
const MINI_SECTOR: usize = 64;
/// Sector numbers from here on are marks: end of chain, free, table.
const LAST_SECTOR: u32 = 0xffff_fff9;
const NO_ENTRY: u32 = u32::MAX;

/// An open container.
pub(super) struct Ole<'b> {
    bytes: &'b [u8],
    sector: usize,
    /// Streams below this size lie in the mini stream.
    cutoff: usize,
    table: Vec<u32>,
    mini_table: Vec<u32>,
    mini: Vec<u8>,
    streams: Vec<Stream>,
}

/// A stream with its full name, `/` between storages.
struct Stream {
    path: String,
    start: u32,
    size: usize,
}

impl<'b> Ole<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, ReadError> {
        let shift = u16_at(bytes, 30).unwrap_or(0);
        if !bytes.starts_with(MARK) || !matches!(shift, 9 | 12) {
            return Err(ReadError::damaged("the container's head is broken"));
        }
        let mut ole = Self {
            bytes,
            sector: 1 << shift,
            cutoff: u32_at(bytes, 56).unwrap_or(4096) as usize,
            table: Vec::new(),
            mini_table: Vec::new(),
            mini: Vec::new(),
            streams: Vec::new(),
        };
        ole.read_table();
        let directory = ole.chain(u32_at(bytes, 48).unwrap_or(NO_ENTRY), usize::MAX);
        let mini_table = ole.chain(u32_at(bytes, 60).unwrap_or(NO_ENTRY), usize::MAX);
        ole.mini_table = numbers(&mini_table);
        ole.read_directory(&directory);
        if ole.streams.is_empty() {
            return Err(ReadError::damaged("the container's directory is broken"));
        }
        Ok(ole)
    }

    /// The content of a stream, named without regard to case.
    pub(super) fn stream(&self, path: &str) -> Option<Vec<u8>> {
        let stream = self.streams.iter().find(|stream| stream.path.eq_ignore_ascii_case(path))?;
        if stream.size >= self.cutoff {
            return Some(self.chain(stream.start, stream.size));
        }
        let mut content = Vec::with_capacity(stream.size.min(self.bytes.len()));
        let mut next = stream.start;
        for _ in 0..self.mini_table.len() {
            let at = (next as usize).saturating_mul(MINI_SECTOR);
            let Some(rest) = self.mini.get(at..).filter(|_| content.len() < stream.size) else { break };
            content.extend_from_slice(&rest[..rest.len().min(MINI_SECTOR)]);
            next = self.mini_table.get(next as usize).copied().unwrap_or(NO_ENTRY);
        }
        content.truncate(stream.size);
        Some(content)
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.streams.iter().any(|stream| stream.path.eq_ignore_ascii_case(path))
    }

    /// Full names of all streams, in the order of the directory.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.streams.iter().map(|stream| stream.path.as_str())
    }

    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector + 1
    }

    fn sector_bytes(&self, number: u32) -> Option<&'b [u8]> {
        let at = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let rest = self.bytes.get(at..).filter(|rest| !rest.is_empty())?;
        Some(&rest[..rest.len().min(self.sector)])
    }

    /// The table of sectors lies in sectors that the head names, and those that a list of further ones names.
    fn read_table(&mut self) {
        let mut homes: Vec<u32> = self.bytes.get(76..512).map(numbers).unwrap_or_default();
        let mut next = u32_at(self.bytes, 68).unwrap_or(NO_ENTRY);
        for _ in 0..self.sectors() {
            let Some(list) = self.sector_bytes(next).filter(|_| next < LAST_SECTOR).map(numbers) else { break };
            let Some((further, list)) = list.split_last() else { break };
            homes.extend_from_slice(list);
            next = *further;
        }
        homes.truncate(self.sectors());
        for home in homes.into_iter().filter(|home| *home < LAST_SECTOR) {
            match self.sector_bytes(home) {
                Some(part) => self.table.extend(numbers(part)),
                None => break,
            }
        }
    }

    fn chain(&self, start: u32, size_max: usize) -> Vec<u8> {
        let mut content = Vec::new();
        let mut next = start;
        for _ in 0..self.sectors() {
            if next >= LAST_SECTOR || content.len() >= size_max {
                break;
            }
            let Some(part) = self.sector_bytes(next) else { break };
            content.extend_from_slice(part);
            next = self.table.get(next as usize).copied().unwrap_or(NO_ENTRY);
        }
        content.truncate(size_max);
        content
    }

    /// The directory is a tree: siblings to the left and right, children below.
    fn read_directory(&mut self, directory: &[u8]) {
        let entries: Vec<&[u8]> = directory.chunks_exact(ENTRY_BYTES).collect();
        let Some(root) = entries.first() else { return };
        let field = |entry: &[u8], at: usize| u32_at(entry, at).unwrap_or(NO_ENTRY);
        self.mini = self.chain(field(root, 116), field(root, 120) as usize);
        let mut seen = HashSet::from([0]);
        let mut open = vec![(field(root, 76), String::new())];
        while let Some((number, folder)) = open.pop() {
            let Some(entry) = entries.get(number as usize).filter(|_| seen.insert(number)) else { continue };
            let path = format!("{folder}{}", name(entry));
            open.push((field(entry, 72), folder.clone()));
            open.push((field(entry, 68), folder));
            match entry[66] {
                1 if path.len() < 4_000 => open.push((field(entry, 76), format!("{path}/"))),
                2 => self.streams.push(Stream { path, start: field(entry, 116), size: field(entry, 120) as usize }),
                _ => {}
            }
        }
    }
}

fn name(entry: &[u8]) -> String {
    let length = usize::from(u16_at(entry, 64).unwrap_or(0)).clamp(2, 64) - 2;
    utf16(&entry[..length])
}

/// Text of two bytes a character.
pub(super) fn utf16(bytes: &[u8]) -> String {
    encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.into_owned()
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four)).collect()
}

/// Two bytes at an offset; `None` beyond the end.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|two| u16::from_le_bytes(*two))
}

/// Four bytes at an offset; `None` beyond the end.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four))
}

#[cfg(test)]
pub(super) mod build {
    //! Containers for tests: every stream in whole sectors, no mini stream, no storages but those in the names.

    const SECTOR: usize = 512;

    /// A container of the given streams; a name may hold `/`.
    pub(in crate::extract) fn ole(streams: &[(&str, &[u8])]) -> Vec<u8> {
        let mut entries: Vec<Vec<u8>> = vec![entry("Root Entry", 5, 0xffff_fffe, 0)];
        let mut body: Vec<u8> = Vec::new();
        let mut table: Vec<u32> = Vec::new();
        let mut folders: Vec<(String, usize)> = vec![(String::new(), 0)];
        for (path, content) in streams {
            let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
            if !folders.iter().any(|(name, _)| name == folder) {
                link(&mut entries, 0, entry(folder, 1, 0, 0));
                folders.push((folder.to_owned(), entries.len() - 1));
            }
            let parent = folders.iter().find(|(name, _)| name == folder).unwrap().1;
            let start = u32::try_from(table.len()).unwrap();
            link(&mut entries, parent, entry(file, 2, start, u32::try_from(content.len()).unwrap()));
            append(&mut body, &mut table, content);
        }
        let directory_at = u32::try_from(table.len()).unwrap();
        append(&mut body, &mut table, &entries.concat());
        let sectors = (table.len() + 1).div_ceil(SECTOR / 4 - 1);
        let table_at = u32::try_from(table.len()).unwrap();
        table.extend(std::iter::repeat_n(0xffff_fffd, sectors));
        table.resize(sectors * SECTOR / 4, u32::MAX);
        body.extend(table.iter().flat_map(|number| number.to_le_bytes()));
        [head(directory_at, table_at, sectors), body].concat()
    }

    fn head(directory_at: u32, table_at: u32, sectors: usize) -> Vec<u8> {
        let mut head = vec![0xff; SECTOR];
        head[..8].copy_from_slice(super::MARK);
        head[30..32].copy_from_slice(&9_u16.to_le_bytes());
        head[48..52].copy_from_slice(&directory_at.to_le_bytes());
        head[56..60].copy_from_slice(&0_u32.to_le_bytes());
        for (index, at) in (0..sectors).zip(table_at..) {
            head[76 + 4 * index..80 + 4 * index].copy_from_slice(&at.to_le_bytes());
        }
        head
    }

    fn append(body: &mut Vec<u8>, table: &mut Vec<u32>, content: &[u8]) {
        let sectors = content.len().div_ceil(SECTOR).max(1);
        let first = table.len();
        table.extend((1..sectors).map(|index| u32::try_from(first + index).unwrap()));
        table.push(0xffff_fffe);
        body.extend_from_slice(content);
        body.resize(table.len() * SECTOR, 0);
    }

    fn entry(name: &str, sort: u8, start: u32, size: u32) -> Vec<u8> {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = u16::try_from(entry.len() + 2).unwrap();
        entry.resize(super::ENTRY_BYTES, 0);
        entry[64..66].copy_from_slice(&length.to_le_bytes());
        entry[66] = sort;
        entry[68..80].fill(0xff);
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&size.to_le_bytes());
        entry
    }

    /// Adds an entry as the newest child: the children before become its right siblings.
    fn link(entries: &mut Vec<Vec<u8>>, parent: usize, mut entry: Vec<u8>) {
        let number = u32::try_from(entries.len()).unwrap();
        entry[72..76].copy_from_slice(&entries[parent][76..80]);
        entries[parent][76..80].copy_from_slice(&number.to_le_bytes());
        entries.push(entry);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn streams_come_back_by_their_names() {
        let long = vec![7; 3_000];
        let bytes = build::ole(&[("WordDocument", b"text"), ("Store/Inner", &long), ("Empty", b"")]);
        let ole = Ole::open(&bytes).unwrap();
        for (path, wanted) in [
            ("worddocument", Some(b"text".to_vec())),
            ("Store/Inner", Some(long)),
            ("Empty", Some(vec![])),
            ("x", None),
        ] {
            assert_eq!(ole.stream(path), wanted, "{path}");
        }
        assert!(ole.has("store/inner"));
        assert_eq!(ole.paths().count(), 3);
    }

    #[test]
    fn a_chain_that_bites_its_tail_ends() {
        let mut bytes = build::ole(&[("A", &[1; 2_000])]);
        let table_at = bytes.len() - 512;
        for slot in 0..20 {
            bytes[table_at + 4 * slot..table_at + 4 * slot + 4].copy_from_slice(&0_u32.to_le_bytes());
        }
        if let Ok(ole) = Ole::open(&bytes) {
            assert!(ole.stream("A").is_none_or(|content| content.len() <= bytes.len()));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn changed_bytes_end_without_a_panic(changes in prop::collection::vec((0..4_000_usize, any::<u8>()), 1..9)) {
            let mut bytes = build::ole(&[("A", &[1; 900]), ("B/C", b"x")]);
            for (at, with) in changes {
                let at = at % bytes.len();
                bytes[at] = with;
            }
            if let Ok(ole) = Ole::open(&bytes) {
                let paths: Vec<String> = ole.paths().map(str::to_owned).collect();
                for path in paths {
                    prop_assert!(ole.stream(&path).unwrap_or_default().len() <= bytes.len() + 4096);
                }
            }
        }
    }
}
