//! All phrases of a catalog found in one pass over a line of normal words.
//!
//! Every distinct word is classified once (which words, prefixes and parts of the catalog does it meet) and remembered
//! from one document to the next, then a trie over those classes is walked from each position. Apart from the patterns,
//! which only ask what was hit.
//! Invariant: a phrase never crosses a line, and the work per starting word is bounded.

use std::sync::{Mutex, MutexGuard};

use hashbrown::HashMap;

use crate::domain::catalog::{Phrase, WordPattern};

/// Gap: up to this many words of any kind.
const GAP_WORDS: usize = 4;
/// Trie steps from one word; several gaps in one phrase multiply, and no honest phrase comes near.
const STEPS_MAX: usize = 4_000;
/// A longer word is data (a hash, a key), not language.
const WORD_BYTES_MAX: usize = 64;
/// Words remembered from one document to the next, some 60 bytes each; beyond, the memory starts anew.
const REMEMBERED_MAX: usize = 65_536;

/// A phrase's number in its [`Phrases`].
pub type PhraseId = u32;
type AtomId = u32;
type NodeId = u32;

/// A phrase at its place in a line, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    pub start: u32,
    pub end: u32,
    pub phrase: PhraseId,
}

/// The compiled phrases.
#[derive(Default)]
pub struct Phrases {
    ids: HashMap<Phrase, PhraseId>,
    atoms: HashMap<WordPattern, AtomId>,
    exact: HashMap<String, Vec<AtomId>>,
    prefixes: HashMap<String, AtomId>,
    /// Lengths in bytes that prefixes have, ascending.
    prefix_lengths: Vec<usize>,
    /// Parts of words in scripts that write without spaces, and others.
    contains: Vec<(String, AtomId)>,
    nodes: Vec<Node>,
    /// The root's branches, by atom.
    first: Vec<Option<NodeId>>,
    /// What is known of words, lent to one document at a time.
    vocabularies: Mutex<Vec<Vocabulary>>,
}

#[derive(Default)]
struct Node {
    next: Vec<(AtomId, NodeId)>,
    gap: Option<NodeId>,
    end: Option<PhraseId>,
}

/// What each distinct word meets. Knows one set of phrases only.
#[derive(Default)]
pub struct Vocabulary {
    classes: HashMap<String, (u32, u32)>,
    atoms: Vec<AtomId>,
    /// Room to work in, kept so that a line costs no allocation.
    line: Vec<(u32, u32)>,
    open: Vec<(NodeId, usize)>,
}

impl Phrases {
    pub fn add(&mut self, phrase: &Phrase) -> PhraseId {
        if let Some(&id) = self.ids.get(phrase) {
            return id;
        }
        self.vocabularies().clear();
        let id = PhraseId::try_from(self.ids.len()).expect("a catalog's size limits keep its phrases far below 2^32");
        self.ids.insert(phrase.clone(), id);
        let mut node: Option<NodeId> = None;
        for word in &phrase.words {
            node = Some(self.step(node, word));
        }
        if let Some(node) = node {
            self.nodes[node as usize].end = Some(id);
        }
        id
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Lends what is known of words; what `work` learns serves the next.
    pub fn with_vocabulary<T>(&self, work: impl FnOnce(&mut Vocabulary) -> T) -> T {
        let kept = self.vocabularies().pop().filter(|kept| kept.classes.len() <= REMEMBERED_MAX);
        let mut vocabulary = kept.unwrap_or_default();
        let done = work(&mut vocabulary);
        self.vocabularies().push(vocabulary);
        done
    }

    fn vocabularies(&self) -> MutexGuard<'_, Vec<Vocabulary>> {
        self.vocabularies.lock().expect("nobody panics while holding the list")
    }

    /// Every phrase in `words`, at every place; in order of starting word.
    pub fn scan(&self, vocabulary: &mut Vocabulary, words: &str, hits: &mut Vec<Hit>) {
        let mut classes = std::mem::take(&mut vocabulary.line);
        let mut open = std::mem::take(&mut vocabulary.open);
        classes.clear();
        classes.extend(words.split(' ').map(|word| vocabulary.class(self, word)));
        for start in 0..classes.len() {
            for &atom in vocabulary.atoms_of(classes[start]) {
                if let Some(node) = self.first.get(atom as usize).copied().flatten() {
                    open.clear();
                    open.push((node, start + 1));
                    self.walk(vocabulary, &classes, (start, &mut open), hits);
                }
            }
        }
        (vocabulary.line, vocabulary.open) = (classes, open);
    }

