/** What every export begins with: a model file's table and tokenizer, as other programs expect them. */
import type { ModelMetadata } from "../../shared/artifact/model-metadata.ts";
import { readTable } from "../../shared/artifact/read-table.ts";
import { decompileTokenizer } from "../../shared/tokenizer/decompile-tokenizer.ts";
import type { TokenizerJson, UnigramJson, WordPieceJson } from "../../shared/tokenizer/tokenizer-json.ts";

export interface ExportedModel {
  readonly metadata: ModelMetadata;
  /** rows x dimensions, scales multiplied in; the row of an unknown token that is left out of the mean is zero. */
  readonly rows: Float32Array;
  /** Has a token for every row. */
  readonly tokenizer: TokenizerJson;
}

/**
 * Reads a model file for export.
 *
 * nearvec and Model2Vec leave unknown tokens out of the mean. Others do not, so their row becomes zero: what
 * is left differs in length only, which normalizing undoes.
 *
 * @throws NearvecError what `readTable` throws
 */
export async function exportedModel(file: Uint8Array): Promise<ExportedModel> {
  const { metadata, rows, tokenizer } = await readTable(file);
  const { dimensions, unkTokenId } = metadata;
  if (unkTokenId !== null) rows.fill(0, unkTokenId * dimensions, (unkTokenId + 1) * dimensions);
  return { metadata, rows, tokenizer: withTokenPerRow(decompileTokenizer(tokenizer), metadata.rows) };
}

/**
 * Model2Vec refuses a table with more rows than tokens. Rows without a token get one that no text has: its
 * brackets would be words of their own.
 */
function withTokenPerRow(json: TokenizerJson, rows: number): TokenizerJson {
  if (json.model.type === "Unigram") return withUnigramTokenPerRow(json, rows);
  const model = json.model as WordPieceJson;
  const used = new Set([...Object.values(model.vocab), ...(json.added_tokens ?? []).map(({ id }) => id)]);
  if (used.size === rows) return json;
  const vocab: Record<string, number> = { ...model.vocab };
  for (let row = 0; row < rows; row++) if (!used.has(row)) vocab[`[no token ${row}]`] = row;
  return { ...json, model: { ...model, vocab } as WordPieceJson };
}

/** A Unigram vocabulary has no gaps; what is missing is behind its end. */
function withUnigramTokenPerRow(json: TokenizerJson, rows: number): TokenizerJson {
  const model = json.model as UnigramJson;
  const added = new Map((json.added_tokens ?? []).map(({ id, content }) => [id, content]));
  let end = rows;
  while (end > model.vocab.length && added.has(end - 1)) end--;
  if (end === model.vocab.length) return json;
  const lowest = model.vocab.reduce((least, [, score]) => Math.min(least, score), 0);
  const vocab = [...model.vocab];
  for (let row = vocab.length; row < end; row++) vocab.push([added.get(row) ?? `[no token ${row}]`, lowest]);
  return { ...json, model: { ...model, vocab } as UnigramJson };
}
