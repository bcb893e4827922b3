/** The hub from the command line. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { temporaryDirectory } from "../distill/tiny-teacher.ts";
import { tinyModel } from "../support/tiny-model.ts";
import { cached, type HubFixture, startHub, teacherFiles } from "./hub-fixtures.ts";
import { HubStandIn } from "./hub-stand-in.ts";

const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));

/** Not `spawnSync`: the stand-in lives in this process. */
async function run({ environment }: HubFixture, cwd: string, ...options: string[]) {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [nearvec, ...options], { cwd, env });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { status: child.exitCode, stdout, stderr };
}

async function start(token?: string) {
  const fixture = await startHub(token);
  const folder = await temporaryDirectory();
  await writeFile(join(folder, "tiny.safetensors"), tinyModel({ pooling: "distinct" }));
  return { fixture, folder };
}

describe("push and pull", () => {
  test("say what they did", async () => {
    const { fixture, folder } = await start(HubStandIn.writeToken);
    const pushed = await run(fixture, folder, "push", "tiny.safetensors", "me/tiny", "--private");
    expect(pushed.status).toBe(0);
    expect(pushed.stdout).toMatch(
      /^6 files, \d+\.\d MiB, to me\/tiny, which is new: commit [0-9a-f]{12} on main \(http.*\/me\/tiny\)\n$/,
    );
    expect(pushed.stderr).toMatch(/^nearvec: the model pools by "distinct", which others do not know: .*\n$/);
    const pulled = await run(fixture, folder, "pull", "hf:me/tiny", "-o", "back.safetensors");
    expect(pulled).toMatchObject({ status: 0, stderr: "" });
    expect(pulled.stdout).toMatch(
      /^tiny: 16 rows x 8 dims, 0\.\d MiB in back\.safetensors, from me\/tiny at [0-9a-f]{12}\n$/,
    );
    expect(await readFile(join(folder, "back.safetensors"))).toEqual(
      await readFile(join(folder, "tiny.safetensors")),
    );
  });

  test("print JSON on request; a pull has a name of its own for the file", async () => {
    const { fixture, folder } = await start(HubStandIn.writeToken);
    const options = ["--revision", "trial", "--message", "Try", "--rows", "int8", "--json"];
    const pushed = JSON.parse(
      (await run(fixture, folder, "push", "tiny.safetensors", "me/other", ...options)).stdout,
    );
    expect(pushed).toMatchObject({ repo: "me/other", branch: "trial", created: true });
    expect(fixture.hub.repositories.get("me/other")?.commits.get(pushed.commit)?.message).toBe("Try");
    const pulled = JSON.parse((await run(fixture, folder, "pull", "me/other@trial", "--json")).stdout);
    expect(pulled).toMatchObject({
      ...{ name: "tiny", file: "other.safetensors", repo: "me/other", commit: pushed.commit },
      ...{ source: "nearvec", rows: 16, dimensions: 8 },
    });
    expect((await readdir(folder)).sort()).toEqual(["other.safetensors", "tiny.safetensors"]);
  });

  test.each<[string, string[], RegExp]>([
    ["no such repository", ["pull", "me/none"], /^nearvec: Expected http.* got 401 RepoNotFound/],
    ["a name that is none", ["pull", "none"], /^nearvec: Expected hf:org\/name/],
    ["no such folder", ["pull", "me/x", "-o", "a/b"], /^nearvec: Expected a directory for a\/b/],
    ["no token", ["push", "tiny.safetensors", "me/tiny"], /^nearvec: Expected HF_TOKEN to be set/],
    ["no such file", ["push", "none", "me/tiny"], /^nearvec: Expected a model file at none/],
  ])("%s is said in one line, and nothing is written", async (_, options, message) => {
    const { fixture, folder } = await start();
    const { status, stdout, stderr } = await run(fixture, folder, ...options);
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(await readdir(folder)).toEqual(["tiny.safetensors"]);
  });
});

