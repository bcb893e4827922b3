/** Documents with their vectors, which a map is made of, as code. */
import { pathOf } from "../../api/collections.ts";
import type { CodeSample, CodeTarget } from "../../code/code-sample.ts";
import { curlCode } from "../../code/curl-code.ts";
import { pythonCode } from "../../code/python-code.ts";
import { typescriptCode } from "../../code/typescript-code.ts";

export function mapCode(collection: string, target: CodeTarget): CodeSample {
  const request = { path: pathOf(collection, "/export?include=vector") };
  return {
    curl: curlCode(request, target),
    typescript: typescriptCode(
      target,
      `const documents = client.collection(${JSON.stringify(collection)});
for await (const { id, text } of documents.list()) {
  const { vector } = await documents.get(id, { vector: true });
  console.log(id, vector!.length, text);
}`,
    ),
    python: pythonCode(
      request,
      target,
      `for document in answer:
    print(document["id"], len(document["vector"]), document["text"])`,
      true,
    ),
  };
}
