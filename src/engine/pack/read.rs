//! Unpacking: what the wanted type asks for is what the next bytes must be.

use serde::de::value::U32Deserializer;
use serde::de::{self, DeserializeSeed, IntoDeserializer, Visitor};

use super::{Error, Result};

pub(super) struct Unpacker<'de> {
    rest: &'de [u8],
}

impl<'de> Unpacker<'de> {
    pub fn new(bytes: &'de [u8]) -> Self {
        Self { rest: bytes }
    }

    pub fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    fn number(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let (&byte, rest) = self.rest.split_first().ok_or(Error::Bytes)?;
            self.rest = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Error::Bytes)
    }

    fn narrow<T: TryFrom<u64>>(&mut self) -> Result<T> {
        T::try_from(self.number()?).map_err(|_| Error::Bytes)
    }

    fn signed<T: TryFrom<i64>>(&mut self) -> Result<T> {
        T::try_from(unzigzag(self.number()?)).map_err(|_| Error::Bytes)
    }

    fn flag(&mut self) -> Result<bool> {
        match self.number()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Error::Bytes),
        }
    }

    fn taken(&mut self) -> Result<&'de [u8]> {
        let length = self.narrow()?;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Error::Bytes)?;
        self.rest = rest;
        Ok(taken)
    }

    fn text(&mut self) -> Result<&'de str> {
        std::str::from_utf8(self.taken()?).map_err(|_| Error::Bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (array, rest) = self.rest.split_first_chunk().ok_or(Error::Bytes)?;
        self.rest = rest;
        Ok(*array)
    }
}

macro_rules! unpack_values {
    ($($name:ident $visit:ident, $self:ident => $value:expr;)*) => {
        $(fn $name<V: Visitor<'de>>($self, visitor: V) -> Result<V::Value> {
            visitor.$visit($value)
        })*
    };
}

impl<'de> de::Deserializer<'de> for &mut Unpacker<'de> {
    type Error = Error;

    unpack_values! {
        deserialize_bool visit_bool, self => self.flag()?;
        deserialize_u8 visit_u8, self => self.narrow()?;
        deserialize_u16 visit_u16, self => self.narrow()?;
        deserialize_u32 visit_u32, self => self.narrow()?;
        deserialize_u64 visit_u64, self => self.number()?;
        deserialize_i8 visit_i8, self => self.signed()?;
        deserialize_i16 visit_i16, self => self.signed()?;
        deserialize_i32 visit_i32, self => self.signed()?;
        deserialize_i64 visit_i64, self => self.signed()?;
        deserialize_f32 visit_f32, self => f32::from_le_bytes(self.array()?);
        deserialize_f64 visit_f64, self => f64::from_le_bytes(self.array()?);
        deserialize_char visit_char, self => char::from_u32(self.narrow()?).ok_or(Error::Bytes)?;
        deserialize_str visit_borrowed_str, self => self.text()?;
        deserialize_string visit_borrowed_str, self => self.text()?;
        deserialize_bytes visit_borrowed_bytes, self => self.taken()?;
        deserialize_byte_buf visit_borrowed_bytes, self => self.taken()?;
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(Error::Sort)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(Error::Sort)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(Error::Sort)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.flag()? { visitor.visit_some(self) } else { visitor.visit_none() }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let left = self.narrow()?;
        visitor.visit_seq(Items { unpacker: self, left })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, left: usize, visitor: V) -> Result<V::Value> {
        visitor.visit_seq(Items { unpacker: self, left })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, left: usize, visitor: V) -> Result<V::Value> {
        visitor.visit_seq(Items { unpacker: self, left })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let left = self.narrow()?;
        visitor.visit_map(Items { unpacker: self, left })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_map(Fields { unpacker: self, numbers: 0..u32::try_from(fields.len()).map_err(|_| Error::Sort)? })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(self)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// So many values, or keys with values.
struct Items<'a, 'de> {
    unpacker: &'a mut Unpacker<'de>,
    left: usize,
}

impl<'de> de::SeqAccess<'de> for Items<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        seed.deserialize(&mut *self.unpacker).map(Some)
    }

    /// What is announced is believed only as far as there are bytes for it.
    fn size_hint(&self) -> Option<usize> {
        Some(self.left.min(self.unpacker.rest.len()))
    }
}

impl<'de> de::MapAccess<'de> for Items<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        de::SeqAccess::next_element_seed(self, seed)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        seed.deserialize(&mut *self.unpacker)
    }
}

/// The fields of a struct that are there, by their numbers.
struct Fields<'a, 'de> {
    unpacker: &'a mut Unpacker<'de>,
    numbers: std::ops::Range<u32>,
}

impl<'de> de::MapAccess<'de> for Fields<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        for number in self.numbers.by_ref() {
            if self.unpacker.flag()? {
                let number: U32Deserializer<Error> = number.into_deserializer();
                return seed.deserialize(number).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        seed.deserialize(&mut *self.unpacker)
    }
}

impl<'de> de::EnumAccess<'de> for &mut Unpacker<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        let number: U32Deserializer<Error> = self.narrow::<u32>()?.into_deserializer();
        Ok((seed.deserialize(number)?, self))
    }
}

impl<'de> de::VariantAccess<'de> for &mut Unpacker<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<()> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value> {
        de::Deserializer::deserialize_tuple(self, length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value> {
        de::Deserializer::deserialize_struct(self, "", fields, visitor)
    }
}

/// Undoes the packing of small numbers of either sign.
fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}
