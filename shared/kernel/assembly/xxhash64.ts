/** XXH64 (Yann Collet, xxHash specification 0.1.1), which guards a model file against damage. */

const prime1: u64 = 0x9e37_79b1_85eb_ca87;
const prime2: u64 = 0xc2b2_ae3d_27d4_eb4f;
const prime3: u64 = 0x1656_67b1_9e37_79f9;
const prime4: u64 = 0x85eb_ca77_c2b2_ae63;
const prime5: u64 = 0x27d4_eb2f_1656_67c5;

@inline
function round(accumulator: u64, lane: u64): u64 {
  return rotl(accumulator + lane * prime2, 31) * prime1;
}

@inline
function merge(hash: u64, accumulator: u64): u64 {
  return (hash ^ round(0, accumulator)) * prime1 + prime4;
}

let lane1: u64 = 0;
let lane2: u64 = 0;
let lane3: u64 = 0;
let lane4: u64 = 0;

/** Begins a hash with seed 0 of bytes that come piece by piece. */
export function beginHash(): void {
  lane1 = prime1 + prime2;
  lane2 = prime2;
  lane3 = 0;
  lane4 = 0 - prime1;
}

/** Takes the next `length` bytes in: a multiple of 32. */
export function hashStripes(pointer: usize, length: u32): void {
  const end = pointer + length;
  let first = lane1;
  let second = lane2;
  let third = lane3;
  let fourth = lane4;
  for (let at = pointer; at < end; at += 32) {
    first = round(first, load<u64>(at));
    second = round(second, load<u64>(at, 8));
    third = round(third, load<u64>(at, 16));
    fourth = round(fourth, load<u64>(at, 24));
  }
  lane1 = first;
  lane2 = second;
  lane3 = third;
  lane4 = fourth;
}

/** Ends a hash with the `length` bytes, less than 32, that are left of `total`. */
export function finishHash(pointer: usize, length: u32, total: u64): u64 {
  const end = pointer + length;
  let at = pointer;
  let hash: u64;
  if (total >= 32) {
    hash = rotl(lane1, 1) + rotl(lane2, 7) + rotl(lane3, 12) + rotl(lane4, 18);
    hash = merge(merge(merge(merge(hash, lane1), lane2), lane3), lane4);
  } else {
    hash = prime5;
  }
  hash += total;
  for (; at + 8 <= end; at += 8) hash = rotl(hash ^ round(0, load<u64>(at)), 27) * prime1 + prime4;
  if (at + 4 <= end) {
    hash = rotl(hash ^ (<u64>load<u32>(at) * prime1), 23) * prime2 + prime3;
    at += 4;
  }
  for (; at < end; at++) hash = rotl(hash ^ (<u64>load<u8>(at) * prime5), 11) * prime1;
  hash = (hash ^ (hash >> 33)) * prime2;
  hash = (hash ^ (hash >> 29)) * prime3;
  return hash ^ (hash >> 32);
}

/** The 64-bit hash, with seed 0, of `length` bytes. */
export function xxHash64(pointer: usize, length: u32): u64 {
  const stripes = length & ~31;
  beginHash();
  hashStripes(pointer, stripes);
  return finishHash(pointer + stripes, length & 31, length);
}
