/** The numbers of docs/operations.md are those of shared/limits.ts. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import {
  garbageGraceSeconds,
  maxPublishDelayMilliseconds,
  maxPublishRetryMilliseconds,
  missingPartSeconds,
  modelMemoryBudgetBytes,
  modelOverheadBytes,
  pointerTtlSeconds,
  publishRetryMilliseconds,
} from "../../shared/limits.ts";

const page = await readFile(new URL("../../docs/operations.md", import.meta.url), "utf8");
const mebibyte = 2 ** 20;

test.each([
  ["Isolates follow within", `${pointerTtlSeconds} s`],
  ["| a model's pointer, after an upload or a rollback |", `${pointerTtlSeconds} s`],
  ["| a replaced part in KV, before it is deleted |", `${garbageGraceSeconds} s`],
  ["merged, and", `${garbageGraceSeconds} s`],
  ["1 to 2 s on one machine; up to", `${maxPublishDelayMilliseconds / 1000} s`],
  [
    "publishing is tried again,",
    `${publishRetryMilliseconds / 1000} s to ${maxPublishRetryMilliseconds / 1000} s`,
  ],
  ["Tried again after", `${missingPartSeconds} s`],
  ["Models and collections share", `${modelMemoryBudgetBytes / mebibyte} MiB`],
  ["`base` takes 8 MiB and", `${modelOverheadBytes / mebibyte} for its kernel`],
])("%s %s", (before, value) => {
  expect(page).toContain(`${before} ${value}`);
});
