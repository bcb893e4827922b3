//! Asks Rust's standard library (Grisu and Dragon, core::num::flt2dec) for the shortest decimals of float32 values.
//!
//!   rustc -O -o /tmp/shortest-floats test/parity/generators/shortest-floats.rs
//!   /tmp/shortest-floats > test/parity/golden/shortest-floats.tsv
//!
//! A line is the bits in hexadecimal, a tab, and digits with an exponent. Every exponent comes with its first and last
//! fractions and some from a fixed sequence, so with both neighbours of every power of two.

fn main() {
    let mut state: u32 = 1;
    let mut random = || {
        state = state.wrapping_mul(1664525).wrapping_add(1013904223);
        state >> 9
    };
    for exponent in 0..255u32 {
        let mut fractions = vec![0, 1, 2, 0x400000, 0x7ffffe, 0x7fffff];
        fractions.extend((0..14).map(|_| random()));
        for fraction in fractions {
            let bits = exponent << 23 | fraction;
            if bits != 0 {
                println!("{:08x}\t{:e}", bits, f32::from_bits(bits));
            }
        }
    }
}