    fn walk(
        &self,
        vocabulary: &Vocabulary,
        classes: &[(u32, u32)],
        (start, open): (usize, &mut Vec<(NodeId, usize)>),
        hits: &mut Vec<Hit>,
    ) {
        let mut steps = 0;
        while let Some((node, at)) = open.pop() {
            steps += 1;
            if steps > STEPS_MAX {
                return;
            }
            let node = &self.nodes[node as usize];
            if let Some(phrase) = node.end {
                hits.push(Hit { start: small(start), end: small(at), phrase });
            }
            if let Some(gap) = node.gap {
                let reach = (at + GAP_WORDS + 1).min(classes.len());
                open.extend(
                    (at..reach).rev().filter_map(|skip_to| self.follow(vocabulary, gap, classes, skip_to)).flatten(),
                );
            }
            if !node.next.is_empty() && at < classes.len() {
                open.extend(branches(vocabulary, node, classes[at]).map(|next| (next, at + 1)));
            }
        }
    }

    /// The nodes after a gap that the word at `at` leads to.
    fn follow<'a>(
        &'a self,
        vocabulary: &'a Vocabulary,
        gap: NodeId,
        classes: &[(u32, u32)],
        at: usize,
    ) -> Option<impl Iterator<Item = (NodeId, usize)> + 'a> {
        let class = *classes.get(at)?;
        Some(branches(vocabulary, &self.nodes[gap as usize], class).map(move |next| (next, at + 1)))
    }

    fn step(&mut self, from: Option<NodeId>, word: &WordPattern) -> NodeId {
        if let (WordPattern::Gap, Some(from)) = (word, from) {
            if let Some(gap) = self.nodes[from as usize].gap {
                return gap;
            }
            let gap = self.new_node();
            self.nodes[from as usize].gap = Some(gap);
            return gap;
        }
        let atom = self.atom(word);
        match from {
            None => {
                if let Some(node) = self.first.get(atom as usize).copied().flatten() {
                    return node;
                }
                let node = self.new_node();
                if self.first.len() <= atom as usize {
                    self.first.resize(atom as usize + 1, None);
                }
                self.first[atom as usize] = Some(node);
                node
            }
            Some(from) => {
                if let Some(&(_, node)) = self.nodes[from as usize].next.iter().find(|(known, _)| *known == atom) {
                    return node;
                }
                let node = self.new_node();
                self.nodes[from as usize].next.push((atom, node));
                node
            }
        }
    }

    fn new_node(&mut self) -> NodeId {
        self.nodes.push(Node::default());
        small(self.nodes.len() - 1)
    }

    fn atom(&mut self, word: &WordPattern) -> AtomId {
        if let Some(&atom) = self.atoms.get(word) {
            return atom;
        }
        let atom = small(self.atoms.len());
        self.atoms.insert(word.clone(), atom);
        match word {
            WordPattern::Exact { text, plural } => {
                let endings: &[&str] = if *plural { &["", "s", "es"] } else { &[""] };
                for ending in endings {
                    self.exact.entry(format!("{text}{ending}")).or_default().push(atom);
                }
            }
            WordPattern::Prefix(text) => {
                if let Err(at) = self.prefix_lengths.binary_search(&text.len()) {
                    self.prefix_lengths.insert(at, text.len());
                }
                self.prefixes.insert(text.clone(), atom);
            }
            WordPattern::Contains(text) => self.contains.push((text.clone(), atom)),
            // A gap at a phrase's edge means nothing; it meets no word.
            WordPattern::Gap => {}
        }
        atom
    }

    fn classify(&self, word: &str, atoms: &mut Vec<AtomId>) {
        atoms.extend(self.exact.get(word).into_iter().flatten());
        for &length in &self.prefix_lengths {
            let Some(head) = word.get(..length) else {
                if length > word.len() {
                    break;
                }
                continue;
            };
            atoms.extend(self.prefixes.get(head));
        }
        let is_ascii = word.is_ascii();
        let parts = self.contains.iter().filter(|(part, _)| !is_ascii || part.is_ascii());
        atoms.extend(parts.filter(|(part, _)| word.contains(part.as_str())).map(|(_, atom)| atom));
    }
}

