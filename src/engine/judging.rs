//! The judge with its catalog and its name: a fact says which judge found what, and another judge judges anew.

use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use crate::domain::catalog::Catalog;
use crate::domain::ids::ContentHash;
use crate::domain::judge::model::Model;
use crate::domain::judge::{Judge, Judgement};
use crate::domain::reading::Reading;
use crate::ledger::{self, Ledger, PayloadState};

/// Raise when the judging code changes what it finds in a text.
const JUDGE_VERSION: u32 = 3;

/// A judge that knows its own identity.
pub struct Judging {
    catalog: Catalog,
    /// Made when first asked for: many questions are answered from what was judged before.
    judge: OnceLock<Judge>,
    identity: String,
}

impl Judging {
    pub fn new(catalog: Catalog) -> Self {
        let rules = serde_json::to_vec(&catalog).expect("a catalog is plain values");
        let model = Model::built_in_identity();
        let identity = format!("evidex-judge {JUDGE_VERSION} {:.16} {model}", hash(&rules).to_string());
        Self { catalog, judge: OnceLock::new(), identity }
    }

    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    pub fn judge(&self) -> &Judge {
        self.judge.get_or_init(|| Judge::new(&self.catalog))
    }

    /// Names the judging code, the catalog and the model.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// Judges a reading of a private document, to be kept without its words; the payload and its hash.
    pub fn sealed_payload(&self, reading: &Reading, path: &str) -> (ContentHash, Vec<u8>) {
        let judgement = self.judge().judge(reading);
        let verdict = self.judge().verdict(&judgement, &Judge::hint(path));
        let bytes = serde_json::to_vec(&judgement.sealed(verdict)).expect("a judgement is plain values");
        (hash(&bytes), bytes)
    }

    /// Judges a reading; the payload to keep and its hash.
    pub fn payload(&self, reading: &Reading) -> (ContentHash, Vec<u8>) {
        let judgement: Judgement = self.judge().judge(reading);
        let bytes = serde_json::to_vec(&judgement).expect("a judgement is plain values");
        (hash(&bytes), bytes)
    }
}

/// SHA-256, as payloads are named.
pub fn hash(bytes: &[u8]) -> ContentHash {
    ContentHash(Sha256::digest(bytes).into())
}

/// A reading or a judgement as the ledger keeps it; `None` if it was erased, never kept, or is of another form.
pub fn kept<T: serde::de::DeserializeOwned>(ledger: &Ledger, payload: ContentHash) -> ledger::Result<Option<T>> {
    match ledger.payload(payload)? {
        PayloadState::Present(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        PayloadState::Erased | PayloadState::Missing => Ok(None),
    }
}
