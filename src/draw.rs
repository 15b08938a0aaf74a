//! Random numbers that are the same on every machine and in every version: only whole numbers take part in a choice.

/// Which generator, and which way from it to a choice. What it gives is frozen: another one gets another number.
pub const DRAW: u32 = 1;

/// The generator SplitMix64 (Steele, Lea and Flood 2014).
#[derive(Clone, Debug)]
pub struct SplitMix(pub u64);

impl SplitMix {
    /// A stream of its own for each list of words: the hash FNV-1a of the words, with an end behind each.
    pub fn of(words: &[&str]) -> SplitMix {
        let bytes = words.iter().flat_map(|word| word.bytes().chain([0xFF]));
        SplitMix(fnv(bytes))
    }

    /// Any number of 64 bits.
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// One of 0, 1, … `count` − 1, each as likely: the high half of a product, drawn again where that is uneven.
    pub fn below(&mut self, count: u64) -> u64 {
        let uneven = count.wrapping_neg() % count.max(1);
        loop {
            let product = u128::from(self.word()) * u128::from(count);
            if product as u64 >= uneven {
                return (product >> 64) as u64;
            }
        }
    }

    /// Fisher and Yates: the last place first.
    pub fn shuffle(&mut self, rows: &mut [usize]) {
        for last in (1..rows.len()).rev() {
            let other = (self.word() % (last as u64 + 1)) as usize;
            rows.swap(last, other);
        }
    }
}

/// The hash FNV-1a.
pub fn fnv(bytes: impl IntoIterator<Item = u8>) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    bytes.into_iter().fold(0xCBF2_9CE4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_numbers_come_out() {
        // The first numbers of SplitMix64 from 1234567, and the hash of `foobar`, as their authors give them.
        let mut random = SplitMix(1_234_567);
        assert_eq!([random.word(), random.word()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
        assert_eq!(fnv(*b"foobar"), 0x8594_4171_F739_67E8);
    }

    #[test]
    fn the_draws_are_frozen() {
        let digest = |count: u64| {
            let mut random = SplitMix::of(&["2026w", "Q3", "I"]);
            fnv((0..10_000).flat_map(|_| random.below(count).to_le_bytes()))
        };
        assert_eq!([10, 7, 1 << 40].map(digest), [718994676995697091, 6687311844270160643, 1650267100311012547]);
    }

    #[test]
    fn each_choice_is_as_likely() {
        let mut random = SplitMix(1);
        let mut counts = [0_u32; 7];
        (0..70_000).for_each(|_| counts[random.below(7) as usize] += 1);
        assert!(counts.iter().all(|count| (9_600..10_400).contains(count)), "{counts:?}");
    }
}
