/** Which names a model may have in the bucket. */
import { NearvecError } from "../../shared/errors.ts";
import { bundledModelName } from "../../shared/model-store/default-model.ts";
import { isModelName } from "../../shared/model-store/model-location.ts";

/** @throws NearvecError `invalid_request` for a name that is none, or that the worker would not look up in the bucket. */
export function checkModelName(name: string): void {
  if (!isModelName(name)) {
    throw new NearvecError(
      "invalid_request",
      `Expected a name of letters, digits, ".", "_" and "-", got ${JSON.stringify(name)}. Give one with --name.`,
      { param: "name" },
    );
  }
  if (name === bundledModelName) {
    throw new NearvecError(
      "invalid_request",
      `Expected a name other than ${name}, which the worker answers out of its own bundle and never looks for in ` +
        "the bucket. Give the model another with --name.",
      { param: "name" },
    );
  }
}
