/** What a refinement came to. */
import { createHash } from "node:crypto";
import type { Corpus } from "../corpus/load-corpus.ts";
import type { EpochQuality } from "../refine/contrastive-training.ts";
import type { Refinement, RefineSeconds } from "../refine/refine.ts";

export interface RefineSummary {
  readonly name: string;
  /** The model file, as it was given on the command line. */
  readonly file: string;
  readonly dimensions: number;
  readonly pooling: string;
  /** Size of the model file. */
  readonly bytes: number;
  readonly sha256: string;
  readonly trainTexts: number;
  readonly heldOutTexts: number;
  /** Texts left out as copies of others, or of texts to exclude. */
  readonly duplicates: number;
  readonly excluded: number;
  /** Texts of which the model knows no token. */
  readonly unusable: number;
  readonly epochs: number;
  readonly curve: readonly EpochQuality[];
  readonly seconds: RefineSeconds & { readonly total: number };
}

/** @param total seconds that everything took */
export function summarizeRefinement(
  refinement: Refinement,
  { duplicates, excluded }: Corpus,
  file: string,
  bytes: Uint8Array,
  total: number,
): RefineSummary {
  const { content, trainTexts, heldOutTexts, unusable, epochs, curve, seconds } = refinement;
  return {
    name: content.name,
    file,
    dimensions: content.dimensions,
    pooling: content.pooling ?? "mean",
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    ...{ trainTexts, heldOutTexts, duplicates, excluded, unusable, epochs, curve },
    seconds: { ...seconds, total },
  };
}

/** Prints a summary for people. */
export function formatRefineSummary(summary: RefineSummary): string {
  const { seconds, curve } = summary;
  const mebibytes = (summary.bytes / 1024 / 1024).toFixed(1);
  const stages = `teachers ${seconds.teachers.toFixed(1)}, targets ${seconds.targets.toFixed(1)}, least squares ${seconds.leastSquares.toFixed(1)}, contrastive ${seconds.contrastive.toFixed(1)}`;
  const cosines = [curve[0], curve.find(({ epoch }) => epoch === summary.epochs)].map((quality) =>
    quality?.heldOutCosine?.toFixed(3),
  );
  return [
    `${summary.name}: ${summary.dimensions} dims, ${summary.pooling} pooling, ${mebibytes} MiB`,
    `  file      ${summary.file}`,
    `  sha256    ${summary.sha256}`,
    `  texts     ${summary.trainTexts} trained on, ${summary.heldOutTexts} held out, ${summary.duplicates} duplicates and ${summary.excluded} excluded`,
    ...(cosines[0] === undefined
      ? []
      : [
          `  held out  cosine ${cosines[0]} before the contrastive stage, ${cosines[1]} after ${summary.epochs} epochs`,
        ]),
    `  seconds   ${seconds.total.toFixed(1)} (${stages})`,
  ].join("\n");
}
