/** Checks an answer against what /openapi.json says of its route. */
import { type Schema, Validator } from "@cfworker/json-schema";
import { type OperationObject, openApiDocument } from "../../worker/api-description/openapi-document.ts";
import { describedRoutes } from "../../worker/api-description/operations.ts";
import type { App } from "../../worker/environment.ts";

/** Bytes of an answer that is looked into: validating a larger one takes seconds, and finds no more. */
const maxBytes = 256 * 1024;

interface DescribedPath {
  readonly pattern: RegExp;
  readonly operations: Readonly<Record<string, OperationObject>>;
}

class ApiDescription {
  readonly #document;
  readonly #paths: readonly DescribedPath[];
  readonly #validators = new Map<unknown, Validator>();

  constructor(app: App) {
    this.#document = openApiDocument(describedRoutes(app), "https://nearvec.test");
    this.#paths = Object.entries(this.#document.paths)
      // As a router takes them: names that are written out before those that stand for any.
      .sort(([a], [b]) => Number(a.includes("{id}")) - Number(b.includes("{id}")))
      .map(([path, operations]) => ({ pattern: patternOf(path), operations }));
  }

  /** @returns what is wrong with the answer; nothing also where the route is none that is described */
  async mistakesOf(method: string, path: string, response: Response): Promise<string[]> {
    const paths = this.#paths.filter(({ pattern }) => pattern.test(path)).map(({ operations }) => operations);
    if (paths.length === 0 || method === "HEAD" || method === "OPTIONS") return [];
    const operation = paths.map((operations) => operations[method.toLowerCase()]).find(Boolean);
    // A method that is not there is refused in the words of the path's other methods.
    const { responses } = operation ?? Object.values(paths[0]!)[0]!;
    const described = responses[response.status] ?? (response.ok ? undefined : responses.default);
    if (described === undefined) return [`status ${response.status}`];
    const type = response.headers.get("content-type")?.replace(/;.*/, "") ?? "";
    const content = described.content[type];
    if (content === undefined) return [`content-type ${type}`];
    const text = await response.text();
    if (text.length > maxBytes) return [];
    if (type === "application/json") return this.#check(content.schema, JSON.parse(text));
    const lines = content["x-itemSchema"];
    if (lines === undefined) return [];
    return text.split("\n").flatMap((line) => (line === "" ? [] : this.#check(lines, JSON.parse(line))));
  }

  #check(schema: unknown, value: unknown): string[] {
    let validator = this.#validators.get(schema);
    if (validator === undefined) {
      const { components } = this.#document;
      validator = new Validator({ ...(schema as Schema), components } as Schema, "2020-12");
      this.#validators.set(schema, validator);
    }
    return validator
      .validate(value)
      .errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`);
  }
}

/** `/v1/models/{id}` as an expression; an id may hold slashes. */
function patternOf(path: string): RegExp {
  const source = path
    .replaceAll("{id}", "\0")
    .replace(/\{\w+\}/g, "[^/]+")
    .replaceAll("\0", ".+");
  return new RegExp(`^${source}$`);
}

const descriptions = new WeakMap<App, ApiDescription>();

/** @throws Error naming what the answer has that its description has not, or the other way round */
export async function checkDescribed(app: App, request: Request, response: Response): Promise<void> {
  let description = descriptions.get(app);
  if (description === undefined) {
    description = new ApiDescription(app);
    descriptions.set(app, description);
  }
  const { pathname } = new URL(request.url);
  const mistakes = await description.mistakesOf(request.method, pathname, response);
  if (mistakes.length === 0) return;
  throw new Error(`${request.method} ${pathname} is not as /openapi.json says:\n${mistakes.join("\n")}`);
}
