/**
 * The fewest decimal digits that read back as a float32, after Raffaello Giulietti, "The Schubfach way to render
 * doubles" (2020), for 24-bit significands.
 *
 * A float32 stands for all numbers nearer to it than to its neighbours. Of the decimals in that interval Schubfach
 * takes one of the shortest, and of those the nearest to the value: it looks at the multiples of a power of ten, of
 * which the interval holds at least one and at most nine, and at those of ten times that power.
 *
 * Schubfach rounds both ends of the interval and the value so that none of its comparisons can go wrong. Nearly always
 * they cannot anyway, and the value alone decides: `shortestDecimal` finds out with one multiplication in place of
 * three, and asks `schubfach` where it is in doubt.
 */

/** Decimal exponents of the first and last power of ten that a float32 needs. */
const firstPower: i32 = -31;

/** 10^k for k from -31 to 45, scaled by a power of two to 64 bits and rounded up; a test computes them again. */
const powersOfTen: usize = memory.data<u64>([
  0x81ceb32c4b43fcf5, 0xa2425ff75e14fc32, 0xcad2f7f5359a3b3f, 0xfd87b5f28300ca0e,
  0x9e74d1b791e07e49, 0xc612062576589ddb, 0xf79687aed3eec552, 0x9abe14cd44753b53,
  0xc16d9a0095928a28, 0xf1c90080baf72cb2, 0x971da05074da7bef, 0xbce5086492111aeb,
  0xec1e4a7db69561a6, 0x9392ee8e921d5d08, 0xb877aa3236a4b44a, 0xe69594bec44de15c,
  0x901d7cf73ab0acda, 0xb424dc35095cd810, 0xe12e13424bb40e14, 0x8cbccc096f5088cc,
  0xafebff0bcb24aaff, 0xdbe6fecebdedd5bf, 0x89705f4136b4a598, 0xabcc77118461cefd,
  0xd6bf94d5e57a42bd, 0x8637bd05af6c69b6, 0xa7c5ac471b478424, 0xd1b71758e219652c,
  0x83126e978d4fdf3c, 0xa3d70a3d70a3d70b, 0xcccccccccccccccd, 0x8000000000000000,
  0xa000000000000000, 0xc800000000000000, 0xfa00000000000000, 0x9c40000000000000,
  0xc350000000000000, 0xf424000000000000, 0x9896800000000000, 0xbebc200000000000,
  0xee6b280000000000, 0x9502f90000000000, 0xba43b74000000000, 0xe8d4a51000000000,
  0x9184e72a00000000, 0xb5e620f480000000, 0xe35fa931a0000000, 0x8e1bc9bf04000000,
  0xb1a2bc2ec5000000, 0xde0b6b3a76400000, 0x8ac7230489e80000, 0xad78ebc5ac620000,
  0xd8d726b7177a8000, 0x878678326eac9000, 0xa968163f0a57b400, 0xd3c21bcecceda100,
  0x84595161401484a0, 0xa56fa5b99019a5c8, 0xcecb8f27f4200f3a, 0x813f3978f8940985,
  0xa18f07d736b90be6, 0xc9f2c9cd04674edf, 0xfc6f7c4045812297, 0x9dc5ada82b70b59e,
  0xc5371912364ce306, 0xf684df56c3e01bc7, 0x9a130b963a6c115d, 0xc097ce7bc90715b4,
  0xf0bdc21abb48db21, 0x96769950b50d88f5, 0xbc143fa4e250eb32, 0xeb194f8e1ae525fe,
  0x92efd1b8d0cf37bf, 0xb7abc627050305ae, 0xe596b7b0c643c71a, 0x8f7e32ce7bea5c70,
  0xb35dbf821ae4f38c,
]);

/** Ten, with 32 bits behind the point. */
const ten: u64 = 10 << 32;

/**
 * Where two lengths are as near as this, in units of their last bit, what was cut off could decide: the value and half
 * the distance are each less than 1.1 too small and less than 0.1 too large, so no difference of theirs is off by 3.
 */
const doubt: u64 = 4;

/** floor(log10(2^q)), or of 3/4 of it, where the next lower float32 is only half as far away. */
@inline
function floorLog10(q: i32, lowerIsCloser: bool): i32 {
  return (q * 1262611 - (lowerIsCloser ? 524031 : 0)) >> 22;
}

/** floor(log2(10^k)) */
@inline
function floorLog2OfPowerOfTen(k: i32): i32 {
  return (k * 1741647) >> 19;
}

/** The upper 32 bits of `power` * `factor` / 2^32, the last bit set if any below are: rounded to odd. */
@inline
function roundedProduct(power: u64, factor: u32): u32 {
  const product = (power >> 32) * <u64>factor + (((power & 0xffffffff) * <u64>factor) >> 32);
  return <u32>(product >> 32) | u32(<u32>product > 1);
}

