/** A route of Text Embeddings Inference: its errors, its heading in the documentation. */
import type { Handler } from "hono";
import type { Operation } from "../../api-description/operations.ts";
import type { App, AppTypes } from "../../environment.ts";
import { route } from "../../route.ts";

interface InferenceRoute extends Omit<Operation, "tag"> {
  readonly handler: Handler<AppTypes>;
}

export function inferenceRoute(
  app: App,
  method: "GET" | "POST",
  path: string,
  { handler, ...operation }: InferenceRoute,
): void {
  route(
    app,
    path,
    { [method]: handler },
    {
      dialect: "text-embeddings-inference",
      operations: { [method]: { tag: "Text Embeddings Inference", ...operation } },
    },
  );
}
