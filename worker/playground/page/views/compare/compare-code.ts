/** A table of similarities as code. */
import type { CodeSample, CodeTarget } from "../../code/code-sample.ts";
import { curlCode } from "../../code/curl-code.ts";
import { literal, typescriptDialect } from "../../code/literal.ts";
import { pythonCode } from "../../code/python-code.ts";
import { typescriptCode, typescriptOptions } from "../../code/typescript-code.ts";

export function compareCode(
  texts: readonly string[],
  options: { readonly model?: string; readonly dimensions?: number },
  target: CodeTarget,
): CodeSample {
  const request = { path: "/v1/similarity", body: { input: texts, ...options } };
  return {
    curl: curlCode(request, target),
    typescript: typescriptCode(
      target,
      `const texts = ${literal(texts, typescriptDialect)};
const vectors = await client.embed(texts${typescriptOptions(options)});

// Vectors have length 1, so their product is the cosine.
const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
console.table(vectors.map((a) => vectors.map((b) => cosine(a, b).toFixed(2))));`,
    ),
    python: pythonCode(
      request,
      target,
      `for row in answer["similarities"]:
    print(*(f"{cosine:6.2f}" for cosine in row))`,
    ),
  };
}
