/** Body of `POST /v1/collections`: what a collection is told once. */
import { z } from "zod";
import { NearvecError } from "../../errors.ts";
import { maxChunkCharacters, maxDimensions, maxFields, maxShards, minChunkCharacters } from "../../limits.ts";
import {
  type ChunkingSettings,
  type CollectionSettings,
  fieldTypes,
  vectorBackends,
} from "../../search/collection/collection-settings.ts";
import { closedObject, expected } from "../expected.ts";
import { collectionNameSchema } from "./collection-name.ts";

const whole = (name: string, from: number, to: number) =>
  z
    .int({ error: expected(`${name} to be a whole number from ${from} to ${to}`) })
    .min(from)
    .max(to, {
      error: expected(`${name} to be a whole number from ${from} to ${to}`),
    });

const chunkingSchema = closedObject("chunking", {
  by: z
    .enum(["sentences", "size"], { error: expected('chunking.by to be "sentences" or "size"') })
    .default("sentences")
    .describe("`sentences` never cuts a sentence that fits; `size` cuts between words."),
  max_characters: whole("chunking.max_characters", minChunkCharacters, maxChunkCharacters)
    .default(1000)
    .describe("UTF-16 units of an entry at most."),
  overlap_characters: whole("chunking.overlap_characters", 0, maxChunkCharacters)
    .default(0)
    .describe(
      "UTF-16 units that an entry repeats of the one before it, at most; half of max_characters at most.",
    ),
}).refine(({ max_characters, overlap_characters }) => overlap_characters * 2 <= max_characters, {
  path: ["overlap_characters"],
  error: "Expected chunking.overlap_characters to be at most half of chunking.max_characters.",
});

const fieldNameSchema = z
  .string()
  .min(1)
  .max(64)
  .refine((name) => name.isWellFormed() && !name.startsWith("$") && name !== "__proto__");

const fieldTypeList = fieldTypes.map((type) => `"${type}"`).join(", ");

export const collectionRequestSchema = closedObject("the body", {
  name: collectionNameSchema,
  model: z
    .string({ error: expected("model to be the name of a model, see GET /v1/models") })
    .nullish()
    .describe("Absent: the worker's default model. The file in force now is the collection's for good."),
  dimensions: whole("dimensions", 1, maxDimensions)
    .nullish()
    .describe("Leading dimensions of the model's to keep; all if not given."),
  fields: z
    .record(
      fieldNameSchema,
      z.enum(fieldTypes, { error: expected(`the type of a field to be one of ${fieldTypeList}`) }),
      {
        error: (issue) =>
          issue.code === "invalid_key"
            ? "Expected names of fields to have 1 to 64 characters and not to begin with $."
            : expected("fields to be an object of names and types")(issue),
      },
    )
    .refine((fields) => Object.keys(fields).length <= maxFields, {
      error: `Expected at most ${maxFields} fields.`,
    })
    .default({})
    .describe("Metadata fields that filters may name, and their types."),
  chunking: chunkingSchema
    .nullable()
    .default(null)
    .describe("How long texts are cut into entries; null: a document is one entry."),
  whitening: z
    .enum(["auto", "on", "off"], { error: expected('whitening to be "auto", "on" or "off"') })
    .default("auto"),
  best_window: z.boolean({ error: expected("best_window to be true or false") }).default(false),
  shards: whole("shards", 1, maxShards).default(1),
  backend: z
    .enum(vectorBackends, {
      error: expected(`backend to be one of ${vectorBackends.map((name) => `"${name}"`).join(", ")}`),
    })
    .default("scan"),
});

export type CollectionRequest = z.infer<typeof collectionRequestSchema>;

/** What is known of the model that was asked for. */
export interface PinnedModel {
  readonly name: string;
  readonly sha256: string;
  readonly dimensions: number;
  /** Whether its dimensions were rotated, so that the first ones say no more than the others. */
  readonly rotated: boolean;
}

/**
 * The settings that a request asks for.
 *
 * @throws NearvecError `invalid_request` if the model does not have the dimensions, or the backend not what is asked for.
 */
export function settingsOf(request: CollectionRequest, model: PinnedModel): CollectionSettings {
  const dimensions = request.dimensions ?? model.dimensions;
  if (dimensions > model.dimensions || (model.rotated && dimensions !== model.dimensions)) {
    const reason = model.rotated ? ", whose dimensions were rotated, so all are needed" : "";
    const range = model.rotated ? String(model.dimensions) : `1 to ${model.dimensions}`;
    throw new NearvecError(
      "invalid_request",
      `Expected dimensions to be ${range} for model ${model.name}${reason}, got ${dimensions}. Leave it out for all of them.`,
      { param: "dimensions" },
    );
  }
  if (request.backend === "vectorize") checkVectorize(request);
  return {
    model: { name: model.name, sha256: model.sha256 },
    dimensions,
    fields: request.fields,
    chunking: request.chunking === null ? null : chunkingOf(request.chunking),
    whitening: request.whitening,
    bestWindow: request.best_window,
    shards: request.shards,
    backend: request.backend,
  };
}

function checkVectorize({ shards, fields }: CollectionRequest): void {
  if (shards > 1) {
    throw new NearvecError(
      "invalid_request",
      `Expected shards to be 1 for a collection whose backend is Vectorize, got ${shards}. Leave it out: Vectorize holds the vectors.`,
      { param: "shards" },
    );
  }
  const name = Object.keys(fields).find((field) => /[."]/.test(field));
  if (name !== undefined) {
    throw new NearvecError(
      "invalid_request",
      `Expected names of fields without "." and quotes for a collection whose backend is Vectorize, got ${JSON.stringify(name)}.`,
      { param: "fields" },
    );
  }
}

function chunkingOf(chunking: z.infer<typeof chunkingSchema>): ChunkingSettings {
  return {
    by: chunking.by,
    maxCharacters: chunking.max_characters,
    overlapCharacters: chunking.overlap_characters,
  };
}
