/** How like a query each of several texts is. */

import { cosineOfUnitVectors } from "../../shared/embedding/cosine.ts";
import type { Truncation } from "../../shared/embedding/encode-input.ts";
import type { StaticModel } from "../../shared/static-model.ts";
import type { AppContext } from "../environment.ts";
import { encodeInputs, encodeVectors } from "./encode-inputs.ts";

export interface ScoreRequest {
  readonly query: string;
  readonly texts: readonly string[];
  /** What the request calls the query and the texts. */
  readonly names: readonly [query: string, texts: string];
  readonly truncation?: Truncation;
  /** Tokens of a text to pool at most. */
  readonly maxLength?: number | null | undefined;
}

/** Cosines in the order of the texts, and how many tokens there were in all. */
export function scoreTexts(
  c: AppContext,
  model: StaticModel,
  { query, texts, names, truncation, maxLength }: ScoreRequest,
): { readonly scores: number[]; readonly tokens: number } {
  const asked = encodeVectors(c, model, { inputs: query, name: names[0], truncation, normalize: true });
  const scores: number[] = [];
  const tokens = encodeInputs(
    c,
    model,
    { inputs: texts, name: names[1], truncation, maxLength, normalize: true },
    (vector) => scores.push(cosineOfUnitVectors(asked.vectors[0]!, vector)),
  );
  return { scores, tokens: asked.tokens + tokens };
}