impl Vocabulary {
    fn class(&mut self, phrases: &Phrases, word: &str) -> (u32, u32) {
        if word.len() > WORD_BYTES_MAX && word.is_ascii() {
            return (0, 0);
        }
        if let Some(&class) = self.classes.get(word) {
            return class;
        }
        let start = small(self.atoms.len());
        phrases.classify(word, &mut self.atoms);
        let class = (start, small(self.atoms.len()));
        self.classes.insert(word.to_owned(), class);
        class
    }

    fn atoms_of(&self, class: (u32, u32)) -> &[AtomId] {
        &self.atoms[class.0 as usize..class.1 as usize]
    }
}

/// The children of a node that a word leads to.
fn branches<'a>(vocabulary: &'a Vocabulary, node: &'a Node, class: (u32, u32)) -> impl Iterator<Item = NodeId> + 'a {
    let atoms = vocabulary.atoms_of(class);
    node.next.iter().filter(move |(atom, _)| atoms.contains(atom)).map(|&(_, next)| next)
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("readers and catalogs are capped far below 2^32 words")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::catalog::Pattern;
    use crate::domain::judge::normal::normal;

    fn found(alternatives: &str, text: &str) -> Vec<String> {
        let pattern = Pattern::parse(alternatives, &BTreeMap::new()).unwrap();
        let mut phrases = Phrases::default();
        for phrase in &pattern.clauses[0].alternatives {
            phrases.add(phrase);
        }
        let words = normal(text);
        let mut hits = Vec::new();
        phrases.scan(&mut Vocabulary::default(), &words, &mut hits);
        hits.sort_unstable();
        let split: Vec<&str> = words.split(' ').collect();
        hits.iter().map(|hit| split[hit.start as usize..hit.end as usize].join(" ")).collect()
    }

    #[test]
    fn every_operator() {
        for (pattern, text, want) in [
            ("seal", "Seal, SEALS and sealing", vec!["seal", "seals"]),
            ("box", "box boxes", vec!["box"]),
            ("gas", "gas gases", vec!["gas"]),
            ("inspec*", "inspector inspect reinspect", vec!["inspector", "inspect"]),
            ("bolt seal|seal", "bolt seals", vec!["bolt seals", "seals"]),
            ("seal log", "seal the log", vec![]),
            ("change .. lock", "change lock", vec!["change lock"]),
            ("change .. lock", "change each and every old lock", vec!["change each and every old lock"]),
            ("change .. lock", "change each and every single old lock", vec![]),
            ("*封条*", "检查封条记录", vec!["检查封条记录"]),
            ("*ção*", "inspeção", vec!["inspecao"]),
            ("17 point", "17-point", vec!["17 point"]),
            ("revision", "Revisión", vec!["revision"]),
        ] {
            assert_eq!(found(pattern, text), want, "{pattern} in {text}");
        }
    }

    #[test]
    fn gaps_do_not_multiply_without_end() {
        let pattern = ["a"; 12].join(" .. ");
        let text = ["a"; 400].join(" ");
        assert!(found(&pattern, &text).len() <= 400 * STEPS_MAX);
    }

    proptest! {
        #[test]
        fn hits_lie_within_the_line(text in "\\PC{0,200}") {
            let words = normal(&text);
            let pattern = Pattern::parse("a|b*|*c*|d .. e|f g", &BTreeMap::new()).unwrap();
            let mut phrases = Phrases::default();
            for phrase in &pattern.clauses[0].alternatives {
                phrases.add(phrase);
            }
            let mut hits = Vec::new();
            phrases.scan(&mut Vocabulary::default(), &words, &mut hits);
            let count = words.split(' ').count();
            prop_assert!(hits.iter().all(|hit| hit.start < hit.end && hit.end as usize <= count));
        }
    }
}
