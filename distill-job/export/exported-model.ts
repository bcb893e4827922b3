/** What every export begins with: a model file's table and tokenizer, as other programs expect them. */
import type { ModelMetadata } from "../../shared/artifact/model-metadata.ts";
import { readTable } from "../../shared/artifact/read-table.ts";
import { rowPerToken, type TokenMapping } from "../../shared/artifact/token-mapping.ts";
import { decompileTokenizer } from "../../shared/tokenizer/decompile-tokenizer.ts";
import type { TokenizerJson, UnigramJson, WordPieceJson } from "../../shared/tokenizer/tokenizer-json.ts";

export interface SharedTable {
  /** rows x dimensions, scales multiplied in. */
  readonly rows: Float32Array;
  readonly mapping: TokenMapping;
}

export interface ExportedModel {
  readonly metadata: ModelMetadata;
  /**
   * A row for each token, tokens x dimensions, scales and weights multiplied in; the row of an unknown token that is
   * left out of the mean is zero.
   */
  readonly rows: Float32Array;
  /** As it is in the file where tokens share rows. */
  readonly shared: SharedTable | null;
  /** Has a token for every id. */
  readonly tokenizer: TokenizerJson;
}

/**
 * Reads a model file for export.
 *
 * nearvec and Model2Vec leave unknown tokens out of the mean. Others do not, so their row becomes zero: what
 * is left differs in length only, which normalizing undoes. Only Model2Vec knows tokens that share rows.
 *
 * @throws NearvecError what `readTable` throws
 */
export async function exportedModel(file: Uint8Array): Promise<ExportedModel> {
  const table = await readTable(file);
  const { metadata, mapping } = table;
  const { dimensions, unkTokenId, vocabularySize } = metadata;
  const rows = rowPerToken(table.rows, dimensions, mapping);
  if (unkTokenId !== null) rows.fill(0, unkTokenId * dimensions, (unkTokenId + 1) * dimensions);
  return {
    metadata,
    rows,
    shared: mapping && { rows: table.rows, mapping },
    tokenizer: withTokenPerRow(decompileTokenizer(table.tokenizer), vocabularySize),
  };
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
