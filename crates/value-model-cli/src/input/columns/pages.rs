//! What the pages of a Parquet file declare, checked before and after they are unpacked.
//!
//! The format's reader allocates what a page says it needs. A page may say anything, so its header is looked at first,
//! and the counts inside of delta encodings before they are decoded.

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};

use super::caught::{damaged, too_large};
use super::place::Place;
use super::thrift::{END, I32, STRUCT, Walk};
use crate::message::Failure;

/// The largest page, unpacked. Writers make pages of about 1 MiB.
pub(crate) const MAX_PAGE: u64 = 256 * 1024 * 1024;
/// The longest header of a page: it may hold the smallest and the largest text of the page.
const MAX_HEADER: u64 = 1024 * 1024;
/// What is read of a page to find its header, at first.
const GUESS: u64 = 4096;

/// Where a column of a row group lies, and how many values it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) values: u64,
}

/// What a page says about itself.
#[derive(Debug, Default)]
struct Header {
    length: u64,
    packed: u64,
    unpacked: u64,
    values: u64,
    dictionary: bool,
}

/// Walks over the pages of a column and gives the memory that reading it takes at once: its dictionary and one page.
///
/// # Errors
/// `format` for pages that cannot be, `limit` for one above [`MAX_PAGE`].
pub(super) fn check(place: &Place, name: &str, chunk: Chunk) -> std::result::Result<u64, Failure> {
    let (mut at, mut dictionary, mut data, mut values) = (chunk.start, 0, 0, 0_u64);
    while at < chunk.end && values < chunk.values {
        let page = next(place, name, at, chunk.end)?;
        if page.unpacked > MAX_PAGE {
            return Err(too_large(name, "a page", page.unpacked, MAX_PAGE));
        }
        if page.dictionary {
            // No value of a dictionary takes less than a bit.
            if page.values > page.unpacked.saturating_mul(8) {
                return Err(damaged(name, "a dictionary declares more values than it holds"));
            }
            dictionary = page.unpacked.max(dictionary);
        } else {
            values = values.saturating_add(page.values);
            data = page.unpacked.max(data);
        }
        at = at.saturating_add(page.length).saturating_add(page.packed);
    }
    if at > chunk.end || values != chunk.values {
        return Err(damaged(name, "the pages of a column do not hold what it declares"));
    }
    Ok(dictionary + data)
}

fn next(place: &Place, name: &str, at: u64, end: u64) -> std::result::Result<Header, Failure> {
    for size in [GUESS, 16 * GUESS, MAX_HEADER] {
        let count = size.min(end - at);
        let bytes = place.at(at, count).map_err(|error| damaged(name, &error.to_string()))?;
        if let Some(header) = header(&bytes) {
            return Ok(header);
        }
        if count < size {
            break;
        }
    }
    Err(damaged(name, "the header of a page makes no sense"))
}

fn header(bytes: &[u8]) -> Option<Header> {
    const TYPE: i64 = 1;
    const UNPACKED: i64 = 2;
    const PACKED: i64 = 3;
    let (mut walk, mut found, mut last) = (Walk::new(bytes), Header::default(), 0);
    loop {
        match walk.field(&mut last)? {
            (_, END) => break,
            (TYPE, I32) => found.dictionary = walk.zigzag()? == 2,
            (UNPACKED, I32) => found.unpacked = walk.zigzag()?.try_into().ok()?,
            (PACKED, I32) => found.packed = walk.zigzag()?.try_into().ok()?,
            // The three headers of data and dictionary begin with the number of values.
            (5 | 7 | 8, STRUCT) => {
                let mut last = 0;
                loop {
                    match walk.field(&mut last)? {
                        (_, END) => break,
                        (1, I32) => found.values = walk.zigzag()?.try_into().ok()?,
                        (_, kind) => walk.skip(kind)?,
                    }
                }
            }
            (_, kind) => walk.skip(kind)?,
        }
    }
    found.length = (bytes.len() - walk.left()) as u64;
    Some(found)
}

/// Gives pages on once the counts inside of them have been checked.
pub(super) struct Checked<R> {
    pub(super) inner: R,
    /// Whether values may be missing, and whether they are lists.
    pub(super) levels: (bool, bool),
}

impl<R: PageReader> Checked<R> {
    fn check(&self, page: Page) -> Result<Page> {
        match fits(&page, self.levels) {
            Some(()) => Ok(page),
            None => Err(ParquetError::General("a page declares more values than it holds".to_owned())),
        }
    }
}

/// Whether the counts inside of a delta encoding are those of the page. Other encodings allocate by what is read of them.
fn fits(page: &Page, levels: (bool, bool)) -> Option<()> {
    let encoding = page.encoding();
    if !matches!(encoding, Encoding::DELTA_LENGTH_BYTE_ARRAY | Encoding::DELTA_BYTE_ARRAY) {
        return Some(());
    }
    let (values, most) = (values(page, levels)?, page.num_values().into());
    let mut walk = Walk::new(values);
    delta(&mut walk, most)?;
    if encoding == Encoding::DELTA_BYTE_ARRAY { delta(&mut walk, most) } else { Some(()) }
}

