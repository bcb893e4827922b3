/**
 * Asks the native Hugging Face tokenizer which code points are parts of words to an added token with
 * `single_word`, and writes the answer to shared/tokenizer/word-characters.generated.ts.
 *
 *   node test/parity/generators/word-characters.ts
 */
import { writeFileSync } from "node:fs";
import { Tokenizer } from "tokenizers";
import { tinyTokenizerJson } from "../../support/tiny-model.ts";

const token = "<t>";
const lastCodePoint = 0x10ffff;

/** Code points at which words begin or end, as text of the module. */
export async function wordCharactersModule(): Promise<string> {
  const json = tinyTokenizerJson({ words: [], addedTokens: [{ content: token, single_word: true }] });
  const tokenizer = Tokenizer.fromString(JSON.stringify(json));
  const tokenId = json.added_tokens!.at(-1)!.id;
  const flips: number[] = [];
  let inWord = false;
  // A token right before a character is found unless the character is part of a word.
  for (let first = 0; first <= lastCodePoint; first += 0x10000) {
    const codePoints = Array.from({ length: 0x10000 }, (_, i) => first + i).filter(
      (codePoint) => codePoint < 0xd800 || codePoint > 0xdfff,
    );
    const texts = codePoints.map((codePoint) => token + String.fromCodePoint(codePoint));
    const encodings = await tokenizer.encodeBatch(texts, { addSpecialTokens: false });
    encodings.forEach((encoding, i) => {
      const isWord = encoding.getIds()[0] !== tokenId;
      if (isWord !== inWord) flips.push(codePoints[i]!);
      inWord = isWord;
    });
  }
  const steps = flips.map((codePoint, i) => (codePoint - (flips[i - 1] ?? 0)).toString(36));
  return `/**
 * Which code points the native tokenizer library takes for parts of words beside an added token with
 * single_word. Made by test/parity/generators/word-characters.ts; do not edit.
 */

/** Where words begin and end in turn: code points in base 36, each counted from the one before. */
export const wordCharacterFlips =
  "${steps.join(" ")}";
`;
}

if (process.argv[1] === import.meta.filename) {
  const file = new URL("../../../shared/tokenizer/word-characters.generated.ts", import.meta.url);
  writeFileSync(file, await wordCharactersModule());
}
