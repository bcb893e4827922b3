/** A search as code. */
import { pathOf } from "../../api/collections.ts";
import type { CodeSample, CodeTarget } from "../../code/code-sample.ts";
import { curlCode } from "../../code/curl-code.ts";
import { literal, typescriptDialect } from "../../code/literal.ts";
import { pythonCode } from "../../code/python-code.ts";
import { typescriptCode, typescriptOptions } from "../../code/typescript-code.ts";

export interface SearchBody {
  readonly query?: string;
  readonly id?: string;
  readonly [option: string]: unknown;
}

export function searchCode(collection: string, body: SearchBody, target: CodeTarget): CodeSample {
  const { query, id, ...options } = body;
  const request = { path: pathOf(collection, "/search"), body };
  const by = literal(query ?? { id }, typescriptDialect);
  return {
    curl: curlCode(request, target),
    typescript: typescriptCode(
      target,
      `const { results } = await client.collection(${JSON.stringify(collection)}).search(${by}${typescriptOptions(options)});
for (const { score, id, snippet } of results) console.log(score.toFixed(3), id, snippet?.text);`,
    ),
    python: pythonCode(
      request,
      target,
      `for result in answer["results"]:
    print(f'{result["score"]:.3f}', result["id"], result["snippet"]["text"])`,
    ),
  };
}
