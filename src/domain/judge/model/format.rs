//! The model as bytes: a head with a version, the columns, the rows, and a checksum over all of it.
//!
//! Reading is defensive: every count is checked against what is there, and a wrong byte is an error, never a panic.
//! Little-endian throughout. See `docs/model.md`.

use sha2::{Digest, Sha256};

use super::features::SLOT_BITS;
use super::rows::Rows;
use super::{Model, ROLE_COLUMNS};
use crate::domain::ids::CriterionId;

const MAGIC: [u8; 8] = *b"evxpass\x01";
const DIGEST: usize = 32;
/// More than any catalog has.
const COLUMNS_MAX: usize = 4_096;

/// Why bytes are not a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    #[error("not a passage model of this program's version")]
    Version,
    #[error("the passage model is cut short")]
    Short,
    #[error("the passage model's checksum does not fit")]
    Checksum,
    #[error("the passage model holds a wrong {0}")]
    Value(&'static str),
}

/// 16 hex digits of the checksum that ends a model's bytes.
pub(super) fn identity(bytes: &[u8]) -> String {
    let sum = bytes.last_chunk::<DIGEST>().and_then(|sum| sum.first_chunk());
    format!("{:016x}", u64::from_be_bytes(*sum.expect("a model ends in its checksum")))
}

fn digest(bytes: &[u8]) -> [u8; DIGEST] {
    Sha256::digest(bytes).into()
}

impl Model {
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(self.examples_hash);
        out.extend(number(self.criteria.len()));
        out.extend(number(self.slots.len()));
        for id in &self.criteria {
            out.extend(number(id.as_str().len()));
            out.extend(id.as_str().bytes());
        }
        self.scales.iter().chain(&self.biases).for_each(|value| out.extend(value.to_le_bytes()));
        for (row, weights) in self.weights.chunks(self.width()).enumerate() {
            out.extend(self.slots[row].to_le_bytes());
            out.push(self.idf[row]);
            put_row(&mut out, weights);
        }
        let sum = digest(&out);
        out.extend(sum);
        out
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormatError> {
        if !bytes.starts_with(&MAGIC) {
            return Err(FormatError::Version);
        }
        let (body, sum) = bytes.split_last_chunk::<DIGEST>().ok_or(FormatError::Short)?;
        if digest(body) != *sum {
            return Err(FormatError::Checksum);
        }
        let mut reader = Reader { rest: body.get(MAGIC.len()..).ok_or(FormatError::Short)? };
        let model = reader.model()?;
        if reader.rest.is_empty() { Ok(model) } else { Err(FormatError::Value("length")) }
    }
}

fn number(n: usize) -> [u8; 4] {
    u32::try_from(n).expect("counts of a model are small").to_le_bytes()
}

