/** The OpenAPI document as one page: no script, nothing from elsewhere, readable offline and without colour. */
import { html, raw } from "hono/html";
import { curlLine } from "./curl-line.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { OpenApiDocument, OperationObject } from "./openapi-document.ts";

type Html = ReturnType<typeof html>;

const style = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; }
summary { padding: .5rem .75rem; cursor: pointer; } details > div { padding: 0 .75rem .75rem; }
code, pre { font: 14px/1.5 ui-monospace, monospace; }
pre { background: var(--soft); padding: .75rem; border-radius: 6px; overflow-x: auto; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .25rem .5rem .25rem 0; border-top: 1px solid var(--line); }
.method { display: inline-block; min-width: 4rem; font-weight: 600; }
.summary { opacity: .75; margin-left: .5rem; }
`;

/** What the page may load: its own style, and nothing else. */
export const documentationPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function documentationPage(document: OpenApiDocument): Html {
  const { url } = document.servers[0]!;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${document.info.title} ${document.info.version}</title>
<style>${raw(style)}</style>
</head>
<body>
<h1>${document.info.title} <small>${document.info.version}</small></h1>
<p>${document.info.description} This page is made of <a href="openapi.json">openapi.json</a>.</p>
${document.tags.map(
  ({ name }) => html`<h2>${name}</h2>
${operations
  .filter(({ operation }) => operation.tags.includes(name))
  .map(({ path, method, operation }) => operationHtml(method, path, url, operation))}`,
)}
</body>
</html>`;
}

function operationHtml(method: string, path: string, url: string, operation: OperationObject): Html {
  const request = operation.requestBody?.content["application/json"]?.schema;
  const answer = operation.responses["200"]?.content["application/json"]?.schema;
  return html`<details id="${operation.operationId}">
<summary><code><span class="method">${method.toUpperCase()}</span> ${path}</code><span class="summary">${operation.summary}</span></summary>
<div>
${operation.description === undefined ? "" : html`<p>${operation.description}</p>`}
<pre>${curlLine(method, url + path, operation)}</pre>
${request === undefined ? "" : html`<h3>Request</h3>${fieldsHtml(request)}`}
${answer === undefined ? "" : html`<h3>Answer</h3>${fieldsHtml(answer)}`}
</div>
</details>
`;
}

/** A row per field of an object; one line for anything else. */
function fieldsHtml(schema: JsonSchema): Html {
  const { properties, required = [] } = schema;
  if (properties === undefined) return html`<p><code>${typeName(schema)}</code></p>`;
  return html`<table>${Object.entries(properties).map(
    ([name, field]) =>
      html`<tr><th><code>${name}</code>${required.includes(name) ? "" : "?"}</th><td><code>${typeName(field)}</code></td><td>${field.description ?? ""}</td></tr>`,
  )}</table>`;
}

/** A schema in a few words: `string | string[]`. Null, which is the same as absence, is left out. */
function typeName(schema: JsonSchema): string {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (alternatives !== undefined) {
    return alternatives
      .map(typeName)
      .filter((name) => name !== "null")
      .join(" | ");
  }
  if (schema.type === "array") {
    const items = typeName(schema.items ?? {});
    return items.includes(" ") ? `(${items})[]` : `${items}[]`;
  }
  if (schema.type === "object" && schema.properties !== undefined) {
    const fields = Object.entries(schema.properties);
    return `{ ${fields.map(([name, field]) => `${name}: ${typeName(field)}`).join("; ")} }`;
  }
  const types = [schema.type ?? "any"].flat();
  return types.length === 1 ? types[0]! : types.filter((name) => name !== "null").join(" | ");
}