test("a process that is killed in the middle of a download leaves a cache to go on with", async () => {
  const { fixture, folder } = await start();
  const { hub, environment } = fixture;
  const content = tinyModel({ dimensions: 1024 });
  hub.add("org/large", { "nearvec.safetensors": content });
  const options = ["pull", "org/large", "-o", "out.safetensors"];
  hub.interfere = ({ host }, response) => {
    if (host !== "storage") return false;
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, 5000));
    return true;
  };
  const child = spawn(process.execPath, [nearvec, ...options], {
    cwd: folder,
    env: { ...process.env, ...environment },
  });
  await vi.waitFor(async () => {
    const [partial] = (await cached(fixture.access, "org/large", "blobs")).filter((name) =>
      name.endsWith("-incomplete"),
    );
    const path = join(fixture.access.cache, "models--org--large/blobs", partial!);
    expect((await stat(path)).size).toBe(5000);
  }, 10_000);
  child.kill("SIGKILL");
  await once(child, "close");
  hub.interfere = () => false;
  expect(await run(fixture, folder, ...options)).toMatchObject({ status: 0, stderr: "" });
  expect(hub.contentRequests().at(-1)?.range).toBe("bytes=5000-");
  expect(await readFile(join(folder, "out.safetensors"))).toEqual(Buffer.from(content));
});

describe("hf:org/name stands where a directory does", () => {
  test("in distill, and offline from the cache with the same bytes", async () => {
    const { fixture, folder } = await start();
    const commit = fixture.hub.add("org/teacher", teacherFiles);
    const options = ["distill", "hf:org/teacher", "--dims", "4", "-o"];
    expect(await run(fixture, folder, ...options, "first.safetensors")).toMatchObject({
      status: 0,
      stderr: "",
    });
    fixture.hub.stop();
    const again = await run(fixture, folder, ...options, "second.safetensors");
    expect(again.status).toBe(0);
    expect(again.stderr).toBe(
      `nearvec: the hub is not asked for org/teacher: using commit ${commit.slice(0, 12)} of the cache.\n`,
    );
    const [first, second] = await Promise.all(
      ["first", "second"].map((name) => readFile(join(folder, `${name}.safetensors`))),
    );
    expect(Buffer.compare(first!, second!)).toBe(0);
  });

  test("in refine, with a revision, a weight and a pooling", async () => {
    const { fixture, folder } = await start();
    const commit = fixture.hub.add("org/teacher", teacherFiles, { branch: "v1.0" });
    const words = ["the", "horse", "in", "rain", "a", "run"];
    const lines = Array.from({ length: 300 }, (_, i) =>
      [i, i / 6, i / 36, i / 7].map((k) => words[Math.floor(k) % 6]).join(" "),
    );
    await writeFile(join(folder, "texts.txt"), lines.join("\n"));
    const options = [
      "--model",
      "tiny.safetensors",
      "--corpus",
      "texts.txt",
      "--dims",
      "4",
      "--cache",
      "cache",
    ];
    const teacher = ["--teacher", "hf:org/teacher@v1.0:1.5:cls"];
    const { status, stderr } = await run(
      fixture,
      folder,
      "refine",
      ...options,
      ...teacher,
      "-o",
      "out.safetensors",
    );
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const header = (await readFile(join(folder, "out.safetensors"))).toString("latin1");
    expect(header).toContain(`org/teacher@${commit} x 1.5 (`);
    expect(header).toMatch(/refine_teachers[^;]*, cls, /);
  });

  test("in evaluate", async () => {
    const { fixture, folder } = await start();
    fixture.hub.add("org/teacher", teacherFiles);
    await writeFile(
      join(folder, "stsb-en-test.csv"),
      "the horse,a horse,5\nin the rain,a run,1\nthe rain,a cat,2\n",
    );
    const options = ["--data", folder, "--teacher", "hf:org/teacher", "--json"];
    const { status, stdout, stderr } = await run(fixture, folder, "evaluate", ...options);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(JSON.parse(stdout)[0].model).toBe("teacher");
  });

  test("in import", async () => {
    const { fixture, folder } = await start(HubStandIn.writeToken);
    await run(fixture, folder, "push", "tiny.safetensors", "me/tiny");
    const { status, stdout } = await run(fixture, folder, "import", "hf:me/tiny", "-o", "back.safetensors");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^tiny: 16 rows x 8 dims, float32/);
  });
});
