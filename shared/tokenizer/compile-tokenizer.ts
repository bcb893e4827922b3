/** Compiles a tokenizer.json into the tables that the kernel reads. */
import { NearvecError } from "../errors.ts";
import { compileUnigram } from "./compile-unigram.ts";
import { compileWordPiece } from "./compile-word-piece.ts";
import type { CompiledTokenizer } from "./compiled-tokenizer.ts";
import { modelType } from "./model-type.ts";
import type { TokenizerJson } from "./tokenizer-json.ts";

/**
 * Compiles a tokenizer of any kind that the kernel has. Truncation, padding and post-processor are not part
 * of it: a text is encoded without special tokens.
 *
 * @throws NearvecError tokenizer_unsupported, naming the part that is of another kind
 *
 * @example
 * ```ts
 * const tokenizer = compileTokenizer(JSON.parse(await readFile("tokenizer.json", "utf8")));
 * tokenizer.vocabularySize; // 30522
 * ```
 */
export function compileTokenizer(json: TokenizerJson): CompiledTokenizer {
  const type = modelType(json);
  switch (type) {
    case "WordPiece":
      return compileWordPiece(json);
    case "Unigram":
      return compileUnigram(json);
    default:
      throw new NearvecError(
        "tokenizer_unsupported",
        `Expected a tokenizer whose model is WordPiece or Unigram, got ${type ?? "none"}. Others are not supported yet.`,
        { param: "tokenizer.json" },
      );
  }
}
