//! The machine's limit: a loop that moves the bytes of a job and computes as good as nothing.

#![allow(unsafe_code, reason = "streaming stores exist only as instructions, and C hands over pointers")]

use std::arch::x86_64::{
    __m128d, __m256d, __m512d, _mm_loadu_pd, _mm_set1_pd, _mm_sfence, _mm_storeu_pd, _mm_stream_pd,
    _mm_xor_pd, _mm256_loadu_pd, _mm256_set1_pd, _mm256_storeu_pd, _mm256_stream_pd, _mm256_xor_pd,
    _mm512_castpd_si512, _mm512_castsi512_pd, _mm512_loadu_pd, _mm512_set1_pd, _mm512_storeu_pd,
    _mm512_stream_pd, _mm512_xor_si512,
};

/// Rows that fill a cache line of bands; every block of the loop has so many.
const BLOCK: usize = 64;

/// Bitmaps are read for so many blocks at once: a processor that reads long columns side by side loses its place in them
/// when it has to go and look at bitmaps, so whoever wants all that the memory gives goes seldom.
const LOOK: usize = 256;

/// Above so many columns, eight blocks of a column are read before the next column.
const MANY: usize = 24;

/// The columns that a job reads and writes. Rows past the last whole block of 64 are left out.
#[derive(Debug)]
pub struct Streams<'a> {
    /// Columns of numbers, each with at least `rows` of them.
    pub values: &'a [*const f64],
    /// Their bitmaps, each with at least `rows` bits.
    pub validity: &'a [*const u8],
    /// Columns of numbers to write.
    pub outputs: &'a [*mut f64],
    /// The column of bytes to write; may be null.
    pub band: *mut u8,
    /// How many rows there are.
    pub rows: usize,
}

// SAFETY: threads read what nobody writes, and write rows of their own.
unsafe impl Sync for Streams<'_> {}

impl Streams<'_> {
    /// Whether every output begins at a cache line, as streaming stores need.
    pub fn aligned(&self) -> bool {
        let outputs = self.outputs.iter().all(|output| output.addr().is_multiple_of(BLOCK));
        outputs && self.band.addr().is_multiple_of(BLOCK)
    }
}

/// Moves the bytes of every column once, on so many threads.
///
/// `streaming` writes past the caches; outputs that do not begin at a cache line are then written plainly.
///
/// # Safety
/// Every column holds what [`Streams`] says, for reading or for writing, and nobody else writes there meanwhile.
pub unsafe fn traffic(streams: &Streams<'_>, threads: usize, streaming: bool) {
    let blocks = streams.rows / BLOCK;
    let piece = blocks.div_ceil(threads.max(1)).max(1);
    let streaming = streaming && streams.aligned();
    std::thread::scope(|scope| {
        let mut start = piece;
        while start < blocks {
            let range = (start, (start + piece).min(blocks));
            // SAFETY: the caller's promise; ranges do not overlap.
            scope.spawn(move || unsafe { part(streams, range, streaming) });
            start += piece;
        }
        // SAFETY: as above.
        unsafe { part(streams, (0, piece.min(blocks)), streaming) };
    });
}

/// The widest instructions that the machine has.
unsafe fn part(streams: &Streams<'_>, range: (usize, usize), streaming: bool) {
    // SAFETY: the instructions are there, the columns by the caller's promise.
    unsafe {
        if std::is_x86_feature_detected!("avx512f") {
            avx512(streams, range, streaming);
        } else if std::is_x86_feature_detected!("avx") {
            avx(streams, range, streaming);
        } else {
            walk::<__m128d>(streams, range, streaming);
        }
        // Streaming stores are done when the loop is.
        _mm_sfence();
    }
}

#[target_feature(enable = "avx512f")]
unsafe fn avx512(streams: &Streams<'_>, range: (usize, usize), streaming: bool) {
    // SAFETY: the caller's promise.
    unsafe { walk::<__m512d>(streams, range, streaming) }
}

