/** Requests as /openapi.json has them as examples, and what they take for granted. */
import { z } from "zod";
import { StaticModel } from "../../shared/static-model.ts";
import { templatedPath } from "../../worker/api-description/openapi-document.ts";
import type { DescribedRoute } from "../../worker/api-description/operations.ts";
import { segmentUpload } from "../support/segment-upload.ts";
import type { Client } from "./collection-fixtures.ts";
import { ask, putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

/** A model, a collection of notes, and notes in it, one of them called as a route is. */
export async function prepareExamples(client: Client): Promise<void> {
  await putModel("tiny", tinyModel());
  await client.post("", { name: "notes", fields: { year: "number" } });
  await client.write("notes", [
    { id: "a", text: "hello world" },
    { id: "delete", text: "far" },
  ]);
}

/** A route's path with the names of its example filled in, or others. */
export function pathOf(
  { path, operation: { exampleNames = {} } }: DescribedRoute,
  names: Readonly<Record<string, string>> = exampleNames,
): string {
  return templatedPath(path).replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? exampleNames[name]!);
}

/** A request's body as its route's example has it. */
export async function exampleInit({ operation: { request, example } }: DescribedRoute): Promise<RequestInit> {
  if (request === undefined) return {};
  if (request instanceof z.ZodType) {
    return { body: JSON.stringify(example), headers: { "content-type": "application/json" } };
  }
  const model = await StaticModel.load(tinyModel());
  const body =
    (example as string | undefined) ?? (await segmentUpload(model, { fields: { year: "number" } }));
  return { body, headers: { "content-type": request.type } };
}

/** Asks what a route's example asks. */
export async function askExample(client: Client, route: DescribedRoute): Promise<Response> {
  await prepareExamples(client);
  // It makes what is there already.
  if (route.operation.status === 201) await client.delete("/notes");
  return ask(client.app, pathOf(route), { method: route.method, ...(await exampleInit(route)) });
}
