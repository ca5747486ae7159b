//! The judge with its catalog and its name: a fact says which judge found what, and another judge judges anew.

use sha2::{Digest, Sha256};

use crate::domain::catalog::Catalog;
use crate::domain::ids::ContentHash;
use crate::domain::judge::model::Model;
use crate::domain::judge::{Judge, Judgement};
use crate::domain::reading::Reading;
use crate::ledger::{self, Ledger, PayloadState};

/// Raise when the judging code changes what it finds in a text.
const JUDGE_VERSION: u32 = 2;

/// A judge that knows its own identity.
pub struct Judging {
    catalog: Catalog,
    judge: Judge,
    identity: String,
}

impl Judging {
    pub fn new(catalog: Catalog) -> Self {
        let judge = Judge::new(&catalog);
        let rules = serde_json::to_vec(&catalog).expect("a catalog is plain values");
        let model = Model::built_in().identity();
        let identity = format!("evidex-judge {JUDGE_VERSION} {:.16} {model}", hash(&rules).to_string());
        Self { catalog, judge, identity }
    }

    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    /// Names the judging code, the catalog and the model.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// Judges a reading; the payload to keep and its hash.
    pub fn payload(&self, reading: &Reading) -> (ContentHash, Vec<u8>) {
        let judgement: Judgement = self.judge.judge(reading);
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
