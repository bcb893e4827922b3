/** What a distillation came to. */
import { createHash } from "node:crypto";
import type { Distillation, DistillSeconds } from "../distill.ts";
import type { EntryTally } from "../vocabulary/custom-vocabulary.ts";

export interface DistillSummary {
  readonly name: string;
  /** The model file, as it was given on the command line. */
  readonly file: string;
  readonly rows: number;
  /** Tokens that share the rows; if not given, each has its own. */
  readonly tokens?: number;
  readonly dimensions: number;
  readonly rowType: string;
  /** Size of the model file. */
  readonly bytes: number;
  /** Digest of the model file. */
  readonly sha256: string;
  /** Share of the teacher's variance that the table keeps, from 0 to 1. */
  readonly explainedVariance: number;
  /** What became of the words that were added. */
  readonly customVocabulary?: NonNullable<Distillation["customVocabulary"]>;
  /** What became of the words of a corpus. */
  readonly corpusVocabulary?: NonNullable<Distillation["corpusVocabulary"]>;
  readonly seconds: DistillSeconds & { readonly total: number };
}

/**
 * @param file path of the model file
 * @param bytes its content
 * @param total seconds that everything took
 */
export function summarize(
  { content, table, customVocabulary, corpusVocabulary, seconds }: Distillation,
  file: string,
  bytes: Uint8Array,
  total: number,
): DistillSummary {
  return {
    name: content.name,
    file,
    rows: table.rows,
    ...(content.mapping && { tokens: content.tokenizer.vocabularySize }),
    dimensions: table.dimensions,
    rowType: content.rows.type,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    explainedVariance: table.explainedVariance,
    ...(customVocabulary === null ? {} : { customVocabulary }),
    ...(corpusVocabulary === null ? {} : { corpusVocabulary }),
    seconds: { ...seconds, total },
  };
}

/** Prints a summary for people. */
export function formatSummary(summary: DistillSummary): string {
  const { seconds, tokens } = summary;
  const mebibytes = (summary.bytes / 1024 / 1024).toFixed(1);
  const parts = `prepare ${seconds.prepare.toFixed(1)}, teacher ${seconds.teacher.toFixed(1)}, table ${seconds.table.toFixed(1)}`;
  return [
    `${summary.name}: ${summary.rows} rows${tokens === undefined ? "" : ` for ${tokens} tokens`} x ${summary.dimensions} dims, ${summary.rowType}, ${mebibytes} MiB`,
    `  file                ${summary.file}`,
    `  sha256              ${summary.sha256}`,
    `  explained variance  ${(summary.explainedVariance * 100).toFixed(1)}%`,
    ...vocabularyLines(summary),
    `  seconds             ${seconds.total.toFixed(1)} (${parts})`,
  ].join("\n");
}

function vocabularyLines({ customVocabulary: custom, corpusVocabulary: corpus }: DistillSummary): string[] {
  const lines: string[] = [];
  if (custom !== undefined) {
    const { words, phrases, empty } = custom;
    const left = [...leftOut(custom), [empty, "empty"] as const];
    lines.push(`  added               ${words} words, ${phrases} phrases (${listed(left)})`);
  }
  if (corpus !== undefined) {
    const { distinct, rare, beyondTop, words, phrases } = corpus;
    const left = [...leftOut(corpus), [rare, "too rare"], [beyondTop, "beyond --top"]] as const;
    lines.push(`  from the corpus     ${words + phrases} of ${distinct} words (${listed(left)})`);
  }
  return lines;
}

type Counted = readonly [count: number, what: string];

function leftOut({ duplicates, removed, tooLong }: EntryTally): Counted[] {
  const seldom: Counted[] = [
    [removed, "taken by the token remove pattern"],
    [tooLong, "too long"],
  ];
  return [[duplicates, "known already"], ...seldom.filter(([count]) => count > 0)];
}

function listed(counted: readonly Counted[]): string {
  return counted.map(([count, what]) => `${count} ${what}`).join(", ");
}
