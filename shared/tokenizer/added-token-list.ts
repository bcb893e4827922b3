/** From the compiled table of added tokens back to a list of them. */
import { NearvecError } from "../errors.ts";
import type { AddedToken } from "./added-token-table.ts";
import { addedTokenNormalized, addedTokensIndexWords } from "./table-layout.ts";

/** Lists the tokens by their ids. @throws NearvecError artifact_invalid if the table contradicts itself */
export function listAddedTokens(table: Uint32Array): AddedToken[] {
  const bytes = new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
  const tokens: AddedToken[] = [];
  for (let at = addedTokensIndexWords; at < table.length; ) {
    const [id, flags, length] = table.subarray(at, at + 3);
    const from = (at + 3) * 4;
    if (length === undefined || from + length > bytes.length) {
      throw new NearvecError(
        "artifact_invalid",
        "Expected a whole table of added tokens. The model file is damaged.",
      );
    }
    const normalized = (flags! & addedTokenNormalized) !== 0;
    tokens.push({ id: id!, bytes: bytes.subarray(from, from + length), normalized });
    at += 3 + Math.ceil(length / 4);
  }
  return tokens.sort((left, right) => left.id - right.id);
}
