/** `POST /v1/collections/{c}/segments` and `.../segments/check`: finished segments from the command line. */
import { z } from "zod";
import { maxSegmentsPerCheck } from "../../limits.ts";
import { isSha256 } from "../../model-store/model-location.ts";
import { atMost } from "../at-most.ts";
import { closedObject, expected } from "../expected.ts";

export const segmentsCheckSchema = closedObject("the body", {
  segments: atMost(
    maxSegmentsPerCheck,
    `Expected at most ${maxSegmentsPerCheck} segments.`,
    z.array(
      z
        .string({ error: expected("a segment to be named by its SHA-256") })
        .refine(isSha256, { error: "Expected a segment to be named by 64 lower-case hexadecimal digits." })
        .meta({ pattern: "^[0-9a-f]{64}$" }),
      { error: expected("segments to be an array of names of segments") },
    ),
  ),
});

export const segmentsCheckAnswerSchema = z.object({
  object: z.literal("list"),
  data: z
    .array(z.object({ segment: z.string(), adopted: z.boolean() }))
    .describe("In the order they were asked after."),
});

export const segmentAdoptedSchema = z.object({
  object: z.literal("segment.adopted"),
  segment: z.string(),
  documents: z.int(),
  sequence: z.int(),
});

export type SegmentsCheckAnswer = z.infer<typeof segmentsCheckAnswerSchema>;
export type SegmentAdopted = z.infer<typeof segmentAdoptedSchema>;
