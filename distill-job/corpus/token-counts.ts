/** How often each token of a vocabulary comes in a corpus. */
import { NearvecError } from "../../shared/errors.ts";
import type { CompiledTokenizer } from "../../shared/tokenizer/compiled-tokenizer.ts";
import { tokenizerAlone } from "./tokenizer-alone.ts";

/**
 * Counts tokens as the model will see them: no special tokens, unknown ones left out.
 *
 * @returns occurrences by row
 * @throws NearvecError invalid_request if no text has a token
 */
export async function countTokens(
  tokenizer: CompiledTokenizer,
  texts: Iterable<string>,
): Promise<Float64Array> {
  const model = await tokenizerAlone(tokenizer);
  const counts = new Float64Array(tokenizer.vocabularySize);
  let total = 0;
  for (const text of texts) {
    for (const id of model.tokenize(text)) {
      counts[id]!++;
      total++;
    }
  }
  if (total > 0) return counts;
  throw new NearvecError(
    "invalid_request",
    "Expected a corpus with words that the vocabulary knows, it has none. Check its path and language.",
    { param: "sif-corpus" },
  );
}
