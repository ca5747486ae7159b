//! Values as few bytes, and back fast: for what is kept only until the next version of this program.
//!
//! Not self-describing: both sides are the same types of the same program, and whoever keeps packed bytes also keeps
//! which program made them. No byte sequence makes unpacking panic or take more memory than the bytes justify.

mod read;
mod write;

use std::fmt::Display;

use serde::de::{self, DeserializeOwned};
use serde::ser::{self, Serialize};

use read::Unpacker;
use write::Packer;

/// Why a value has no packed form, or bytes are not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the packed bytes are cut short or wrong")]
    Bytes,
    #[error("this sort of value cannot be packed")]
    Sort,
    #[error("{0}")]
    Value(String),
}

type Result<T> = std::result::Result<T, Error>;

pub fn pack<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    let mut packer = Packer::default();
    value.serialize(&mut packer)?;
    Ok(packer.into_bytes())
}

pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut unpacker = Unpacker::new(bytes);
    let value = T::deserialize(&mut unpacker)?;
    if unpacker.is_done() { Ok(value) } else { Err(Error::Bytes) }
}

impl ser::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::Value(message.to_string())
    }
}

impl de::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::Value(message.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    enum Sort {
        Plain,
        New(String),
        Pair(u8, i64),
        Named {
            a: Option<f32>,
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            b: Vec<u16>,
            c: bool,
        },
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Everything {
        sorts: Vec<Sort>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
        map: BTreeMap<String, i32>,
        letter: char,
        big: u64,
        unit: (),
    }

    fn sort() -> impl Strategy<Value = Sort> {
        prop_oneof![
            Just(Sort::Plain),
            "\\PC{0,12}".prop_map(Sort::New),
            (any::<u8>(), any::<i64>()).prop_map(|(a, b)| Sort::Pair(a, b)),
            (prop::option::of(-9.0..9.0_f32), prop::collection::vec(any::<u16>(), 0..4), any::<bool>())
                .prop_map(|(a, b, c)| Sort::Named { a, b, c }),
        ]
    }

    fn everything() -> impl Strategy<Value = Everything> {
        let map = prop::collection::btree_map("[a-z]{0,3}", any::<i32>(), 0..4);
        (prop::collection::vec(sort(), 0..6), prop::option::of("\\PC{0,9}"), map, any::<char>(), any::<u64>())
            .prop_map(|(sorts, note, map, letter, big)| Everything { sorts, note, map, letter, big, unit: () })
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(value in everything()) {
            let bytes = pack(&value).unwrap();
            prop_assert_eq!(unpack::<Everything>(&bytes), Ok(value));
            for length in 0..bytes.len() {
                prop_assert!(unpack::<Everything>(&bytes[..length]).is_err());
            }
        }

        #[test]
        fn no_bytes_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpack::<Everything>(&bytes);
            let _ = unpack::<Vec<Everything>>(&bytes);
        }
    }

    #[test]
    fn an_announced_length_takes_no_memory_by_itself() {
        let bytes = pack(&(u64::MAX >> 1)).unwrap();
        assert_eq!(unpack::<Vec<String>>(&bytes), Err(Error::Bytes));
        assert_eq!(unpack::<String>(&bytes), Err(Error::Bytes));
    }
}
