/** Requests in Python with nothing but its standard library. */
import type { ApiRequest } from "../api/worker-api.ts";
import { type CodeTarget, keyVariable } from "./code-sample.ts";
import { literal, pythonDialect } from "./literal.ts";

/** @param print Lines that show what came: it is called `answer`. */
export function pythonCode(
  { path, body }: ApiRequest,
  { base, keyed }: CodeTarget,
  print: string,
  lines = false,
): string {
  const headers = [
    ...(body === undefined ? [] : ['"content-type": "application/json"']),
    ...(keyed ? [`"authorization": "Bearer " + os.environ["${keyVariable}"]`] : []),
  ];
  const arguments_ = [
    JSON.stringify(base + path),
    ...(body === undefined ? [] : ["data=json.dumps(body).encode()"]),
    ...(headers.length === 0 ? [] : [`headers={${headers.join(", ")}}`]),
  ];
  return [
    "import json",
    ...(keyed ? ["import os"] : []),
    "import urllib.request",
    "",
    ...(body === undefined ? [] : [`body = ${literal(body, pythonDialect)}`]),
    "request = urllib.request.Request(",
    ...arguments_.map((argument) => `    ${argument},`),
    ")",
    "with urllib.request.urlopen(request) as response:",
    lines ? "    answer = [json.loads(line) for line in response]" : "    answer = json.load(response)",
    "",
    print,
  ].join("\n");
}
