/** `GET /api/tags` and `/api/ps`, `POST /api/show` and `GET /api/version`, as much of them as Ollama's clients read. */
import {
  type OllamaDetails,
  type OllamaRunning,
  type OllamaShow,
  type OllamaTags,
  ollamaRunningSchema,
  ollamaShowRequestSchema,
  ollamaShowResponseSchema,
  ollamaTagsSchema,
  ollamaVersionSchema,
  taggedName,
} from "../../../shared/api/ollama/model.ts";
import { parseRequest } from "../../../shared/api/parse-request.ts";
import type { ModelMetadata } from "../../../shared/artifact/model-metadata.ts";
import { maxModelsDescribed } from "../../../shared/limits.ts";
import { useModel } from "../../embedding/encode-inputs.ts";
import type { App } from "../../environment.ts";
import { readJsonBody } from "../../json-body.ts";
import { listModels, type ModelBucket, readPointer } from "../../model-bucket.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { version } from "../../version.ts";
import { ollamaRoute } from "./route.ts";

type Tag = OllamaTags["models"][number];

/** When a model in memory will have gone: nobody knows. */
const distantFuture = "9999-12-31T23:59:59Z";

/** What is known of a model that is not loaded. */
const unknownDetails: OllamaDetails = {
  parent_model: "",
  format: "safetensors",
  family: "static",
  families: ["static"],
  parameter_size: "",
  quantization_level: "",
};

export function registerOllamaModels(app: App, registry: ModelRegistry): void {
  const { bundled } = registry;
  ollamaRoute(app, "GET", "/api/tags", {
    summary: "List models",
    response: ollamaTagsSchema,
    handler: async (c) => {
      const stored = c.env.MODELS === undefined ? [] : await listTags(c.env.MODELS, bundled.name);
      const body: OllamaTags = { models: [await bundledTag(registry), ...stored] };
      return c.json(body);
    },
  });
  ollamaRoute(app, "GET", "/api/ps", {
    summary: "List models in memory",
    description: "Of the isolate that answers.",
    response: ollamaRunningSchema,
    handler: async (c) => {
      const models = registry.memory
        .list()
        .map(async (resident): Promise<OllamaRunning["models"][number]> => {
          const { name, model } = resident;
          const tagged = taggedName(name);
          const digest = await registry.sha256Of(resident);
          const { details } = describe(model.metadata);
          const { byteLength: size } = model;
          return {
            name: tagged,
            model: tagged,
            size,
            digest,
            details,
            expires_at: distantFuture,
            size_vram: 0,
          };
        });
      return c.json({ models: await Promise.all(models) } satisfies OllamaRunning);
    },
  });
  ollamaRoute(app, "POST", "/api/show", {
    summary: "Describe a model",
    request: ollamaShowRequestSchema,
    response: ollamaShowResponseSchema,
    errors: ["model_not_found"],
    example: {},
    handler: async (c) => {
      const body = await readJsonBody(c.req.raw, { anyType: true });
      const { model: wanted, name } = parseRequest(ollamaShowRequestSchema, body);
      const { model } = await useModel(c, registry, wanted ?? name);
      return c.json(describe(model.metadata));
    },
  });
  ollamaRoute(app, "GET", "/api/version", {
    summary: "Tell the version",
    description: "Of nearvec, not of Ollama.",
    response: ollamaVersionSchema,
    handler: (c) => c.json({ version }),
  });
}

async function listTags(bucket: ModelBucket, bundledName: string): Promise<Tag[]> {
  const models = (await listModels(bucket)).filter(({ name }) => name !== bundledName);
  const tags = models.slice(0, maxModelsDescribed).map(async ({ name, uploaded }): Promise<Tag | null> => {
    const pointer = await readPointer(bucket, name);
    if (pointer === null) return null;
    return tagOf(name, pointer.sha256, pointer.bytes, uploaded);
  });
  return (await Promise.all(tags)).filter((tag) => tag !== null);
}

async function bundledTag(registry: ModelRegistry): Promise<Tag> {
  const { name, bytes } = registry.bundled;
  return tagOf(name, await registry.sha256Of(null), bytes.byteLength, new Date(0));
}

function tagOf(name: string, digest: string, size: number, date: Date): Tag {
  const tagged = taggedName(name);
  return {
    name: tagged,
    model: tagged,
    modified_at: date.toISOString(),
    size,
    digest,
    details: unknownDetails,
  };
}

function describe(metadata: ModelMetadata): OllamaShow {
  const parameters = metadata.rows * metadata.dimensions;
  return {
    license: metadata.provenance.license ?? "",
    modelfile: "",
    parameters: "",
    template: "",
    details: {
      ...unknownDetails,
      parent_model: metadata.provenance.teacher ?? "",
      parameter_size: `${(parameters / 1e6).toFixed(1)}M`,
      quantization_level: metadata.rowType,
    },
    model_info: {
      "general.architecture": "static",
      "general.parameter_count": parameters,
      "static.embedding_length": metadata.dimensions,
      "static.context_length": metadata.maxLength,
      "static.vocabulary_size": metadata.vocabularySize,
    },
    capabilities: ["embedding"],
    modified_at: new Date(0).toISOString(),
  };
}
