/** The words that a teacher's tokenizer knows whole. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TokenizerJson, WordPieceJson } from "../../../shared/tokenizer/tokenizer-json.ts";

/**
 * Words of two letters and more, and numbers, in the vocabulary's order.
 * @param directory that of the teacher; its tokenizer is WordPiece in lower case
 */
export async function vocabularyWords(directory: string): Promise<string[]> {
  const { model } = JSON.parse(await readFile(join(directory, "tokenizer.json"), "utf8")) as TokenizerJson;
  return Object.entries((model as WordPieceJson).vocab)
    .sort(([, left], [, right]) => left - right)
    .map(([token]) => token)
    .filter((token) => /^([a-z]{2,}|[0-9]+)$/.test(token));
}
