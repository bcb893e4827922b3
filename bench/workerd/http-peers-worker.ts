/**
 * Runs inside workerd: what nearvec's routes are compared with, each in plain Hono. Nothing but a greeting; a body read
 * and a fixed answer of the same size; an embedding as one would write it without nearvec.
 */
import { Tokenizer } from "@huggingface/tokenizers";
import { Hono } from "hono";
import { StaticModel } from "../../shared/static-model.ts";
import { JsStaticModel } from "./js-static-model.ts";

interface Body {
  readonly input: string;
}

let model: JsStaticModel;
/** What `/fixed` answers. */
let fixed = "";

const app = new Hono();
app.get("/", (c) => c.text("Hello World"));
app.post("/fixed", async (c) => {
  const { input } = await c.req.json<Body>();
  if (typeof input !== "string") return c.text("Expected a text as input", 400);
  return c.body(fixed, 200, { "content-type": "application/json" });
});
app.post("/embed", async (c) => {
  const { input } = await c.req.json<Body>();
  const embedding = [...model.encode(input)];
  return c.json({ object: "list", data: [{ object: "embedding", index: 0, embedding }], model: "base" });
});
app.put("/fixed", async (c) => {
  fixed = await c.req.text();
  return c.body(null, 204);
});
app.put("/model", async (c) => {
  const form = await c.req.formData();
  const file = await (form.get("model") as unknown as Blob).arrayBuffer();
  const { metadata } = await StaticModel.load(file);
  model = new JsStaticModel(new Tokenizer(JSON.parse(form.get("tokenizer") as string), {}), file, metadata);
  return c.body(null, 204);
});

export default app;
