//! Where sums lie: for each row a few lines of the cache, so that adding an account touches as few as can be.

/// Where a count starts in a number that holds a sum, too: 2^38 accounts and, of 10^17 each, the sum of 2^33.
const COUNT: u32 = 90;
const SUM: u128 = (1 << COUNT) - 1;

/// One whole number of 128 bits, as the two halves that a processor adds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wide {
    pub(super) low: u64,
    pub(super) high: u64,
}

impl Wide {
    /// The high half of one account more.
    pub(super) const ONE: u64 = 1 << (COUNT - 64);

    /// Adds another. Additions wrap, for speed: [`totals`](crate::compare::totals) says why no sum can grow that large.
    #[inline]
    pub(super) const fn add(&mut self, low: u64, high: u64) {
        let (sum, carry) = self.low.overflowing_add(low);
        self.low = sum;
        self.high = self.high.wrapping_add(high).wrapping_add(carry as u64);
    }

    const fn bits(self) -> u128 {
        (self.high as u128) << 64 | self.low as u128
    }

    /// The number, where it is nothing but a sum.
    pub(super) const fn whole(self) -> i128 {
        self.bits().cast_signed()
    }

    /// The sum below a count.
    pub(super) const fn sum(self) -> i128 {
        (self.bits() & SUM).cast_signed()
    }

    /// The count above a sum.
    pub(super) const fn count(self) -> u64 {
        self.high >> (COUNT - 64)
    }
}

/// Four numbers that the memory hands over at once.
#[repr(align(64))]
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Quad([Wide; 4]);

impl Quad {
    /// The first three numbers.
    #[inline]
    pub(super) const fn head(&mut self) -> (&mut Wide, &mut Wide, &mut Wide) {
        let Self([a, b, c, _]) = self;
        (a, b, c)
    }
}

/// So many numbers for each row.
#[derive(Clone, Debug)]
pub(super) struct Table {
    quads: Vec<Quad>,
    /// How many of them a row has.
    stride: usize,
}

impl Table {
    /// No rows yet.
    pub(super) const fn new(numbers: usize) -> Self {
        Self { quads: Vec::new(), stride: numbers.div_ceil(4) }
    }

    pub(super) const fn empty(&self) -> Self {
        Self { quads: Vec::new(), stride: self.stride }
    }

    pub(super) const fn rows(&self) -> usize {
        self.quads.len() / self.stride
    }

    /// Makes room for rows up to and without `rows`.
    pub(super) fn grow(&mut self, rows: usize) {
        if rows > self.rows() {
            self.quads.resize(rows * self.stride, Quad::default());
        }
    }

    /// The rows, to be added to.
    pub(super) const fn lend(&mut self) -> Rows<'_> {
        Rows { quads: self.quads.as_mut_slice(), stride: self.stride }
    }

    /// One number of a row; 0 where there is no such row.
    pub(super) fn get(&self, row: usize, place: usize) -> Wide {
        let quad = self.quads.get(row * self.stride + place / 4).filter(|_| place / 4 < self.stride);
        quad.and_then(|quad| quad.0.get(place % 4)).copied().unwrap_or_default()
    }

    /// Adds each number of a row of another table to that of a row of this one.
    pub(super) fn merge(&mut self, row: usize, other: &Self, from: usize) {
        self.grow(row + 1);
        let quads = self.quads.iter_mut().skip(row * self.stride).take(self.stride);
        for (quad, added) in quads.zip(other.quads.iter().skip(from * other.stride)) {
            for (number, added) in quad.0.iter_mut().zip(&added.0) {
                number.add(added.low, added.high);
            }
        }
    }
}

/// The rows of a table, where the loop over a block can hold them in registers.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    quads: &'a mut [Quad],
    stride: usize,
}

impl Rows<'_> {
    /// The first three numbers of a row.
    #[inline]
    pub(super) fn head(&mut self, row: usize) -> Option<(&mut Wide, &mut Wide, &mut Wide)> {
        self.quads.get_mut(row.wrapping_mul(self.stride)).map(Quad::head)
    }

    /// Any number of a row.
    #[inline]
    pub(super) fn number(&mut self, row: usize, place: usize) -> Option<&mut Wide> {
        let first = row.wrapping_mul(self.stride);
        self.quads.get_mut(first.wrapping_add(place / 4))?.0.get_mut(place % 4)
    }
}
