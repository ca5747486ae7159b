//! Which slots have a row of weights, and which row: small enough to stay in the processor's cache.
//!
//! Most n-grams of most words have none, so what is asked of every n-gram is one bit. Invariant: the slots ascend, and a
//! slot's row is the number of slots before it.

use super::features::SLOT_BITS;

const BITS: usize = u64::BITS as usize;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rows {
    /// One bit a slot.
    bits: Vec<u64>,
    /// Of each word of `bits`, the slots with a row before it.
    before: Vec<u32>,
}

impl Rows {
    /// Of ascending slots, each below `2^SLOT_BITS`.
    pub fn of(slots: &[u32]) -> Self {
        let mut bits = vec![0_u64; (1 << SLOT_BITS) / BITS];
        for &slot in slots {
            bits[slot as usize / BITS] |= 1 << (slot as usize % BITS);
        }
        let mut sum = 0;
        let mut before = Vec::with_capacity(bits.len());
        for word in &bits {
            before.push(sum);
            sum += word.count_ones();
        }
        Self { bits, before }
    }

    pub fn row(&self, slot: u32) -> Option<u32> {
        let (word, bit) = (slot as usize / BITS, slot as usize % BITS);
        let bits = self.bits[word];
        let below = (1 << bit) - 1;
        (bits & (1 << bit) != 0).then(|| self.before[word] + (bits & below).count_ones())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_in_the_order_of_slots() {
        let last = (1 << SLOT_BITS) - 1;
        let slots = [0, 1, 63, 64, 127, 4_000, last];
        let rows = Rows::of(&slots);
        for (row, slot) in (0..).zip(slots) {
            assert_eq!(rows.row(slot), Some(row), "{slot}");
        }
        for slot in [2, 62, 65, 128, 3_999, 4_001, last - 1] {
            assert_eq!(rows.row(slot), None, "{slot}");
        }
    }
}