/** By exponent as the bits have it: the distance between neighbours in units of 10^k, with 60 bits behind the point. */
const distances: usize = memory.data(255 * 8, 8);
/** By exponent: k. */
const exponents: usize = memory.data(255, 1);

/** Makes the tables of `shortestDecimal`, once. */
export function prepareDecimals(): void {
  if (load<u64>(distances, 8)) return;
  for (let biased: i32 = 1; biased < 255; biased++) {
    const q = biased - 150;
    const k = floorLog10(q, false);
    const power = load<u64>(powersOfTen + (<usize>(-k - firstPower) << 3));
    // Between 1 and 4.
    const shift = q + floorLog2OfPowerOfTen(-k) + 1;
    store<u64>(distances + (<usize>biased << 3), power >> (4 - shift));
    store<i8>(exponents + biased, <i8>k);
  }
}

/**
 * The decimal of a float32, given as its bits without the sign; zero and infinities are not for it.
 *
 * All lengths are in units of 10^k, with 32 bits behind the point.
 *
 * @returns its digits as a number in the lower half, with a zero or several at the end perhaps; in the upper half the
 *   power of ten to multiply them by, signed
 */
@inline
export function shortestDecimal(bits: u32): u64 {
  const fraction = bits & 0x7fffff;
  const biased = <usize>(bits >> 23);
  const distance = load<u64>(distances + (biased << 3));
  const significand = <u64>(fraction | 0x800000);
  const value = (((distance >> 32) * significand) << 4) + (((distance & 0xffffffff) * significand) >> 28);
  const half = distance >> 29;

  const floor = <u32>(value >> 32);
  const tens = floor / 10;
  // How far it is to the multiples of ten below and above: the shorter decimal is one of them.
  const down = value - (<u64>(tens * 10) << 32);
  const up = ten - down;
  const behindPoint = <u32>value;
  // A power of two has its lower neighbour nearer; a subnormal number has distance 0 here, which is in doubt as well.
  const doubtful =
    u32(fraction == 0) |
    u32(down - half + doubt <= 2 * doubt) |
    u32(up - half + doubt <= 2 * doubt) |
    u32(behindPoint - 0x8000_0000 + <u32>doubt <= 2 * <u32>doubt);
  if (doubtful) return schubfach(bits);

  const tensAbove = u32(up < half);
  const short = u32(down < half) | tensAbove;
  const digits = choose(short, (tens + tensAbove) * 10, floor + (behindPoint >> 31));
  return <u64>digits | (<u64>load<i8>(exponents + biased) << 32);
}

/** The same, in no doubt. */
function schubfach(bits: u32): u64 {
  const fraction = bits & 0x7fffff;
  const biased = bits >> 23;
  const significand = biased ? fraction | 0x800000 : fraction;
  const q = <i32>(biased ? biased : 1) - 150;
  const lowerIsCloser = fraction == 0 && biased > 1;
  const k = floorLog10(q, lowerIsCloser);
  const shift = q + floorLog2OfPowerOfTen(-k) + 1;
  const power = load<u64>(powersOfTen + (<usize>(-k - firstPower) << 3));

  // The ends of the interval and the value itself, each four times over in units of 10^k.
  const lower = roundedProduct(power, (significand * 4 - 2 + u32(lowerIsCloser)) << shift);
  const value = roundedProduct(power, (significand * 4) << shift);
  const upper = roundedProduct(power, (significand * 4 + 2) << shift);
  // Ties go to even significands, so the ends belong to those alone.
  const odd = significand & 1;
  const least = lower + odd;
  const most = upper - odd;

  // Which of the candidates it is, is as good as random, so nothing branches on it: a wrong guess of the processor takes
  // longer than all of this. Conditions are 0 or 1.
  const floor = value >> 2;
  const tens = floor / 10;
  const tensBelow = u32(least <= tens * 40);
  const tensAbove = u32(tens * 40 + 40 <= most);
  const short = u32(floor >= 10) & (tensBelow ^ tensAbove);

  const below = u32(least <= floor * 4);
  const above = u32(floor * 4 + 4 <= most);
  // Where both are in, the nearer one, and of two as near the even one.
  const middle = floor * 4 + 2;
  const nearer = u32(value > middle) | (u32(value == middle) & floor & 1);
  const up = choose(below ^ above, above, nearer);

  const digits = choose(short, tens + tensAbove, floor + up);
  return <u64>digits | (<u64>(k + <i32>short) << 32);
}

/** One of two, without a branch. @param condition 0 or 1 */
@inline
function choose(condition: u32, ifOne: u32, ifZero: u32): u32 {
  return ifZero ^ ((ifZero ^ ifOne) & (0 - condition));
}
