/** The OpenAPI 3.1 document of everything that an app's routes say of themselves. */
import { z } from "zod";
import { type ErrorCode, NearvecError } from "../../shared/errors.ts";
import { type Dialect, errorSchemas, speakError } from "../error-dialects.ts";
import { version } from "../version.ts";
import { type JsonSchema, SchemaComponents } from "./json-schema.ts";
import type { DescribedRoute, Operation, OtherBody } from "./operations.ts";

interface MediaType {
  readonly schema?: JsonSchema;
  readonly example?: unknown;
  /** What a line is of a body in lines: OpenAPI 3.2's `itemSchema`, which 3.1 does not have. */
  readonly "x-itemSchema"?: JsonSchema;
}

type Content = Readonly<Record<string, MediaType>>;

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

export interface OperationObject {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Content }>>;
}

export interface OpenApiDocument {
  readonly openapi: "3.1.0";
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
}

/** What can be wrong with any body of JSON. */
const bodyErrors: readonly ErrorCode[] = [
  "invalid_json",
  "invalid_request",
  "payload_too_large",
  "unsupported_media_type",
];

/** @param serverUrl Where the app is, without a slash at the end. */
export function openApiDocument(routes: readonly DescribedRoute[], serverUrl: string): OpenApiDocument {
  const components = new SchemaComponents();
  const paths: Record<string, Record<string, OperationObject>> = {};
  for (const route of routes) {
    const path = templatedPath(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationObject(route, components) };
  }
  const tags = [...new Set(routes.map(({ operation }) => operation.tag))];
  return {
    openapi: "3.1.0",
    info: {
      title: "nearvec",
      version,
      description:
        "Static embeddings from the edge, for the clients of several APIs, and search beside them.",
    },
    servers: [{ url: serverUrl }],
    tags: tags.map((name) => ({ name })),
    paths,
    // A worker on one's own machine asks for no key.
    security: [{ key: [] }, {}],
    components: {
      schemas: components.schemas,
      securitySchemes: {
        key: { type: "http", scheme: "bearer", description: "A key of `nearvec keys create`." },
      },
    },
  };
}

/** `/v1/documents/:id{.+}` as OpenAPI writes it: `/v1/documents/{id}`. */
export function templatedPath(path: string): string {
  return path.replace(/:(\w+)(?:\{[^}]*\})?/g, "{$1}");
}

function operationObject(route: DescribedRoute, components: SchemaComponents): OperationObject {
  const { method, dialect, operation } = route;
  const path = templatedPath(route.path);
  const parameters = parametersOf(path, operation, components);
  const { summary, description, tag, request, status = 200 } = operation;
  return {
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    operationId: `${method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(request === undefined
      ? {}
      : {
          requestBody: {
            // No line at all is an import, too.
            required: request instanceof z.ZodType || request.lines === undefined,
            content: contentOf(request, "input", components, operation.example),
          },
        }),
    responses: {
      [status]: {
        description: "The answer.",
        content: contentOf(operation.response, "output", components),
      },
      ...errorResponses(dialect, operation, components),
      default: {
        description: "What is wrong, and what to do about it.",
        content: errorContent(dialect, components),
      },
    },
  };
}

function parametersOf(path: string, operation: Operation, components: SchemaComponents): Parameter[] {
  const { names = {}, query = {}, exampleNames = {} } = operation;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]): Parameter => {
    const example = exampleNames[name!];
    return {
      ...parameter(name!, names[name!] ?? z.string(), components),
      in: "path",
      required: true,
      ...(example === undefined ? {} : { example }),
    };
  });
  const inQuery = Object.entries(query).map(([name, schema]): Parameter => {
    return { ...parameter(name, schema, components), in: "query", required: false };
  });
  return [...inPath, ...inQuery];
}

/** What a schema says of itself belongs to the parameter. */
function parameter(name: string, schema: z.ZodType, components: SchemaComponents) {
  const { description, ...rest } = components.add(schema, "input");
  return { name, ...(description === undefined ? {} : { description }), schema: rest };
}

function contentOf(
  body: z.ZodType | OtherBody,
  io: "input" | "output",
  components: SchemaComponents,
  sample?: unknown,
): Content {
  const example = sample === undefined ? {} : { example: sample };
  if (body instanceof z.ZodType)
    return { "application/json": { schema: components.add(body, io), ...example } };
  const { type, lines } = body;
  if (lines === undefined) return { [type]: example };
  const itemSchema = components.add(lines, io);
  return { [type]: { schema: { type: "string" }, "x-itemSchema": itemSchema, ...example } };
}

/** A response for each status that the route's known errors have in its dialect. */
function errorResponses(
  dialect: Dialect,
  { request, errors = [] }: Operation,
  components: SchemaComponents,
): OperationObject["responses"] {
  const codes = [...(request instanceof z.ZodType ? bodyErrors : []), ...errors];
  const byStatus = Map.groupBy(
    codes,
    (code) => speakError(dialect, new NearvecError(code, ""), "", "").status,
  );
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\``).join(", "),
        content: errorContent(dialect, components),
      },
    ]),
  );
}

function errorContent(dialect: Dialect, components: SchemaComponents): Content {
  return { "application/json": { schema: components.add(errorSchemas[dialect], "output") } };
}
