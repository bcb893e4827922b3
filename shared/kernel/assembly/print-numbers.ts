/**
 * Prints float32 values as JSON numbers, in the fewest digits that read back as the same float32.
 *
 * They look as JavaScript prints numbers (ECMA-262, Number::toString): 0.0625, 1e-7, 1200; but for -0, which keeps its sign.
 */
import { prepareDecimals, shortestDecimal } from "./shortest-decimal";

const zero: u8 = 0x30;
const point: u8 = 0x2e;
const comma: u8 = 0x2c;
const minus: u8 = 0x2d;
const plus: u8 = 0x2b;
const letterE: u8 = 0x65;

/** Decimal exponents from which on, and down to which, numbers are printed with an exponent. */
const leastLarge: i32 = 21;
const mostSmall: i32 = -6;

/** Eight decimal digits, a byte each, the first one lowest. */
@inline
function eightDigits(number: u32): u64 {
  // Two halves of four digits, then four pairs of two, then eight single ones: each division is a multiplication and a
  // shift that is exact in the range that can come.
  const halves = <u64>(number / 10000) | (<u64>(number % 10000) << 32);
  const hundreds = ((halves * 10486) >> 20) & 0x7f0000007f;
  const pairs = hundreds | ((halves - hundreds * 100) << 16);
  const tens = ((pairs * 103) >> 10) & 0xf000f000f000f;
  return tens | ((pairs - tens * 10) << 8);
}

/** 10^n for n from 0 to 9, the digits that a float32 needs at most. */
const powersOfTen: usize = memory.data<u32>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
]);

/** How many decimal digits a number below 10^9 has; 0 has one. */
@inline
function countDigits(number: u32): u32 {
  // 1233 / 4096 is a little more than log10(2): right, or one too few.
  const least = ((32 - clz(number | 1)) * 1233) >> 12;
  return least + u32(number >= load<u32>(powersOfTen + (<usize>least << 2)));
}

/**
 * Prints the digits of a number below 10^9 without the zeros at its end; returns how many are left. Writes nine bytes.
 *
 * @param count Of all its digits.
 */
@inline
function printDigits(text: usize, number: u32, count: u32): u32 {
  // All nine digits, whatever their number: branching on it would cost more.
  const aligned = number * load<u32>(powersOfTen + (<usize>(9 - count) << 2));
  const others = eightDigits(aligned % 100000000);
  store<u8>(text, zero + <u8>(aligned / 100000000));
  store<u64>(text + 1, others | 0x3030303030303030);
  return 9 - (<u32>clz(others) >> 3);
}

/** Moves the point into `count` digits at `text`, where the number is 0.digits * 10^place; returns the end. */
@inline
function placePoint(text: usize, count: u32, place: i32): usize {
  if (place >= <i32>count && place <= leastLarge) {
    memory.fill(text + count, zero, place - count);
    return text + place;
  }
  if (place > 0 && place <= leastLarge) {
    memory.copy(text + place + 1, text + place, count - place);
    store<u8>(text + place, point);
    return text + count + 1;
  }
  return printExponent(text, count, place - 1);
}

/** Digits with one of them before the point, and the power of ten behind; returns the end. */
function printExponent(text: usize, count: u32, power: i32): usize {
  let at = text + 1;
  if (count > 1) {
    memory.copy(text + 2, text + 1, count - 1);
    store<u8>(text + 1, point);
    at = text + count + 1;
  }
  store<u8>(at, letterE);
  store<u8>(at + 1, power < 0 ? minus : plus);
  at += 2;
  const size = <u32>abs(power);
  if (size >= 10) store<u8>(at++, zero + <u8>(size / 10));
  store<u8>(at, zero + <u8>(size % 10));
  return at + 1;
}

/** One value; returns the end. */
@inline
function printNumber(text: usize, bits: u32): usize {
  let at = text;
  store<u8>(at, minus);
  at += bits >> 31;
  const positive = bits & 0x7fffffff;
  if (positive == 0) {
    store<u8>(at, zero);
    return at + 1;
  }
  // JSON has no infinities; JSON.stringify prints null, too.
  if (positive >= 0x7f800000) {
    store<u32>(text, 0x6c6c756e);
    return text + 4;
  }
  const decimal = shortestDecimal(positive);
  const digits = <u32>decimal;
  const count = countDigits(digits);
  const place = <i32>count + <i32>(decimal >> 32);
  if (place <= 0 && place > mostSmall) {
    // "0." and zeros; the digits overwrite those that are too many.
    store<u64>(at, 0x3030303030302e30);
    at += 2 - place;
    return at + printDigits(at, digits, count);
  }
  return placePoint(at, printDigits(at, digits, count), place);
}

/** Prints `count` float32 values with commas between them; returns the bytes of it. */
export function printNumbersAt(values: usize, count: u32, text: usize): u32 {
  if (count == 0) return 0;
  prepareDecimals();
  let at = text;
  for (let i: u32 = 0; i < count; i++) {
    at = printNumber(at, load<u32>(values + (i << 2)));
    store<u8>(at++, comma);
  }
  return <u32>(at - text) - 1;
}
