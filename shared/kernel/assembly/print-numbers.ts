/**
 * Prints float32 values as JSON numbers, in the fewest digits that read back as the same float32.
 *
 * They look as JavaScript prints numbers (ECMA-262, Number::toString): 0.0625, 1e-7, 1200; but for -0, which keeps its sign.
 */
import { digits, exponent, shortestDecimal } from "./shortest-decimal";

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

/** A decimal's digits but its ninth, if it has nine, which is in front; and how many they are together. */
let singles: u64 = 0;
let ninth: u32 = 0;
let length: i32 = 0;

function splitDigits(number: u32): void {
  ninth = number / 100000000;
  singles = eightDigits(number % 100000000);
  length = ninth ? 9 : 8 - <i32>(ctz(singles) >> 3);
}

/** Prints them without the zeros at the end; returns how many are left. Writes eight bytes more. */
@inline
function printDigits(text: usize): u32 {
  let at = text;
  if (ninth) store<u8>(at++, zero + <u8>ninth);
  const leading = ninth ? 0 : 8 - length;
  store<u64>(at, (singles | 0x3030303030303030) >> (leading << 3));
  const trailing = singles ? <u32>clz(singles) >> 3 : 8;
  return length - trailing;
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
function printNumber(text: usize, bits: u32): usize {
  let at = text;
  if (bits >> 31) store<u8>(at++, minus);
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
  shortestDecimal(positive);
  splitDigits(digits);
  const place = length + exponent;
  if (place <= 0 && place > mostSmall) {
    // "0." and zeros; the digits overwrite those that are too many.
    store<u64>(at, 0x3030303030302e30);
    at += 2 - place;
    return at + printDigits(at);
  }
  return placePoint(at, printDigits(at), place);
}

/** Prints `count` float32 values with commas between them; returns the bytes of it. */
export function printNumbersAt(values: usize, count: u32, text: usize): u32 {
  if (count == 0) return 0;
  let at = text;
  for (let i: u32 = 0; i < count; i++) {
    at = printNumber(at, load<u32>(values + (i << 2)));
    store<u8>(at++, comma);
  }
  return <u32>(at - text) - 1;
}
