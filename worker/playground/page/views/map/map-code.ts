/** Documents with their vectors, which a map is made of, as code. */
import { pathOf } from "../../api/collections.ts";
import { type CodeSample, type CodeTarget, keyVariable } from "../../code/code-sample.ts";
import { curlCode } from "../../code/curl-code.ts";
import { pythonCode } from "../../code/python-code.ts";

export function mapCode(collection: string, target: CodeTarget): CodeSample {
  const request = { path: pathOf(collection, "/export?include=vector") };
  return {
    curl: curlCode(request, target),
    typescript: exportCode(target.base + request.path, target),
    python: pythonCode(
      request,
      target,
      `for document in answer:
    print(document["id"], len(document["vector"]), document["text"])`,
      true,
    ),
  };
}

/** An export is no JSON, and so nothing that the client reads. */
function exportCode(url: string, { keyed }: CodeTarget): string {
  const options = keyed
    ? `, {\n  headers: { authorization: \`Bearer \${process.env.${keyVariable}}\` },\n}`
    : "";
  return `const answer = await fetch(${JSON.stringify(url)}${options});
if (!answer.ok) throw new Error(await answer.text());
const lines = (await answer.text()).split("\\n").filter((line) => line !== "");
for (const { id, text, vector } of lines.map((line) => JSON.parse(line))) console.log(id, vector.length, text);`;
}
