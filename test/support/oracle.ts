/** The native Hugging Face tokenizer: what it says is right. */
import { Tokenizer } from "tokenizers";
import type { TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";

/** Decodes ids one text at a time, with the decoder that the tokenizer.json names. */
export function decodingOracleFor(
  json: TokenizerJson,
): (ids: readonly number[], skipSpecial: boolean) => Promise<string> {
  const tokenizer = Tokenizer.fromString(
    JSON.stringify({ ...json, truncation: null, padding: null, model: { type: "WordPiece", ...json.model } }),
  );
  return (ids, skipSpecial) => tokenizer.decode([...ids], skipSpecial);
}

/** Encodes texts without special tokens, truncation or padding; unknown tokens stay in. */
export function oracleFor(json: TokenizerJson): (texts: readonly string[]) => Promise<number[][]> {
  const tokenizer = Tokenizer.fromString(
    JSON.stringify({
      ...json,
      truncation: null,
      padding: null,
      // Files of old versions have no type, which the library of today insists on.
      model: { type: "WordPiece", ...json.model },
    }),
  );
  return async (texts) => {
    const encodings = await tokenizer.encodeBatch([...texts], { addSpecialTokens: false });
    return encodings.map((encoding) => encoding.getIds());
  };
}
