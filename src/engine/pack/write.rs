//! Packing: numbers as few bytes as they need, texts and lists behind their length, fields without their names.

use serde::ser::{self, Serialize};

use super::{Error, Result};

#[derive(Default)]
pub(super) struct Packer {
    out: Vec<u8>,
}

impl Packer {
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Seven bits a byte, the lowest first; the upper bit says that more follow.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.out.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.out.push(number.to_le_bytes()[0]);
    }

    fn length(&mut self, length: Option<usize>) -> Result<()> {
        self.number(length.ok_or(Error::Sort)? as u64);
        Ok(())
    }
}

/// Small numbers of either sign are few bytes.
fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

macro_rules! pack_numbers {
    ($($name:ident $type:ty, $value:ident => $number:expr;)*) => {
        $(fn $name(self, $value: $type) -> Result<()> {
            self.number($number);
            Ok(())
        })*
    };
}

impl ser::Serializer for &mut Packer {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    pack_numbers! {
        serialize_bool bool, v => u64::from(v);
        serialize_u8 u8, v => u64::from(v);
        serialize_u16 u16, v => u64::from(v);
        serialize_u32 u32, v => u64::from(v);
        serialize_u64 u64, v => v;
        serialize_i8 i8, v => zigzag(i64::from(v));
        serialize_i16 i16, v => zigzag(i64::from(v));
        serialize_i32 i32, v => zigzag(i64::from(v));
        serialize_i64 i64, v => zigzag(v);
        serialize_char char, v => u64::from(u32::from(v));
    }

    fn serialize_f32(self, v: f32) -> Result<()> {
        self.out.extend(v.to_le_bytes());
        Ok(())
    }

    fn serialize_f64(self, v: f64) -> Result<()> {
        self.out.extend(v.to_le_bytes());
        Ok(())
    }

    fn serialize_str(self, v: &str) -> Result<()> {
        self.serialize_bytes(v.as_bytes())
    }

    fn serialize_bytes(self, v: &[u8]) -> Result<()> {
        self.length(Some(v.len()))?;
        self.out.extend(v);
        Ok(())
    }

    fn serialize_none(self) -> Result<()> {
        self.serialize_bool(false)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        self.out.push(1);
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<()> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, index: u32, _: &'static str) -> Result<()> {
        self.serialize_u32(index)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        index: u32,
        _: &'static str,
        value: &T,
    ) -> Result<()> {
        self.number(u64::from(index));
        value.serialize(self)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Self> {
        self.length(length)?;
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self> {
        Ok(self)
    }

    fn serialize_tuple_variant(self, _: &'static str, index: u32, _: &'static str, _: usize) -> Result<Self> {
        self.number(u64::from(index));
        Ok(self)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Self> {
        self.length(length)?;
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self> {
        Ok(self)
    }

    fn serialize_struct_variant(self, _: &'static str, index: u32, _: &'static str, _: usize) -> Result<Self> {
        self.number(u64::from(index));
        Ok(self)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

macro_rules! pack_parts {
    ($($trait:ident $part:ident;)*) => {
        $(impl ser::$trait for &mut Packer {
            type Ok = ();
            type Error = Error;

            fn $part<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<()> {
                Ok(())
            }
        })*
    };
}

pack_parts! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

impl ser::SerializeMap for &mut Packer {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<()> {
        Ok(())
    }
}

/// A field may be left out by its type's own rule, so each says whether it is there.
macro_rules! pack_fields {
    ($($trait:ident)*) => {
        $(impl ser::$trait for &mut Packer {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Result<()> {
                self.out.push(1);
                value.serialize(&mut **self)
            }

            fn skip_field(&mut self, _: &'static str) -> Result<()> {
                self.out.push(0);
                Ok(())
            }

            fn end(self) -> Result<()> {
                Ok(())
            }
        })*
    };
}

pack_fields! { SerializeStruct SerializeStructVariant }
