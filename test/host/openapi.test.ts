/** /openapi.json is a valid OpenAPI 3.1 document, and its references lead somewhere. */
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyModel } from "../workerd/tiny-model.ts";
import { type RunningWorker, runWorker, startTimeout } from "./running-worker.ts";

let worker: RunningWorker;
beforeAll(async () => {
  worker = await runWorker();
  await worker.upload("tiny", tinyModel());
}, startTimeout);
afterAll(async () => worker?.stop());

const readDocument = async () =>
  (await fetch(`${worker.url}/openapi.json`)).json() as Promise<Record<string, object>>;

test("openapi.json is valid", async () => {
  const validator = new Validator();
  const document = await readDocument();
  expect(await validator.validate(document)).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
  // Throws where a reference leads nowhere.
  validator.resolveRefs();
});

test("the validator finds what is wrong", async () => {
  const document = await readDocument();
  const broken = { ...document, paths: { "/v1/models": { get: { responses: { 200: {} } } } } };
  expect(await new Validator().validate(broken)).toMatchObject({ valid: false });
});