/// The bytes of a page behind its levels.
fn values(page: &Page, (missing, lists): (bool, bool)) -> Option<&[u8]> {
    let buffer: &[u8] = page.buffer();
    if let Page::DataPageV2 { def_levels_byte_len, rep_levels_byte_len, .. } = page {
        let start = u64::from(*def_levels_byte_len) + u64::from(*rep_levels_byte_len);
        return buffer.get(usize::try_from(start).ok()?..);
    }
    let mut rest = buffer;
    for _ in 0..usize::from(missing) + usize::from(lists) {
        let (length, behind) = rest.split_first_chunk::<4>()?;
        rest = behind.get(usize::try_from(u32::from_le_bytes(*length)).ok()?..)?;
    }
    Some(rest)
}

/// Goes over numbers in delta encoding; none if they are more than `most`, or more than there are bytes for.
fn delta(walk: &mut Walk<'_>, most: u64) -> Option<()> {
    let (block, parts, count) = (walk.varint()?, walk.varint()?, walk.varint()?);
    walk.varint()?;
    let each = block.checked_div(parts)?;
    if count > most || each == 0 || parts > walk.left() as u64 {
        return (count <= 1).then_some(());
    }
    let mut left = count.saturating_sub(1);
    while left > 0 {
        walk.varint()?;
        let mut widths = *walk;
        walk.pass(usize::try_from(parts).ok()?)?;
        for _ in 0..parts {
            if left == 0 {
                break;
            }
            let width = u64::from(widths.byte()?);
            walk.pass(usize::try_from(each.checked_mul(width)? / 8).ok()?)?;
            left = left.saturating_sub(each);
        }
    }
    Some(())
}

impl<R: PageReader> Iterator for Checked<R> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl<R: PageReader> PageReader for Checked<R> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.inner.get_next_page()?.map(|page| self.check(page)).transpose()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.inner.skip_next_page()
    }

    fn supports_deferred_dictionary(&self) -> bool {
        self.inner.supports_deferred_dictionary()
    }

    fn take_deferred_dictionary(&mut self) -> Result<Option<Page>> {
        self.inner.take_deferred_dictionary()?.map(|page| self.check(page)).transpose()
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.inner.at_record_boundary()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::basic::Encoding;
    use parquet::column::page::Page;

    use super::{Chunk, Place, check, fits};

    /// The header of a data page of one value that is this long when unpacked, and its end.
    fn page(unpacked: u32, values: u32) -> Vec<u8> {
        let mut bytes = vec![0x15, 0];
        for (head, mut number) in [(0x15, unpacked * 2), (0x15, 0), (0x2C, 0), (0x15, values * 2)] {
            bytes.push(head);
            while head != 0x2C && number >= 0x80 {
                bytes.push(u8::try_from(number & 0x7F).unwrap() | 0x80);
                number >>= 7;
            }
            if head != 0x2C {
                bytes.push(u8::try_from(number).unwrap());
            }
        }
        bytes.extend([0, 0]);
        bytes
    }

    fn found(bytes: Vec<u8>, values: u64) -> Result<u64, String> {
        let chunk = Chunk { start: 0, end: bytes.len() as u64, values };
        check(&Place::memory(bytes, Arc::default()), "t", chunk).map_err(|failure| failure.code.to_string())
    }

    #[test]
    fn a_page_is_looked_at_before_it_is_unpacked() {
        assert_eq!(found(page(1000, 1), 1), Ok(1000));
        assert_eq!(found([page(1000, 1), page(10, 1)].concat(), 2), Ok(1000));
        assert_eq!(found(page(1 << 30, 1), 1), Err("limit".to_owned()));
        assert_eq!(found(page(1000, 1), 2), Err("format".to_owned()));
        assert_eq!(found(page(1000, 3), 2), Err("format".to_owned()));
        assert_eq!(found(vec![0xFF; 40], 2), Err("format".to_owned()));
    }

    #[test]
    fn delta_encodings_may_not_promise_more_than_the_page() {
        let page = |bytes: Vec<u8>, encoding| Page::DataPage {
            buf: bytes.into(),
            num_values: 3,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        // Blocks of 128 in 4 parts, then how many there are, then the first of them.
        let honest = vec![0x80, 1, 4, 3, 0, 0, 0, 0, 0, 0];
        let lying = vec![0x80, 1, 4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x3F, 0];
        let encoding = Encoding::DELTA_LENGTH_BYTE_ARRAY;
        assert!(fits(&page(honest.clone(), encoding), (false, false)).is_some());
        assert!(fits(&page(lying.clone(), encoding), (false, false)).is_none());
        let behind = |levels: &[u8], rest: &[u8]| [levels, rest].concat();
        assert!(fits(&page(behind(&[2, 0, 0, 0, 6, 1], &honest), encoding), (true, false)).is_some());
        assert!(fits(&page(behind(&[2, 0, 0, 0, 6, 1], &lying), encoding), (true, false)).is_none());
        let second = behind(&honest, &lying);
        assert!(fits(&page(second, Encoding::DELTA_BYTE_ARRAY), (false, false)).is_none());
        assert!(fits(&page(vec![1, 2], Encoding::PLAIN), (false, false)).is_some());
    }
}
