/** Fields that most requests of Text Embeddings Inference have. */
import { z } from "zod";
import type { Truncation } from "../../embedding/encode-input.ts";
import { expected } from "../expected.ts";
import { flag, modelField, refused } from "../request-fields.ts";

const directions = ["Right", "Left", "right", "left"] as const;

export const truncationShape = {
  truncate: flag(
    "truncate",
    "Whether a text with more tokens than /info's max_input_length is cut rather than refused; true if not given.",
  ),
  truncation_direction: z
    .enum(directions, { error: expected('truncation_direction to be "Left" or "Right"') })
    .nullish()
    .describe("The end that is cut off."),
};

export const promptName = refused(
  "prompt_name",
  "static models have no prompts: a prompt's words would be averaged into every vector.",
);

/** The service's own: its servers have one model, this worker any number. */
export const servedModel = modelField;

/** What the two fields come to. */
export function truncationOf({
  truncate,
  truncation_direction: direction,
}: {
  readonly truncate?: boolean | null | undefined;
  readonly truncation_direction?: (typeof directions)[number] | null | undefined;
}): Truncation {
  if (truncate === false) return "refuse";
  return direction?.toLowerCase() === "left" ? "start" : "end";
}
