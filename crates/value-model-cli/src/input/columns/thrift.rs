//! Just enough of Thrift's compact protocol to see what a Parquet file declares before anything is allocated for it.

/// A walk over bytes; every step says `None` where the bytes make no sense or end too early.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk<'a> {
    rest: &'a [u8],
}

/// Kinds of fields.
pub(super) const END: u8 = 0;
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
pub(super) const I32: u8 = 5;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
pub(super) const STRUCT: u8 = 12;

/// Structures inside of structures go no deeper in any file of this format.
const DEPTH: u8 = 16;

impl<'a> Walk<'a> {
    /// Starts at the first byte.
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub(super) const fn left(&self) -> usize {
        self.rest.len()
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// A number of variable length, of at most 64 bits.
    pub(super) fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// A signed number.
    pub(super) fn zigzag(&mut self) -> Option<i64> {
        let value = self.varint()?;
        let half = i64::try_from(value >> 1).ok()?;
        Some(if value & 1 == 0 { half } else { -half - 1 })
    }

    /// Goes over `count` bytes.
    pub(super) fn pass(&mut self, count: usize) -> Option<()> {
        self.rest = self.rest.get(count..)?;
        Some(())
    }

    /// The next field of a structure, as its number and kind; the kind [`END`] ends the structure.
    pub(super) fn field(&mut self, last: &mut i64) -> Option<(i64, u8)> {
        let head = self.byte()?;
        let kind = head & 0x0F;
        if kind == END {
            return Some((*last, kind));
        }
        *last = match head >> 4 {
            0 => self.zigzag()?,
            step => last.checked_add(step.into())?,
        };
        Some((*last, kind))
    }

    /// Goes over a value of this kind.
    pub(super) fn skip(&mut self, kind: u8) -> Option<()> {
        self.skip_at(kind, 0, true)
    }

    fn skip_at(&mut self, kind: u8, depth: u8, field: bool) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        match kind {
            TRUE | FALSE => self.pass(usize::from(!field)),
            BYTE => self.pass(1),
            I16 | I32 | I64 => self.varint().map(|_| ()),
            DOUBLE => self.pass(8),
            BINARY => {
                let count = self.varint()?;
                self.pass(usize::try_from(count).ok()?)
            }
            LIST | SET => {
                let (count, kind) = self.list()?;
                (0..count).try_for_each(|_| self.skip_at(kind, depth + 1, false))
            }
            MAP => {
                let count = self.varint()?;
                let kinds = if count > 0 { self.byte()? } else { 0 };
                (0..count).try_for_each(|_| {
                    self.skip_at(kinds >> 4, depth + 1, false)?;
                    self.skip_at(kinds & 0x0F, depth + 1, false)
                })
            }
            STRUCT => {
                let mut last = 0;
                loop {
                    match self.field(&mut last)? {
                        (_, END) => return Some(()),
                        (_, kind) => self.skip_at(kind, depth + 1, true)?,
                    }
                }
            }
            _ => None,
        }
    }

    /// The head of a list: how many elements of which kind. Never more than bytes are left.
    fn list(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        let count = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        (count <= self.rest.len() as u64).then_some((count, head & 0x0F))
    }
}

#[cfg(test)]
mod tests {
    use super::{STRUCT, Walk};

    #[test]
    fn a_structure_is_walked_to_its_end() {
        // 1: i32 = 150, 2: binary "ab", 3: list of 2 i32, 4: true, end; one byte behind it.
        let bytes = [0x15, 0xAC, 0x02, 0x18, 2, b'a', b'b', 0x19, 0x25, 2, 4, 0x11, 0, 9];
        let mut walk = Walk::new(&bytes);
        walk.skip(STRUCT).unwrap();
        assert_eq!(walk.left(), 1);
    }

    #[test]
    fn what_is_cut_or_lies_is_none() {
        for bytes in [&[0x15][..], &[0x18, 0xFF, 1], &[0x19, 0xF5, 0xFF, 0xFF, 0xFF, 0x7F, 0], &[0x1E]] {
            assert!(Walk::new(bytes).skip(STRUCT).is_none(), "{bytes:?}");
        }
        let deep = [0x1C; 64];
        assert!(Walk::new(&deep).skip(STRUCT).is_none());
        assert_eq!(Walk::new(&[0xFF; 11]).varint(), None);
    }

    #[test]
    fn numbers_are_read_with_their_sign() {
        assert_eq!(Walk::new(&[0xAC, 0x02]).zigzag(), Some(150));
        assert_eq!(Walk::new(&[0x03]).zigzag(), Some(-2));
    }
}
