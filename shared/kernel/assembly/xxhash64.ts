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

/** The 64-bit hash, with seed 0, of `length` bytes. */
export function xxHash64(pointer: usize, length: u32): u64 {
  const end = pointer + length;
  let at = pointer;
  let hash: u64;
  if (length >= 32) {
    let lane1 = prime1 + prime2;
    let lane2 = prime2;
    let lane3: u64 = 0;
    let lane4: u64 = 0 - prime1;
    do {
      lane1 = round(lane1, load<u64>(at));
      lane2 = round(lane2, load<u64>(at, 8));
      lane3 = round(lane3, load<u64>(at, 16));
      lane4 = round(lane4, load<u64>(at, 24));
      at += 32;
    } while (at + 32 <= end);
    hash = rotl(lane1, 1) + rotl(lane2, 7) + rotl(lane3, 12) + rotl(lane4, 18);
    hash = merge(merge(merge(merge(hash, lane1), lane2), lane3), lane4);
  } else {
    hash = prime5;
  }
  hash += <u64>length;
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
