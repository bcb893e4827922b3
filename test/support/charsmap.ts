/** Makes character maps of SentencePiece's kind (`shared/tokenizer/charsmap.ts` says what is in them). */

import { encodeBase64 } from "../../shared/api/base64.ts";

/** A node on its way into the double array. */
interface Node {
  readonly children: Map<number, Node>;
  /** Where its replacement begins. */
  value: number | undefined;
}

const encoder = new TextEncoder();

/** The bytes of a map from characters, or strings of them, to what they become. */
export function makeCharsmap(entries: Readonly<Record<string, string>>): Uint8Array {
  const root: Node = { children: new Map(), value: undefined };
  const replacements: number[] = [];
  for (const [key, replacement] of Object.entries(entries)) {
    let node = root;
    for (const byte of encoder.encode(key)) {
      if (!node.children.has(byte)) node.children.set(byte, { children: new Map(), value: undefined });
      node = node.children.get(byte)!;
    }
    node.value = replacements.length;
    replacements.push(...encoder.encode(replacement), 0);
  }
  // A block of 256 units for each node: its children are at the block's begin ^ their byte.
  const units: number[] = new Array(256).fill(0);
  const place = (unit: number, node: Node): void => {
    const begin = units.length;
    units.push(...new Array(256).fill(0));
    const distance = unit ^ begin;
    if (distance >= 2 ** 21) throw new RangeError("Too many entries for distances without a shift");
    units[unit]! |= distance << 10;
    if (node.value !== undefined) {
      units[unit]! |= 0x100;
      units[begin] = (0x80000000 | node.value) >>> 0;
    }
    for (const [byte, child] of node.children) {
      units[begin ^ byte] = byte;
      place(begin ^ byte, child);
    }
  };
  place(0, root);
  const bytes = new Uint8Array(4 + units.length * 4 + replacements.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, units.length * 4, true);
  units.forEach((unit, i) => {
    view.setUint32(4 + i * 4, unit, true);
  });
  bytes.set(replacements, 4 + units.length * 4);
  return bytes;
}

/** The same in base64, as tokenizer.json has it. */
export function makeCharsmapText(entries: Readonly<Record<string, string>>): string {
  return encodeBase64(makeCharsmap(entries));
}
