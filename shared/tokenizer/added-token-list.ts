/** From the compiled table of added tokens back to a list of them. */
import { NearvecError } from "../errors.ts";
import type { AddedToken } from "./added-token-table.ts";
import {
  addedTokenIdMask,
  addedTokenNormalized,
  addedTokenRaw,
  addedTokenSingleWord,
  addedTokenStripLeft,
  addedTokenStripRight,
  addedTokensEntriesWord,
  addedTokensHeadWords,
  addedTokensKindsWord,
  addedTokensUnitsWord,
  labelEnd,
  labelUnused,
  unitBaseShift,
  unitEntryShift,
  unitLeafBit,
} from "./table-layout.ts";

/** Lists the tokens by their ids. @throws NearvecError artifact_invalid if the table contradicts itself */
export function listAddedTokens(table: Uint32Array): AddedToken[] {
  const unitsEnd = addedTokensHeadWords + (table[addedTokensUnitsWord] ?? 0);
  const units = table.subarray(addedTokensHeadWords, unitsEnd);
  const entries = table.slice(unitsEnd, unitsEnd + (table[addedTokensEntriesWord] ?? 0));
  const tokens: AddedToken[] = [];
  for (const kind of [addedTokenRaw, addedTokenNormalized]) {
    if (((table[addedTokensKindsWord]! >> kind) & 1) === 0) continue;
    const open = [{ unit: kind, prefix: new Uint8Array() }];
    let seen = 0;
    for (let branch = open.pop(); branch !== undefined; branch = open.pop()) {
      // A unit has one parent, so that more branches than units are a circle.
      if (++seen > units.length) throw damaged();
      const base = units[branch.unit]! >>> unitBaseShift;
      for (let label = 0; label <= labelEnd; label++) {
        const unit = units[base + label];
        if (unit === undefined) throw damaged();
        if ((unit & 255) !== label || label === labelUnused) continue;
        const prefix = label === labelEnd ? branch.prefix : appended(branch.prefix, [label]);
        if (unit & unitLeafBit) {
          const { value, rest } = readEntry(entries, unit >>> unitEntryShift);
          tokens.push(tokenOf(value, appended(prefix, rest), kind === addedTokenNormalized));
        } else open.push({ unit: base + label, prefix });
      }
    }
  }
  return tokens.sort((left, right) => left.id - right.id);
}

function tokenOf(value: number, bytes: Uint8Array, normalized: boolean): AddedToken {
  return {
    id: value & addedTokenIdMask,
    bytes,
    normalized,
    singleWord: (value & addedTokenSingleWord) !== 0,
    stripLeft: (value & addedTokenStripLeft) !== 0,
    stripRight: (value & addedTokenStripRight) !== 0,
  };
}

function readEntry(entries: Uint32Array, at: number): { value: number; rest: Uint8Array } {
  const value = entries[at];
  const bytes = new Uint8Array(entries.buffer).subarray((at + 1) * 4);
  const length = bytes.indexOf(labelEnd);
  if (value === undefined || length === -1) throw damaged();
  return { value, rest: bytes.subarray(0, length) };
}

function appended(prefix: Uint8Array, more: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(prefix.length + more.length);
  longer.set(prefix);
  longer.set(more, prefix.length);
  return longer;
}

function damaged(): NearvecError {
  return new NearvecError(
    "artifact_invalid",
    "Expected a whole table of added tokens. The model file is damaged.",
  );
}
