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
  const [type, { example }] = Object.entries(operation.requestBody?.content ?? {})[0] ?? ["", {}];
  // -d makes a POST of it, as long as nothing else is said.
  const implied = example === undefined ? "get" : "post";
  const parts = ["curl", ...(method === implied ? [] : ["-X", method.toUpperCase()]), filled];
  if (example !== undefined) {
    const body = typeof example === "string" ? example : JSON.stringify(example);
    parts.push(
      `-H 'content-type: ${type}'`,
      `${typeof example === "string" ? "--data-binary" : "-d"} ${quoted(body)}`,
    );
  }
  return parts.join(" ");
}

/** In single quotes, of which the shell lets none into a quoted text. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
