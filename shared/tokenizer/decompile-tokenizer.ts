/** From compiled tables back to a tokenizer.json, for programs that read those. */
import type { CompiledTokenizer } from "./compiled-tokenizer.ts";
import { decompileUnigram } from "./decompile-unigram.ts";
import { decompileWordPiece } from "./decompile-word-piece.ts";
import type { TokenizerJson } from "./tokenizer-json.ts";

/**
 * Decompiles a tokenizer of any kind. Compiling the result gives the same tables again.
 *
 * @throws NearvecError artifact_invalid if the tables contradict themselves
 *
 * @example
 * ```ts
 * const { tokenizer } = await readTable(await readFile("model.safetensors"));
 * await writeFile("tokenizer.json", JSON.stringify(decompileTokenizer(tokenizer)));
 * ```
 */
export function decompileTokenizer(tokenizer: CompiledTokenizer): TokenizerJson {
  return tokenizer.kind === "wordpiece" ? decompileWordPiece(tokenizer) : decompileUnigram(tokenizer);
}
