//! Where contents lie, now and ever: a file's own content, and what is inside it.

use std::collections::{HashMap, HashSet};

use crate::domain::fact::{Read, Sight};
use crate::domain::ids::{ContentHash, InstantMs, RootId};
use crate::domain::relpath::RelPath;
use crate::ledger::{self, Ledger};

/// A file in a root.
pub type Place = (RootId, RelPath);

/// Where every content lies and lay.
pub struct Places {
    now: HashMap<ContentHash, HashSet<Place>>,
    ever: HashMap<ContentHash, HashSet<Place>>,
    /// When a name with nothing there any more was last found to have gone.
    gone_since: HashMap<Place, InstantMs>,
    members: HashMap<ContentHash, Vec<ContentHash>>,
    files: HashMap<Place, HashSet<ContentHash>>,
}

impl Places {
    /// Goes through all facts; for acts that are rare, or that a configuration asks for.
    pub fn gather(ledger: &Ledger) -> ledger::Result<Self> {
        let reads = ledger.latest_reads(None)?;
        let members = reads
            .into_iter()
            .filter(|(_, read)| !read.members.is_empty())
            .map(|(content, read)| (content, contents_in(&read)));
        let mut places = Self {
            now: HashMap::new(),
            ever: HashMap::new(),
            gone_since: HashMap::new(),
            members: members.collect(),
            files: HashMap::new(),
        };
        let mut ever: HashMap<ContentHash, HashSet<Place>> = HashMap::new();
        let mut files: HashMap<Place, HashSet<ContentHash>> = HashMap::new();
        ledger.each_place(|root, path, content| {
            ever.entry(content).or_default().insert((root, path.clone()));
            files.entry((root, path.clone())).or_default().insert(content);
        })?;
        places.ever = places.with_members(ever);
        places.files = files;
        let mut now: HashMap<ContentHash, HashSet<Place>> = HashMap::new();
        for seen in ledger.sights_known_by(None)? {
            let place = (seen.root, seen.path);
            match seen.sight {
                Sight::Content { content, .. } => {
                    now.entry(content).or_default().insert(place);
                }
                Sight::Gone => {
                    places.gone_since.insert(place, seen.version_at);
                }
                Sight::Unread { .. } => {}
            }
        }
        places.now = places.with_members(now);
        Ok(places)
    }

    /// Every content that a file ever had, without what is inside it.
    pub fn files_at(&self, wanted: &Place) -> HashSet<ContentHash> {
        self.files.get(wanted).cloned().unwrap_or_default()
    }

    /// The content and what is inside it, at any depth.
    pub fn within(&self, content: ContentHash) -> HashSet<ContentHash> {
        let mut found = HashSet::from([content]);
        let mut open = vec![content];
        while let Some(next) = open.pop() {
            open.extend(self.members.get(&next).into_iter().flatten().filter(|member| found.insert(**member)));
        }
        found
    }

    /// The containers that hold any of `contents`, at any depth.
    pub fn around(&self, contents: &HashSet<ContentHash>) -> HashSet<ContentHash> {
        let holds = |content: &&ContentHash| self.within(**content).iter().any(|inside| contents.contains(inside));
        self.members.keys().filter(holds).copied().collect()
    }

    /// Files that hold the content now.
    pub fn now(&self, content: ContentHash) -> impl Iterator<Item = &Place> {
        self.now.get(&content).into_iter().flatten()
    }

    /// True if the content was ever seen, in a file or inside one.
    pub fn knows(&self, content: ContentHash) -> bool {
        self.ever.contains_key(&content)
    }

    /// True if every file with the content passes `test`: those that hold it now; if there is none, those that did.
    pub fn all(&self, content: ContentHash, test: impl Fn(&RelPath) -> bool) -> bool {
        let places = self.now.get(&content).or_else(|| self.ever.get(&content));
        places.is_some_and(|places| places.iter().all(|(_, path)| test(path)))
    }

    /// One file with the content: where it lies now, else where it lay; the first by name.
    pub fn one(&self, content: ContentHash) -> Option<&Place> {
        self.now.get(&content).or_else(|| self.ever.get(&content))?.iter().min()
    }

    /// Since when the content is nowhere any more; `None` if it is somewhere, or if its file is there in another version.
    pub fn gone_since(&self, content: ContentHash) -> Option<InstantMs> {
        if self.now.contains_key(&content) {
            return None;
        }
        let since = |place: &Place| self.gone_since.get(place).copied();
        let all: Option<Vec<InstantMs>> = self.ever.get(&content)?.iter().map(since).collect();
        all?.into_iter().max()
    }

    fn with_members(&self, files: HashMap<ContentHash, HashSet<Place>>) -> HashMap<ContentHash, HashSet<Place>> {
        let mut all: HashMap<ContentHash, HashSet<Place>> = HashMap::with_capacity(files.len());
        for (content, places) in files {
            for inside in self.within(content) {
                all.entry(inside).or_default().extend(places.iter().cloned());
            }
        }
        all
    }
}

fn contents_in(read: &Read) -> Vec<ContentHash> {
    read.members.iter().map(|member| member.content).collect()
}
