/** One error, said as each API says it: the only place that knows their error bodies and statuses. */
import type { z } from "zod";
import { type CohereError, cohereErrorSchema } from "../shared/api/cohere/error.ts";
import { type ErrorResponse, errorResponseSchema } from "../shared/api/error-response.ts";
import { ollamaErrorSchema } from "../shared/api/ollama/model.ts";
import {
  type InferenceError,
  type InferenceErrorType,
  inferenceErrorSchema,
} from "../shared/api/text-embeddings-inference/error.ts";
import type { NearvecError } from "../shared/errors.ts";

/** Whose API a route is. Our own routes speak OpenAI's. */
export type Dialect = "openai" | "text-embeddings-inference" | "ollama" | "cohere";

/** An error as one of the APIs answers it. */
export interface SpokenError {
  readonly status: number;
  readonly body: unknown;
}

type Speak = (error: NearvecError, message: string, requestId: string) => SpokenError;

const speakers: Readonly<Record<Dialect, Speak>> = {
  openai: (error, message) => ({ status: error.status, body: openAiBody(error, message) }),
  "text-embeddings-inference": inferenceError,
  ollama: ({ status }, message) => ({ status, body: { error: message } }),
  cohere: ({ status }, message, id) => ({ status, body: { id, message } satisfies CohereError }),
};

/** The schema of a dialect's error bodies. */
export const errorSchemas: Readonly<Record<Dialect, z.ZodType>> = {
  openai: errorResponseSchema,
  "text-embeddings-inference": inferenceErrorSchema,
  ollama: ollamaErrorSchema,
  cohere: cohereErrorSchema,
};

/** Whose API a path is that is not there: all below `/api` is Ollama's. */
export function dialectBelow(path: string): Dialect {
  if (`${path}/`.startsWith("/api/")) return "ollama";
  return `${path}/`.startsWith("/v2/") ? "cohere" : "openai";
}

/** @param message The error's own, or what the caller may see of it. */
export function speakError(
  dialect: Dialect,
  error: NearvecError,
  message: string,
  requestId: string,
): SpokenError {
  return speakers[dialect](error, message, requestId);
}

function openAiBody(error: NearvecError, message: string): ErrorResponse {
  return {
    error: {
      message,
      type: error.status >= 500 ? "server_error" : "invalid_request_error",
      param: error.param ?? null,
      code: error.code,
    },
  };
}

/** Statuses as its OpenAPI gives them: 413 for a batch, 422 for all else that fails validation, 424 for the model. */
function inferenceError(error: NearvecError, message: string): SpokenError {
  const [status, type] = inferenceStatus(error);
  return { status, body: { error: message, error_type: type } satisfies InferenceError };
}

function inferenceStatus({ code, status }: NearvecError): [status: number, type: InferenceErrorType] {
  switch (code) {
    case "empty_input":
      return [400, "Empty"];
    case "too_many_inputs":
      return [413, "Validation"];
    case "not_supported":
      return [400, "Backend"];
    case "invalid_request":
      return [422, "Validation"];
    case "model_memory_busy":
      return [429, "Overloaded"];
    case "storage_unavailable":
      return [503, "Unhealthy"];
  }
  if (status === 429) return [429, "Overloaded"];
  return status >= 500 ? [424, "Backend"] : [status, "Validation"];
}
