/** A route's example as a line for a shell. */
import type { OperationObject } from "./openapi-document.ts";

/** @param url Of the server and the path, `{names}` still in it. */
export function curlLine(method: string, url: string, operation: OperationObject): string {
  const filled = (operation.parameters ?? [])
    .filter((parameter) => parameter.in === "path")
    .reduce(
      (text, { name, example }) => text.replace(`{${name}}`, String(example ?? name.toUpperCase())),
      url,
    );
  const body = operation.requestBody?.content["application/json"]?.example;
  const parts = [
    "curl",
    ...(method === "get" || body !== undefined ? [] : ["-X", method.toUpperCase()]),
    filled,
  ];
  if (body !== undefined) {
    parts.push("-H 'content-type: application/json'", `-d ${quoted(JSON.stringify(body))}`);
  }
  return parts.join(" ");
}

/** In single quotes, of which the shell lets none into a quoted text. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
