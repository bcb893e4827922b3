/** The OpenAPI 3.1 document of everything that an app's routes say of themselves. */
import { type Dialect, errorSchemas } from "../error-dialects.ts";
import { version } from "../version.ts";
import { type JsonSchema, jsonSchema } from "./json-schema.ts";
import type { DescribedRoute, Operation } from "./operations.ts";

interface Content {
  readonly [type: string]: { readonly schema?: JsonSchema; readonly example?: unknown };
}

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
}

/** @param serverUrl Where the app is, without a slash at the end. */
export function openApiDocument(routes: readonly DescribedRoute[], serverUrl: string): OpenApiDocument {
  const paths: Record<string, Record<string, OperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationObject(route) };
  }
  const tags = [...new Set(routes.map(({ operation }) => operation.tag))];
  return {
    openapi: "3.1.0",
    info: {
      title: "nearvec",
      version,
      description: "Static embeddings from the edge, for the clients of several APIs.",
    },
    servers: [{ url: serverUrl }],
    tags: tags.map((name) => ({ name })),
    paths,
  };
}

function operationObject({ path, method, dialect, operation }: DescribedRoute): OperationObject {
  const parameters = parametersOf(path, operation);
  const { summary, description, tag, request } = operation;
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
            required: true,
            content: {
              "application/json": { schema: jsonSchema(request, "input"), example: operation.example },
            },
          },
        }),
    responses: {
      200: { description: "The answer.", content: answerContent(operation) },
      default: { description: "What is wrong, and what to do about it.", content: errorContent(dialect) },
    },
  };
}

function parametersOf(path: string, { query = {}, example }: Operation): Parameter[] {
  const values = (example ?? {}) as Readonly<Record<string, unknown>>;
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]): Parameter => {
    const value = values[name!];
    return {
      name: name!,
      in: "path",
      required: true,
      schema: { type: "string" },
      ...(value === undefined ? {} : { example: value }),
    };
  });
  const inQuery = Object.entries(query).map(([name, description]): Parameter => {
    return { name, in: "query", required: false, description, schema: { type: "string" } };
  });
  return [...inPath, ...inQuery];
}

function answerContent({ response }: Operation): Content {
  return typeof response === "string"
    ? { [response]: {} }
    : { "application/json": { schema: jsonSchema(response, "output") } };
}

function errorContent(dialect: Dialect): Content {
  return { "application/json": { schema: jsonSchema(errorSchemas[dialect], "output") } };
}
