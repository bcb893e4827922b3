/** Which ASCII bytes a Unigram tokenizer leaves as they are: those are copied sixteen at a time. */
import { characterSpace, characterWord, firstRecord } from "../../tokenizer/table-layout";
import { matchCharsmap } from "./charsmap";
import { characterValue } from "./normalizer";
import { characterRecords, characterRecordsBytes, charsmapBytes } from "./tables";

/**
 * The bytes that stay, or are capital letters that become small ones: by the low half of the byte a bit for each
 * high half, then the bits by the high half.
 */
export const plainBytes: usize = memory.data(32, 16);
/** 0x20 where capital letters become small ones. */
export let caseBit: u8 = 0;
/** Whether spaces are nothing else: then they may stand among the bytes that stay. */
export let spacesAreSpaces: bool = false;

/** A text of one byte. */
const single: usize = memory.data(1, 4);

/** Finds out what becomes of ASCII; called once per model. */
export function preparePlainBytes(): void {
  memory.fill(plainBytes, 0, 32);
  for (let high: u32 = 0; high < 8; high++) store<u8>(plainBytes + 16 + high, <u8>1 << <u8>high);
  caseBit = 0x20;
  for (let byte: u32 = 0x41; byte <= 0x5a; byte++) if (!becomesSmall(byte)) caseBit = 0;
  for (let byte: u32 = 0; byte < 0x80; byte++) {
    const isCapital = byte - 0x41 < 26;
    const stays = !isMapped(byte) && ((isCapital && caseBit != 0) || characterValue(byte) == characterWord);
    // A line feed belongs to a carriage return before it.
    if (!stays || byte == 0x0a || byte == 0x0d) continue;
    const row = plainBytes + (byte & 15);
    store<u8>(row, load<u8>(row) | (<u8>1 << <u8>(byte >> 4)));
  }
  spacesAreSpaces = !isMapped(0x20) && characterValue(0x20) == characterSpace;
}

function isMapped(byte: u32): bool {
  store<u8>(single, <u8>byte);
  return charsmapBytes != 0 && matchCharsmap(single, 1);
}

function becomesSmall(capital: u32): bool {
  const value = characterValue(capital);
  if (isMapped(capital) || value < <u32>firstRecord) return false;
  const record = characterRecords + ((value - firstRecord) << 2);
  if (record + 5 > characterRecords + characterRecordsBytes) unreachable();
  // One character of a word, without an order, of one byte.
  return load<u32>(record) == 0x0100_0001 && <u32>load<u8>(record, 4) == (capital | 0x20);
}
