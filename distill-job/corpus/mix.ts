/** Several corpora as one. */
import { seededRandom, shuffle } from "../seeded-random.ts";

export interface WeightedTexts {
  readonly texts: readonly string[];
  /** Share of the mixture in relation to the other corpora's; undefined takes all texts. */
  readonly weight?: number | undefined;
}

/**
 * Mixes corpora. Those with weights are cut so that their numbers of texts are in the ratio of the weights
 * and none has to repeat a text; those without are taken whole. Which texts stay is chosen by the seed; they
 * keep their order.
 *
 * @param maxTexts texts of the mixture at most
 */
export function mix(
  corpora: readonly WeightedTexts[],
  seed: number,
  maxTexts = Number.POSITIVE_INFINITY,
): string[] {
  const random = seededRandom(seed);
  const perWeight = Math.min(
    ...corpora.map(({ texts, weight }) =>
      weight === undefined ? Number.POSITIVE_INFINITY : texts.length / weight,
    ),
  );
  const mixed = corpora.flatMap(({ texts, weight }) =>
    sample(texts, weight === undefined ? texts.length : Math.round(perWeight * weight), random),
  );
  return sample(mixed, maxTexts, random);
}

function sample(texts: readonly string[], count: number, random: () => number): string[] {
  if (count >= texts.length) return [...texts];
  const chosen = shuffle(Uint32Array.from(texts.keys()), random).subarray(0, count).sort();
  return Array.from(chosen, (i) => texts[i]!);
}