/// A row's weights that are not 0: how many pairs, then of each how many columns are skipped, and the weight. A skip
/// of 255 columns has the weight 0.
fn put_row(out: &mut Vec<u8>, weights: &[i8]) {
    let mut pairs: Vec<(u8, i8)> = Vec::new();
    let mut skipped = 0;
    for &weight in weights {
        if weight != 0 || skipped == u8::MAX {
            pairs.push((skipped, weight));
            skipped = 0;
        } else {
            skipped += 1;
        }
    }
    out.extend(u16::try_from(pairs.len()).expect("at most COLUMNS_MAX").to_le_bytes());
    for (skipped, weight) in pairs {
        out.extend([skipped, weight.cast_unsigned()]);
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn model(&mut self) -> Result<Model, FormatError> {
        let examples_hash = self.array()?;
        let criteria_n = self.number()?;
        let rows_n = self.number()?;
        if criteria_n + ROLE_COLUMNS > COLUMNS_MAX || rows_n > 1 << SLOT_BITS {
            return Err(FormatError::Value("count"));
        }
        let criteria = (0..criteria_n).map(|_| self.criterion()).collect::<Result<Vec<_>, _>>()?;
        let width = criteria_n + ROLE_COLUMNS;
        let scales = self.floats(width)?;
        let biases = self.floats(width)?;
        let mut slots = Vec::new();
        let mut idf = Vec::new();
        let mut weights = Vec::new();
        for _ in 0..rows_n {
            let slot = u32::from_le_bytes(self.array()?);
            if slot >> SLOT_BITS != 0 || slots.last().is_some_and(|&last| last >= slot) {
                return Err(FormatError::Value("slot"));
            }
            slots.push(slot);
            idf.push(self.array::<1>()?[0]);
            weights.extend(std::iter::repeat_n(0, width));
            let start = weights.len() - width;
            self.row(&mut weights[start..])?;
        }
        Ok(Model { examples_hash, criteria, scales, biases, rows: Rows::of(&slots), slots, idf, weights })
    }

    fn row(&mut self, weights: &mut [i8]) -> Result<(), FormatError> {
        let mut column = 0;
        for _ in 0..u16::from_le_bytes(self.array()?) {
            let [skipped, weight] = self.array()?;
            column += usize::from(skipped);
            *weights.get_mut(column).ok_or(FormatError::Value("column"))? = weight.cast_signed();
            column += 1;
        }
        Ok(())
    }

    fn criterion(&mut self) -> Result<CriterionId, FormatError> {
        let length = self.number()?;
        let bytes = self.take(length)?;
        let text = std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok());
        text.ok_or(FormatError::Value("criterion"))
    }

    fn floats(&mut self, n: usize) -> Result<Vec<f32>, FormatError> {
        let finite = |value: f32| if value.is_finite() { Ok(value) } else { Err(FormatError::Value("scale")) };
        (0..n).map(|_| finite(f32::from_le_bytes(self.array()?))).collect()
    }

    fn number(&mut self) -> Result<usize, FormatError> {
        usize::try_from(u32::from_le_bytes(self.array()?)).map_err(|_| FormatError::Value("count"))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], FormatError> {
        let (head, rest) = self.rest.split_first_chunk::<N>().ok_or(FormatError::Short)?;
        self.rest = rest;
        Ok(*head)
    }

    fn take(&mut self, n: usize) -> Result<&[u8], FormatError> {
        let (head, rest) = self.rest.split_at_checked(n).ok_or(FormatError::Short)?;
        self.rest = rest;
        Ok(head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::judge::model::{Settings, example, train};

    fn small() -> Model {
        let lines = r#"{"criterion": "6.1", "label": "procedure", "lang": "en", "text": "each seal is checked and the number noted"}
{"criterion": "10.2", "label": "record", "lang": "en", "text": "visitor signed in at ten, badge number noted"}"#;
        let settings = Settings { words_min: 1, grams_min: 1, ..Settings::SHIPPED };
        train(&example::parse(lines).unwrap(), &settings)
    }

    /// Bytes with a checksum that fits, so that what is behind it is tried too.
    fn sealed(mut body: Vec<u8>) -> Vec<u8> {
        let sum = digest(&body);
        body.extend(sum);
        body
    }

    #[test]
    fn comes_back_as_it_went() {
        let model = small();
        assert_eq!(Model::from_bytes(&model.to_bytes()), Ok(model));
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let bytes = small().to_bytes();
        let body = &bytes[..bytes.len() - DIGEST];
        let mut flipped = bytes.clone();
        flipped[100] ^= 1;
        let huge = [&MAGIC[..], &[0; DIGEST], &[255; 8]].concat();
        for (bytes, want) in [
            (Vec::new(), FormatError::Version),
            (b"evxpass\x02".to_vec(), FormatError::Version),
            (MAGIC.to_vec(), FormatError::Short),
            (flipped, FormatError::Checksum),
            (sealed(body[..body.len() - 1].to_vec()), FormatError::Short),
            (sealed([body, &[0]].concat()), FormatError::Value("length")),
            (sealed(huge), FormatError::Value("count")),
        ] {
            assert_eq!(Model::from_bytes(&bytes), Err(want));
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn damage_is_an_error_or_a_model(at in 8_usize..2_000, by in 1_u8..255, cut in 0_usize..400) {
            static BYTES: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
            let bytes = BYTES.get_or_init(|| small().to_bytes());
            let mut body = bytes[..bytes.len() - DIGEST - cut].to_vec();
            let at = at % body.len();
            if at >= MAGIC.len() {
                body[at] ^= by;
            }
            if let Ok(model) = Model::from_bytes(&sealed(body)) {
                model.score_name("seal check");
            }
        }
    }
}
