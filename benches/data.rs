//! Columns from a seed: the same numbers in every language and on every machine.

/// What a fresh stream of splitmix64 adds for each number.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// How a column is filled.
#[derive(Clone, Copy, Debug)]
pub struct Filling {
    /// The seed of the job and the place of the column in it.
    pub seed: (u64, u64),
    /// The share of missing values, 0..1, in steps of 1/65536.
    pub null_share: f64,
    /// How many different values there are: 0, 1, 2, ...
    pub steps: u32,
    /// What each of them is divided by.
    pub divisor: f64,
    /// Whether numbers out of range stand where a value is missing; otherwise not-a-number stands there.
    pub garbage: bool,
}

/// One scrambling of splitmix64.
const fn mix(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Fills a column and its bitmap (a set bit is a value), which holds at least one bit for each value.
///
/// Row `i` of column `c` draws `mix(mix(mix(seed) ^ (c + 1)) + i * golden)`: seeds are scrambled first, because two
/// streams whose seeds differ by a multiple of the increment would be copies of each other. The low 16 bits decide
/// whether the value is missing, the high 32 bits, modulo `steps` and over `divisor`, are the value.
pub fn fill(values: &mut [f64], validity: &mut [u8], filling: Filling) {
    let stream = mix(mix(filling.seed.0) ^ filling.seed.1.wrapping_add(1));
    let missing_below = (filling.null_share.clamp(0.0, 1.0) * 65_536.0).round();
    let mut state = stream;
    for (rows, bits) in values.chunks_mut(8).zip(validity) {
        let mut byte = 0_u8;
        for (place, value) in rows.iter_mut().enumerate() {
            let draw = mix(state);
            state = state.wrapping_add(GOLDEN);
            let [low, high, ..] = draw.to_le_bytes();
            let missing = f64::from(u16::from_le_bytes([low, high])) < missing_below;
            let number = u32::try_from(draw >> 32).unwrap_or_default() % filling.steps.max(1);
            *value = match (missing, filling.garbage) {
                (false, _) => f64::from(number) / filling.divisor,
                (true, false) => f64::NAN,
                (true, true) => 1e300 - f64::from(number),
            };
            byte |= u8::from(!missing) << place;
        }
        *bits = byte;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILLING: Filling =
        Filling { seed: (7, 0), null_share: 0.1, steps: 101, divisor: 100.0, garbage: false };

    fn column(filling: Filling) -> (Vec<f64>, Vec<u8>) {
        let (mut values, mut validity) = (vec![0.0; 80_000], vec![0; 10_000]);
        fill(&mut values, &mut validity, filling);
        (values, validity)
    }

    #[test]
    fn the_first_numbers_of_a_seed_stay_what_they_are() {
        let (values, validity) = column(FILLING);
        let shown: Vec<String> = values.iter().take(6).map(f64::to_string).collect();
        assert_eq!(shown, FIRST, "a new generator is a new manifest version");
        assert_eq!(
            validity[0].count_ones(),
            8 - u32::try_from(values[..8].iter().filter(|x| x.is_nan()).count()).unwrap()
        );
    }

    /// Computed apart, from the words above `fill`.
    const FIRST: [&str; 6] = ["NaN", "0.6", "0.18", "0.32", "0.46", "0.54"];

    #[test]
    fn about_a_tenth_is_missing_and_every_value_is_a_hundredth() {
        let (values, validity) = column(FILLING);
        let present: u32 = validity.iter().map(|byte| byte.count_ones()).sum();
        assert!((71_500..72_500).contains(&present), "{present} of 80,000");
        for (row, value) in values.iter().enumerate() {
            let valid = validity[row / 8] >> (row % 8) & 1 == 1;
            assert_eq!(valid, !value.is_nan());
            assert!(
                !valid
                    || ((value * 100.0).round() - value * 100.0).abs() < 1e-9 && (0.0..=1.0).contains(value)
            );
        }
    }

    #[test]
    fn columns_and_seeds_differ() {
        let other = column(Filling { seed: (7, 1), ..FILLING }).0;
        let same = column(FILLING).0.iter().zip(&other).filter(|(a, b)| a.to_bits() == b.to_bits()).count();
        assert!(same < 2000, "{same} of 80,000 values are equal, chance gives about 640");
    }
}
