/** What `nearvec dev` serves and `nearvec upload` takes: no model under the name that the worker's bundle answers. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localBucketAccess } from "../../distill-job/dev/local-bucket.ts";
import { chooseServedModel } from "../../distill-job/dev/served-model.ts";
import { readWranglerSettings, wranglerConfigPath } from "../../distill-job/dev/wrangler-settings.ts";
import { checkModelName } from "../../distill-job/upload/check-model-name.ts";
import { bundledModelName } from "../../shared/model-store/default-model.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { tinyModel } from "../workerd/tiny-model.ts";

const bundledFile = fileURLToPath(new URL("../../models/nano.safetensors", import.meta.url));
const bucket = { name: "models", accessKeyId: "id", secretAccessKey: "secret" };
const withBucket = { defaultModel: "base", bucket };
const withoutBucket = { defaultModel: "base", bucket: undefined };
let folder: string;
let mine: string;
let impostor: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nearvec-served-"));
  mine = join(folder, "mine.safetensors");
  impostor = join(folder, "impostor.safetensors");
  await writeFile(mine, tinyModel({ name: "mine" }));
  await writeFile(impostor, tinyModel({ name: "nano" }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("nearvec dev serves", () => {
  test("the default model, by way of the bucket", async () => {
    const model = await chooseServedModel(undefined, undefined, withBucket);
    expect(model).toMatchObject({ name: "base", bundled: false });
  });

  test.each([
    ["has no bucket", withoutBucket],
    ["names no default model", { defaultModel: undefined, bucket }],
    ["names it", { defaultModel: "nano", bucket }],
  ])("the bundled model where wrangler.toml %s", async (_, settings) => {
    const model = await chooseServedModel(undefined, undefined, settings);
    expect(model).toMatchObject({ name: "nano", bundled: true });
    expect(Buffer.compare(model.bytes, await readFile(bundledFile))).toBe(0);
  });

  test("the bundled model's own file out of the bundle", async () => {
    for (const settings of [withBucket, withoutBucket]) {
      const model = await chooseServedModel(bundledFile, undefined, settings);
      expect(model).toMatchObject({ name: "nano", bundled: true });
    }
  });

  test("a file under the name in it, or under another", async () => {
    expect((await chooseServedModel(mine, undefined, withBucket)).name).toBe("mine");
    expect((await chooseServedModel(impostor, "mine", withBucket)).name).toBe("mine");
  });
});

describe("nearvec dev refuses", () => {
  test.each([
    [
      "another file under the bundled model's name",
      () => impostor,
      undefined,
      withBucket,
      /other than nano.*--name/,
    ],
    ["the same by --name", () => mine, "nano", withBucket, /other than nano/],
    ["a name that no model can have", () => mine, "../mine", withBucket, /letters, digits.*"\.\.\/mine"/],
    [
      "a file where there is no bucket",
      () => mine,
      undefined,
      withoutBucket,
      /bucket in wrangler\.toml to put .*mine/,
    ],
    ["a name without a file", () => undefined, "mine", withBucket, /--model beside --name mine/],
    [
      "a default model that is not there",
      () => undefined,
      undefined,
      { ...withBucket, defaultModel: "x" },
      /x\.safetensors/,
    ],
  ])("%s", async (_, file, name, settings, message) => {
    await expect(chooseServedModel(file(), name, settings)).rejects.toThrow(message);
  });
});

test("the file in the bundle has the name that it is served under", async () => {
  const { metadata } = await StaticModel.load(await readFile(bundledFile));
  expect(metadata.name).toBe(bundledModelName);
});

test.each(["nano", "", "a/b", "-a"])("nearvec upload refuses the name %j", (name) => {
  expect(() => checkModelName(name)).toThrow(/--name/);
});

describe("wrangler.toml", () => {
  async function settingsWithout(pattern: RegExp) {
    const path = join(folder, "wrangler.toml");
    await writeFile(path, (await readFile(wranglerConfigPath, "utf8")).replace(pattern, ""));
    return readWranglerSettings(pathToFileURL(path));
  }

  test("may lack the bucket; there is then nowhere to upload to", async () => {
    const settings = await settingsWithout(/^\[\[r2_buckets\]\]\n.*?(?=^\[observability\])/ms);
    expect(settings.bucket).toBeUndefined();
    expect(() => localBucketAccess("http://127.0.0.1:8787", settings)).toThrow(/\[\[r2_buckets\]\]/);
  });

  test("may lack the default model", async () => {
    const settings = await settingsWithout(/^DEFAULT_MODEL.*\n/m);
    expect(settings.defaultModel).toBeUndefined();
    expect(settings.bucket?.name).toBe("nearvec-models");
  });

  test("may not have a bucket without the keys of the local one", async () => {
    await expect(settingsWithout(/^local_dev.*\n/m)).rejects.toThrow(/accessKeyId/);
  });
});
