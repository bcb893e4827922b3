/** Names and descriptions of models, as Ollama has them. */
import { z } from "zod";
import { modelField } from "../request-fields.ts";

const defaultTag = ":latest";

/** A name with or without Ollama's tag `:latest`. */
export const ollamaModel = modelField.transform((name) =>
  name?.endsWith(defaultTag) ? name.slice(0, -defaultTag.length) : name,
);

/** The name under which Ollama's clients know a model. */
export function taggedName(name: string): string {
  return `${name}${defaultTag}`;
}

export const ollamaDetailsSchema = z.object({
  parent_model: z.string(),
  format: z.string(),
  family: z.string(),
  families: z.array(z.string()),
  parameter_size: z.string(),
  quantization_level: z.string(),
});

export const ollamaTagsSchema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      model: z.string(),
      /** When the file in force was put in force. */
      modified_at: z.iso.datetime(),
      /** Bytes of the model file. */
      size: z.int(),
      /** SHA-256 of the model file. */
      digest: z.string(),
      details: ollamaDetailsSchema,
    }),
  ),
});

/** Models that are in memory. They stay until others need the room, so `expires_at` is far away. */
export const ollamaRunningSchema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      model: z.string(),
      /** Bytes in memory; none of them on a graphics card. */
      size: z.int(),
      digest: z.string(),
      details: ollamaDetailsSchema,
      expires_at: z.iso.datetime(),
      size_vram: z.literal(0),
    }),
  ),
});

export const ollamaShowRequestSchema = z.object({
  model: ollamaModel,
  /** What `model` was called before. */
  name: ollamaModel,
});

export const ollamaShowResponseSchema = z.object({
  license: z.string(),
  modelfile: z.string(),
  parameters: z.string(),
  template: z.string(),
  details: ollamaDetailsSchema,
  model_info: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  capabilities: z.array(z.literal("embedding")),
  modified_at: z.iso.datetime(),
});

export const ollamaVersionSchema = z.object({ version: z.string() });

export const ollamaErrorSchema = z.object({ error: z.string() }).meta({ id: "OllamaError" });

export type OllamaDetails = z.infer<typeof ollamaDetailsSchema>;
export type OllamaRunning = z.infer<typeof ollamaRunningSchema>;
export type OllamaTags = z.infer<typeof ollamaTagsSchema>;
export type OllamaShow = z.infer<typeof ollamaShowResponseSchema>;
