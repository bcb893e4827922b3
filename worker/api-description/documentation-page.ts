/** The OpenAPI document as one page: no script, nothing from elsewhere, readable offline and without colour. */
import { html, raw } from "hono/html";
import { curlLine } from "./curl-line.ts";
import { type JsonSchema, referencedName } from "./json-schema.ts";
import type { OpenApiDocument, OperationObject } from "./openapi-document.ts";

type Html = ReturnType<typeof html>;
type Schemas = OpenApiDocument["components"]["schemas"];

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
  const { schemas } = document.components;
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
  .map(({ path, method, operation }) => operationHtml(method, path, document, operation))}`,
)}
<h2>Schemas</h2>
${Object.entries(schemas).map(
  ([name, schema]) => html`<details id="schema-${name}">
<summary><code>${name}</code><span class="summary">${prose(schema.description ?? "")}</span></summary>
<div>${fieldsHtml(schema, schemas)}</div>
</details>
`,
)}
</body>
</html>`;
}

function operationHtml(
  method: string,
  path: string,
  { servers, components: { schemas } }: OpenApiDocument,
  operation: OperationObject,
): Html {
  const { description, parameters = [], requestBody, responses } = operation;
  const answers = Object.entries(responses).filter(([status]) => /^2/.test(status));
  const errors = Object.entries(responses).filter(([status]) => /^[45]/.test(status));
  return html`<details id="${operation.operationId}">
<summary><code><span class="method">${method.toUpperCase()}</span> ${path}</code><span class="summary">${operation.summary}</span></summary>
<div>
${description === undefined ? "" : html`<p>${prose(description)}</p>`}
<pre>${curlLine(method, servers[0]!.url + path, operation)}</pre>
${parameters.length === 0 ? "" : html`<h3>Parameters</h3>${rowsHtml(parameters.map((parameter) => [parameter.name, parameter.required, parameter.schema, parameter.description]))}`}
${requestBody === undefined ? "" : html`<h3>Request</h3>${contentHtml(requestBody.content, schemas)}`}
${answers.map(([status, { content }]) => html`<h3>Answer ${status}</h3>${contentHtml(content, schemas)}`)}
${errors.length === 0 ? "" : html`<h3>Errors</h3><table>${errors.map(([status, { description }]) => html`<tr><th>${status}</th><td>${prose(description)}</td></tr>`)}</table>`}
</div>
</details>
`;
}

function contentHtml(
  content: NonNullable<OperationObject["requestBody"]>["content"],
  schemas: Schemas,
): Html {
  return html`${Object.entries(content).map(([type, { schema, "x-itemSchema": lines }]) =>
    type === "application/json" && schema !== undefined
      ? fieldsHtml(schema, schemas)
      : html`<p><code>${type}</code>${lines === undefined ? "" : ", a line:"}</p>${lines === undefined ? "" : fieldsHtml(lines, schemas)}`,
  )}`;
}

/** A row per field of an object; one line for anything else. */
function fieldsHtml(schema: JsonSchema, schemas: Schemas): Html {
  const name = referencedName(schema);
  const { properties, required = [] } = (name === undefined ? undefined : schemas[name]) ?? schema;
  if (properties === undefined) return html`<p><code>${typeName(schema)}</code></p>`;
  return rowsHtml(
    Object.entries(properties).map(([field, type]) => [
      field,
      required.includes(field),
      type,
      type.description,
    ]),
  );
}

type Row = readonly [name: string, required: boolean, schema: JsonSchema, description: string | undefined];

function rowsHtml(rows: readonly Row[]): Html {
  return html`<table>${rows.map(
    ([name, required, schema, description]) =>
      html`<tr><th><code>${name}</code>${required ? "" : "?"}</th><td><code>${typeName(schema, required)}</code></td><td>${prose(description ?? "")}</td></tr>`,
  )}</table>`;
}

/** A sentence with what stands between backticks as code. */
function prose(text: string): Html {
  return html`${text.split("`").map((part, i) => (i % 2 === 0 ? part : html`<code>${part}</code>`))}`;
}

/**
 * A schema in a few words: `string | string[]`.
 *
 * @param withNull Whether null is named: where a field may be left out, it is the same as that.
 */
function typeName(schema: JsonSchema, withNull = false): string {
  const alternatives = schema.anyOf ?? schema.oneOf;
  const name = referencedName(schema);
  if (name !== undefined) return name;
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (alternatives !== undefined) {
    return alternatives
      .filter(({ type }) => withNull || type !== "null")
      .map((alternative) => typeName(alternative, true))
      .join(" | ");
  }
  if (schema.prefixItems !== undefined) {
    return `[${schema.prefixItems.map((item) => typeName(item)).join(", ")}]`;
  }
  if (schema.type === "array") {
    const items = typeName(schema.items || {}, true);
    return /^[{[]|^\S+$/.test(items) ? `${items}[]` : `(${items})[]`;
  }
  if (schema.type === "object" && schema.properties !== undefined) {
    const { properties, required = [] } = schema;
    const fields = Object.entries(properties).map(([field, type]) => {
      const isRequired = required.includes(field);
      return `${field}${isRequired ? "" : "?"}: ${typeName(type, isRequired)}`;
    });
    return `{ ${fields.join("; ")} }`;
  }
  if (schema.type === "object" && typeof schema.additionalProperties === "object") {
    return `{ [name]: ${typeName(schema.additionalProperties)} }`;
  }
  return [schema.type ?? "any"]
    .flat()
    .filter((type) => withNull || type !== "null")
    .join(" | ");
}
