/** How often each token of a vocabulary comes in a corpus. */
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { NearvecError } from "../../shared/errors.ts";
import { StaticModel } from "../../shared/static-model.ts";
import type { CompiledTokenizer } from "../../shared/tokenizer/compiled-tokenizer.ts";

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

/** The kernel tokenizes for a table; one of a single dimension will do. */
function tokenizerAlone(tokenizer: CompiledTokenizer): Promise<StaticModel> {
  const rows = tokenizer.vocabularySize;
  const file = writeArtifact({
    name: "tokenizer",
    rows: { type: "int8", values: new Int8Array(rows), scales: new Float32Array(rows) },
    dimensions: 1,
    tokenizer,
    normalize: false,
    maxLength: 1,
    provenance: {},
  });
  return StaticModel.load(file);
}
