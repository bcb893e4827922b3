/** `GET /info`: which model is served and within which limits, as Text Embeddings Inference's. */
import { z } from "zod";
import { type Info, infoSchema } from "../../../shared/api/text-embeddings-inference/info.ts";
import { maxInputsPerRequest, maxTokenIdsPerInput } from "../../../shared/limits.ts";
import { useModel } from "../../embedding/encode-inputs.ts";
import type { App } from "../../environment.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { version } from "../../version.ts";
import { inferenceRoute } from "./route.ts";

export function registerInfo(app: App, registry: ModelRegistry): void {
  inferenceRoute(app, "GET", "/info", {
    summary: "Describe the model and the limits",
    query: { model: z.string().describe("Name of the model; the worker's default one if not given.") },
    response: infoSchema,
    errors: ["model_not_found"],
    handler: async (c) => {
      const resident = await useModel(c, registry, c.req.query("model"));
      const { name, model } = resident;
      const { rowType, pooling, maxLength } = model.metadata;
      const body: Info = {
        model_id: name,
        model_sha: await registry.sha256Of(resident),
        model_dtype: rowType,
        served_model_name: name,
        model_type: { embedding: { pooling } },
        max_concurrent_requests: 1,
        max_input_length: maxLength,
        max_batch_tokens: maxTokenIdsPerInput * maxInputsPerRequest,
        max_batch_requests: null,
        max_client_batch_size: maxInputsPerRequest,
        auto_truncate: true,
        tokenization_workers: 1,
        version,
        sha: null,
        docker_label: null,
      };
      return c.json(body);
    },
  });
}
