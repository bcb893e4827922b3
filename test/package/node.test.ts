/** The installed package in Node: every entry is there, and computes what the checkout computes. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, inject, test } from "vitest";
import { StaticModel } from "../../shared/static-model.ts";
import { installedNodes } from "./installed-nodes.ts";

const { equipped } = inject("installed");
const text = "Ein Pferd steht im Regen: a horse, 馬, un cheval.";

describe.each(installedNodes())("Node %s", (_, node) => {
  test.each(["nano", "base"])("encodes with %s, through every entry, to the last bit", async (name) => {
    const script = join(equipped, "node.js");
    const { stdout, stderr } = await promisify(execFile)(node, [script, name, text], { cwd: equipped });
    const model = await StaticModel.load(await readFile(`models/${name}.safetensors`));
    const expected = [...model.encode(text)];
    expect(stderr).toBe("");
    const { vectors, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ isSameClass: true, clientFails: "connection_failed" });
    expect(Object.keys(vectors).length).toBe(5);
    for (const vector of Object.values(vectors)) expect(vector).toEqual(expected);
  });
});
