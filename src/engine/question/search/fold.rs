//! Versions of one paper among hits: the newest stands for all.
//!
//! Likeness is the program's own measure, over the part of a text's sketch that the index keeps. Papers of one form
//! filled in each month are alike as well; so dated records keep their own places unless their bytes are the same.
//! A procedure whose text was changed more than that stays a hit of its own, after the newer one of the same title.

use std::collections::{BTreeSet, HashMap};

use crate::domain::assess::{file_stem, title_words};
use crate::domain::judge::verdict::Role;
use crate::index::{Found, Sort};

use super::Fold;

/// From here on two texts are versions of one paper, as for decisions that carry over.
const ALIKE: f32 = 0.8;

/// What a draft, a copy of another's advice or our own output is worth beside a paper in use.
const LESSER: f32 = 0.75;

/// Versions of one paper.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) newest: Found,
    /// The others, in their own order.
    pub(super) older: Vec<Found>,
}

/// A newer version of a procedure is at least this much newer, as in assessing.
const APART_DAYS: i32 = 30;
/// Hits whose titles are compared with each other.
const COMPARED_MAX: usize = 200;

/// Groups of hits in order. By relevance, a group stands where its best hit stood.
pub(super) fn groups(mut hits: Vec<Found>, sort: Sort, fold: Fold) -> Vec<Group> {
    if sort == Sort::Relevance {
        for hit in &mut hits {
            hit.score *= standing(hit);
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.card.key.cmp(&b.card.key)));
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut drawers = Drawers::default();
    for hit in hits {
        let Some(at) = drawers.group_of(&hit, &groups) else {
            drawers.add(&hit, groups.len());
            groups.push(Group { newest: hit, older: Vec::new() });
            continue;
        };
        let group = &mut groups[at];
        let mut older = hit;
        if older.card.day > group.newest.card.day {
            older.score = older.score.max(group.newest.score);
            std::mem::swap(&mut group.newest, &mut older);
        }
        drawers.add(&group.newest, at);
        group.older.push(older);
    }
    if sort == Sort::Relevance {
        groups = current_first(groups);
    }
    match (fold, sort) {
        (Fold::UnderNewest, _) => groups,
        // Current before superseded, each for itself.
        (Fold::Never, Sort::Relevance) => groups.into_iter().flat_map(Group::apart).collect(),
        (Fold::Never, Sort::Date | Sort::Path) => {
            let mut all: Vec<Group> = groups.into_iter().flat_map(Group::apart).collect();
            all.sort_by(|a, b| order(&a.newest, &b.newest, sort));
            all
        }
    }
}

/// Puts a procedure right after the newer one that replaces it, if it stood before that.
fn current_first(groups: Vec<Group>) -> Vec<Group> {
    let titles: Vec<BTreeSet<String>> = groups.iter().take(COMPARED_MAX).map(|group| family(&group.newest)).collect();
    let mut place: Vec<(usize, usize)> = (0..groups.len()).map(|at| (at, 0)).collect();
    for (old, title) in titles.iter().enumerate().filter(|(_, title)| !title.is_empty()) {
        let newer = |new: &usize| replaces((&groups[*new], &titles[*new]), (&groups[old], title));
        let Some(new) = (0..titles.len()).filter(newer).max_by_key(|&new| groups[new].newest.card.day) else {
            continue;
        };
        if place[old].0 <= place[new].0 {
            place[new] = (place[old].0, 0);
            place[old].1 = 1;
        }
    }
    let mut placed: Vec<((usize, usize), Group)> = place.into_iter().zip(groups).collect();
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, group)| group).collect()
}

/// The words of a procedure's title; empty for papers that no newer one replaces.
fn family(hit: &Found) -> BTreeSet<String> {
    match hit.card.role {
        Some(Role::Procedure | Role::Draft) => {
            let named = title_words(file_stem(&hit.card.name.path));
            if named.len() > 1 { named } else { title_words(&hit.card.title) }
        }
        Some(Role::Record | Role::Form | Role::Guidance | Role::Profile | Role::OwnOutput | Role::Other) | None => {
            BTreeSet::new()
        }
    }
}

fn replaces((new, new_title): (&Group, &BTreeSet<String>), (old, old_title): (&Group, &BTreeSet<String>)) -> bool {
    let shared = new_title.intersection(old_title).count();
    let same_title = shared > 1 && shared * 4 >= new_title.len().max(old_title.len()) * 3;
    let (new, old) = (&new.newest.card, &old.newest.card);
    let is_later = matches!((new.day, old.day), (Some(new), Some(old)) if new.days_since(old) > APART_DAYS);
    same_title && is_later && new.role == Some(Role::Procedure) && new.name.root == old.name.root
}

/// The order of two hits of different shelves, or taken out of their order.
pub(super) fn order(a: &Found, b: &Found, sort: Sort) -> std::cmp::Ordering {
    let by_key = || a.card.key.cmp(&b.card.key);
    match sort {
        Sort::Relevance => b.score.total_cmp(&a.score).then_with(by_key),
        Sort::Date => b.card.day.cmp(&a.card.day).then_with(by_key),
        Sort::Path => by_key(),
    }
}

impl Group {
    fn apart(self) -> impl Iterator<Item = Self> {
        std::iter::once(self.newest).chain(self.older).map(|newest| Self { newest, older: Vec::new() })
    }
}

