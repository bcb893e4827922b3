/**
 * Embeds a request's inputs and prints the answer.
 *
 * The JSON is put together by hand: one row buffer serves all inputs, and neither arrays of numbers nor an
 * object per vector are made only to be printed.
 */
import { encodeFloatsAsBase64 } from "../shared/api/base64.ts";
import { listInputs } from "../shared/api/embedding-input.ts";
import type { EmbeddingsRequest } from "../shared/api/embeddings.ts";
import type { ResidentModel } from "./model-memory.ts";

/**
 * @returns The body that `embeddingsResponseSchema` describes.
 * @throws NearvecError `invalid_request` if the model has fewer dimensions than asked for.
 */
export function printEmbeddings(resident: ResidentModel, request: EmbeddingsRequest): string {
  const { model, name } = resident;
  const options = request.dimensions == null ? {} : { dimensions: request.dimensions };
  const vector = new Float32Array(
    request.dimensions == null ? model.dimensions : Math.min(request.dimensions, model.dimensions),
  );
  const print = request.encoding_format === "base64" ? printBase64 : printNumbers;
  let tokens = 0;
  const data = listInputs(request.input).map((input, index) => {
    tokens += model.encodeInto(input, vector, 0, options);
    return `{"object":"embedding","index":${index},"embedding":${print(vector)}}`;
  });
  return (
    `{"object":"list","data":[${data.join(",")}],"model":${JSON.stringify(name)},` +
    `"usage":{"prompt_tokens":${tokens},"total_tokens":${tokens}}}`
  );
}

function printBase64(vector: Float32Array): string {
  return `"${encodeFloatsAsBase64(vector)}"`;
}

/** Joins numbers just as JSON.stringify prints them; vectors are finite, so no NaN can slip in. */
function printNumbers(vector: Float32Array): string {
  return `[${vector.join(",")}]`;
}