#[target_feature(enable = "avx")]
unsafe fn avx(streams: &Streams<'_>, range: (usize, usize), streaming: bool) {
    // SAFETY: the caller's promise.
    unsafe { walk::<__m256d>(streams, range, streaming) }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "compiled once for each instruction set")]
unsafe fn walk<V: Vector>(streams: &Streams<'_>, (start, end): (usize, usize), streaming: bool) {
    let step = if streams.values.len() > MANY { 8 } else { 1 };
    let mut block = start;
    // SAFETY: the instructions are there.
    let mut bits = unsafe { V::splat(0.0) };
    while block < end {
        let until = (block + step).min(end);
        // SAFETY: blocks below `rows / 64` are inside every column.
        unsafe {
            if (block - start).is_multiple_of(LOOK) {
                bits = V::splat(f64::from_bits(look(streams, block, (block + LOOK).min(end))));
            }
            let sum = read::<V>(streams, block, until).xor(bits);
            if streaming {
                write::<V, true>(streams, block, until, sum);
            } else {
                write::<V, false>(streams, block, until, sum);
            }
        }
        block = until;
    }
}

/// Reads some blocks of each column, one column after the other.
#[inline(always)]
#[expect(clippy::inline_always, reason = "compiled once for each instruction set")]
unsafe fn read<V: Vector>(streams: &Streams<'_>, start: usize, end: usize) -> V {
    // SAFETY: the caller's promise.
    unsafe {
        let mut sums = [V::splat(0.0); 8];
        for values in streams.values {
            for block in start..end {
                let from = values.add(block * BLOCK);
                let mut row = 0;
                while row < BLOCK {
                    for (place, sum) in sums.iter_mut().enumerate() {
                        *sum = sum.xor(V::load(from.add(row + place * V::LANES)));
                    }
                    row += 8 * V::LANES;
                }
            }
        }
        sums.into_iter().fold(V::splat(0.0), |a, b| a.xor(b))
    }
}

/// Reads the bitmaps of some blocks, one column after the other.
unsafe fn look(streams: &Streams<'_>, start: usize, end: usize) -> u64 {
    let words = streams.validity.iter().flat_map(|validity| {
        // SAFETY: the caller's promise.
        (start..end)
            .map(move |block| unsafe { validity.add(block * BLOCK / 8).cast::<u64>().read_unaligned() })
    });
    words.fold(0, |all, word| all ^ word)
}

/// Writes some blocks of each output, whole cache lines one after the other.
#[inline(always)]
#[expect(clippy::inline_always, reason = "compiled once for each instruction set")]
unsafe fn write<V: Vector, const STREAMING: bool>(streams: &Streams<'_>, start: usize, end: usize, sum: V) {
    // SAFETY: the caller's promise.
    unsafe {
        let put = |to: *mut f64| if STREAMING { V::stream(to, sum) } else { V::store(to, sum) };
        for output in streams.outputs {
            let mut row = start * BLOCK;
            while row < end * BLOCK {
                put(output.add(row));
                row += V::LANES;
            }
        }
        if !streams.band.is_null() {
            let mut row = start * BLOCK;
            while row < end * BLOCK {
                #[expect(
                    clippy::cast_ptr_alignment,
                    reason = "stores say themselves what alignment they need"
                )]
                put(streams.band.add(row).cast::<f64>());
                row += V::LANES * 8;
            }
        }
    }
}

/// A register of numbers. Every method needs the instruction set of its type.
trait Vector: Copy {
    const LANES: usize;
    unsafe fn splat(value: f64) -> Self;
    unsafe fn load(from: *const f64) -> Self;
    unsafe fn xor(self, other: Self) -> Self;
    unsafe fn store(to: *mut f64, value: Self);
    unsafe fn stream(to: *mut f64, value: Self);
}