fn standing(hit: &Found) -> f32 {
    match hit.card.role {
        Some(Role::Draft | Role::Guidance | Role::OwnOutput) => LESSER,
        Some(Role::Procedure | Role::Record | Role::Form | Role::Profile | Role::Other) | None => 1.0,
    }
}

/// Which group a hit may belong to, without comparing it with all.
#[derive(Default)]
struct Drawers {
    contents: HashMap<[u8; 32], usize>,
    bands: HashMap<(usize, Vec<u8>), usize>,
}

impl Drawers {
    fn group_of(&self, hit: &Found, groups: &[Group]) -> Option<usize> {
        if let Some(at) = hit.card.content.and_then(|content| self.contents.get(&content.0)) {
            return Some(*at);
        }
        if hit.card.role == Some(Role::Record) {
            return None;
        }
        let near = hit.card.sketch.bands().filter_map(|(i, band)| self.bands.get(&(i, band.to_vec())));
        near.copied().find(|&at| is_version(hit, &groups[at].newest))
    }

    fn add(&mut self, hit: &Found, group: usize) {
        if let Some(content) = hit.card.content {
            self.contents.insert(content.0, group);
        }
        for (i, band) in hit.card.sketch.bands() {
            self.bands.insert((i, band.to_vec()), group);
        }
    }
}

fn is_version(a: &Found, b: &Found) -> bool {
    a.card.role == b.card.role
        && a.card.name.root == b.card.name.root
        && a.card.sketch.likeness(&b.card.sketch) >= ALIKE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::assess::status::DocumentName;
    use crate::domain::ids::ContentHash;
    use crate::index::{Card, Sketch};

    fn hit(path: &str, score: f32, day: &str, content: u8, sketch: u64) -> Found {
        let values: Vec<u64> = (0..64).map(|n| if n < 60 { sketch + n } else { u64::from(content) }).collect();
        let card = Card {
            key: format!("1:{path}"),
            file: format!("1:{path}"),
            name: DocumentName { root: "/srv".into(), site: "main".into(), path: path.into(), path_b64: None },
            title: String::new(),
            format: None,
            role: Some(Role::Procedure),
            kinds: vec![],
            criteria: vec![],
            outcome: vec!["read".into()],
            day: day.parse().ok(),
            content: Some(ContentHash([content; 32])),
            sketch: Sketch::of(&values),
        };
        Found { card, score }
    }

    fn shown(hits: Vec<Found>, sort: Sort, fold: Fold) -> String {
        let name = |found: &Found| found.card.name.path.clone();
        let groups = groups(hits, sort, fold);
        let group =
            |g: &Group| std::iter::once(name(&g.newest)).chain(g.older.iter().map(name)).collect::<Vec<_>>().join("+");
        groups.iter().map(group).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_newest_version_stands_for_all() {
        let hits = || {
            vec![
                hit("old", 9.0, "2020-01-01", 1, 100),
                hit("other", 8.0, "2021-01-01", 2, 180),
                hit("new", 7.0, "2024-01-01", 3, 100),
                hit("copy", 6.0, "2024-01-01", 3, 100),
            ]
        };
        for (sort, fold, want) in [
            (Sort::Relevance, Fold::UnderNewest, "new+old+copy other"),
            (Sort::Relevance, Fold::Never, "new old copy other"),
            (Sort::Path, Fold::Never, "copy new old other"),
            (Sort::Date, Fold::Never, "copy new other old"),
        ] {
            assert_eq!(shown(hits(), sort, fold), want, "{sort:?} {fold:?}");
        }
    }

    #[test]
    fn records_of_one_form_keep_their_places_and_copies_do_not() {
        let mut hits = vec![
            hit("may", 3.0, "2026-05-31", 1, 100),
            hit("june", 2.0, "2026-06-30", 2, 100),
            hit("copy", 1.0, "", 2, 100),
        ];
        for hit in &mut hits {
            hit.card.role = Some(Role::Record);
        }
        assert_eq!(shown(hits, Sort::Relevance, Fold::UnderNewest), "may june+copy");
    }

    #[test]
    fn a_newer_procedure_of_the_same_title_comes_first() {
        let hits = vec![
            hit("old/Gate access rules v1.docx", 9.0, "2020-01-01", 1, 10),
            hit("Parcel rules.docx", 8.0, "2026-01-01", 2, 80),
            hit("Gate access rules v2.docx", 7.0, "2024-01-01", 3, 160),
        ];
        let want = "Gate access rules v2.docx|old/Gate access rules v1.docx|Parcel rules.docx";
        let groups = groups(hits, Sort::Relevance, Fold::UnderNewest);
        let shown: Vec<&str> = groups.iter().map(|group| group.newest.card.name.path.as_str()).collect();
        assert_eq!(shown.join("|"), want);
    }

    #[test]
    fn a_draft_gives_way_to_a_paper_in_use() {
        let mut hits = vec![hit("draft", 3.0, "2026-05-31", 1, 100), hit("in use", 2.5, "2026-05-01", 2, 180)];
        hits[0].card.role = Some(Role::Draft);
        assert_eq!(shown(hits, Sort::Relevance, Fold::UnderNewest), "in use draft");
    }
}