macro_rules! vector {
    ($type:ty, $lanes:literal, $splat:ident, $load:ident, $store:ident, $stream:ident, $xor:expr) => {
        impl Vector for $type {
            const LANES: usize = $lanes;
            #[inline(always)]
            unsafe fn splat(value: f64) -> Self {
                // SAFETY: the caller has checked for the instruction set.
                unsafe { $splat(value) }
            }
            #[inline(always)]
            unsafe fn load(from: *const f64) -> Self {
                // SAFETY: as above, and the place is inside a column.
                unsafe { $load(from) }
            }
            #[inline(always)]
            unsafe fn xor(self, other: Self) -> Self {
                // SAFETY: as above.
                unsafe { $xor(self, other) }
            }
            #[inline(always)]
            unsafe fn store(to: *mut f64, value: Self) {
                // SAFETY: as above, and the place is inside an output.
                unsafe { $store(to, value) }
            }
            #[inline(always)]
            unsafe fn stream(to: *mut f64, value: Self) {
                // SAFETY: as above, and outputs begin at a cache line.
                unsafe { $stream(to, value) }
            }
        }
    };
}

vector!(__m128d, 2, _mm_set1_pd, _mm_loadu_pd, _mm_storeu_pd, _mm_stream_pd, |a, b| _mm_xor_pd(a, b));
vector!(__m256d, 4, _mm256_set1_pd, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_stream_pd, |a, b| {
    _mm256_xor_pd(a, b)
});
vector!(__m512d, 8, _mm512_set1_pd, _mm512_loadu_pd, _mm512_storeu_pd, _mm512_stream_pd, |a, b| {
    _mm512_castsi512_pd(_mm512_xor_si512(_mm512_castpd_si512(a), _mm512_castpd_si512(b)))
});

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows that begin at a cache line.
    #[repr(align(64))]
    #[derive(Clone, Copy)]
    struct Line([f64; 8]);

    #[test]
    fn every_row_of_every_output_is_written_and_every_input_counts() {
        const LINES: usize = 8 * 40;
        for (threads, streaming) in [(1, false), (1, true), (2, false), (3, true)] {
            for columns in [1, MANY + 1] {
                let mut values = vec![vec![0.0_f64; LINES * 8]; columns];
                let mut validity = vec![vec![0_u8; LINES]; columns];
                // One bit of the last column, seen in all that the first thread writes, and one of its first number, seen
                // in what is written with it: the exclusive or of all that was read.
                validity[columns - 1][0] = 1;
                values[columns - 1][0] = f64::from_bits(2);
                let mut output = vec![Line([9.0; 8]); LINES];
                let mut band = vec![Line([9.0; 8]); LINES / 8];
                let values: Vec<_> = values.iter().map(Vec::as_ptr).collect();
                let validity: Vec<_> = validity.iter().map(Vec::as_ptr).collect();
                let streams = Streams {
                    values: &values,
                    validity: &validity,
                    outputs: &[output.as_mut_ptr().cast()],
                    band: band.as_mut_ptr().cast(),
                    rows: LINES * 8,
                };
                assert!(streams.aligned());
                // SAFETY: the columns are as long as they say.
                unsafe { traffic(&streams, threads, streaming) };
                let (piece, block) = ((LINES / 8).div_ceil(threads), if columns > MANY { 8 } else { 1 });
                let expected = |of: usize| u64::from(of < piece) | if of < block { 2 } else { 0 };
                // The bit of the first number is in the first of each register, whatever its width.
                let good = |line: &Line, expected: u64| {
                    let bits = line.0.map(f64::to_bits);
                    bits[0] == expected && bits.iter().all(|bits| bits & 1 == expected & 1)
                };
                for (line, written) in output.iter().enumerate() {
                    assert!(good(written, expected(line / 8)), "line {line}");
                }
                for (line, written) in band.iter().enumerate() {
                    assert!(good(written, expected(line)), "line {line} of the band");
                }
            }
        }
    }
}
