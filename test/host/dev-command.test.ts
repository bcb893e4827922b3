/** `npm start`: one line in, a curl line out that works as pasted, and nothing left when it ends. */
import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localHost } from "../../distill-job/dev/free-port.ts";
import { embeddingsResponseSchema } from "../../shared/api/embeddings.ts";
import { tinyModel } from "../workerd/tiny-model.ts";

const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nearvec-dev-"));
  await writeFile(join(folder, "tiny.safetensors"), tinyModel());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface DevRun {
  readonly stdout: string;
  readonly stderr: string;
  /** Marks every process that this run starts, whoever its parent becomes. */
  readonly marker: string;
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts `nearvec dev` with a model and a bucket of its own, by itself. */
function startDev(...more: string[]): DevRun {
  return start(process.execPath, [nearvec, "dev"], more);
}

function startNpm(...more: string[]): DevRun {
  return start("npm", ["start", "--"], more);
}

function start(command: string, first: readonly string[], more: readonly string[]): DevRun {
  const marker = `NEARVEC_TEST_RUN=${randomUUID()}`;
  const [name, value] = marker.split("=") as [string, string];
  const model = ["--model", join(folder, "tiny.safetensors"), "--state", join(folder, "state")];
  const env = { ...process.env, [name]: value };
  const child = spawn(command, [...first, ...model, ...more], { cwd: root, env });
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
    });
  }
  return Object.assign(output, {
    marker,
    exited: once(child, "exit").then(([code]) => code as number | null),
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
  });
}

async function until(condition: () => boolean, run: DevRun): Promise<void> {
  const deadline = performance.now() + 45_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`nothing came of it:\n${run.stdout}\n${run.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Ids of the processes that a run started and that still run. Linux only: elsewhere there is no /proc. */
async function survivors(run: DevRun): Promise<string[]> {
  const ids = existsSync("/proc/self/environ")
    ? (await readdir("/proc")).filter((id) => /^\d+$/.test(id))
    : [];
  const marked = ids.map(async (id) => {
    const environment = await readFile(`/proc/${id}/environ`, "utf8").catch(() => "");
    return environment.includes(run.marker) ? [id] : [];
  });
  return (await Promise.all(marked)).flat();
}

describe.each(["SIGINT", "SIGTERM"] as const)("nearvec dev, ended by %s", (signal) => {
  test("prints a curl line that works as pasted, and leaves no process behind", async () => {
    const run = startDev("--port", "0");
    await until(() => run.stdout.includes("Ctrl-C"), run);
    const curl = /curl .*/.exec(run.stdout)?.[0] ?? "";
    const answer = execFileSync("sh", ["-c", curl], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(embeddingsResponseSchema.parse(JSON.parse(answer))).toMatchObject({ model: "tiny" });
    expect((await survivors(run)).length).toBeGreaterThan(1);
    run.kill(signal);
    expect(await run.exited).toBe(0);
    expect(await survivors(run)).toEqual([]);
  });

  test("while it is still starting leaves no process behind either", async () => {
    const run = startDev("--port", "0");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    run.kill(signal);
    await run.exited;
    expect(await survivors(run)).toEqual([]);
  });
});

test("nearvec dev that is killed takes the worker with it", async () => {
  const run = startDev("--port", "0");
  await until(() => run.stdout.includes("Ctrl-C"), run);
  run.kill("SIGKILL");
  await run.exited;
  await expect.poll(() => survivors(run), { timeout: 30_000 }).toEqual([]);
});

test("npm start that is terminated takes everything with it, though npm tells nobody", async () => {
  const run = startNpm("--port", "0");
  await until(() => run.stdout.includes("Ctrl-C"), run);
  run.kill("SIGTERM");
  await run.exited;
  await expect.poll(() => survivors(run), { timeout: 30_000 }).toEqual([]);
});

describe("nearvec dev that cannot start", () => {
  test("says in one line that the port is taken", async () => {
    const server = createServer().listen(0, localHost);
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const run = startDev("--port", String(port));
    expect(await run.exited).toBe(1);
    expect(run.stderr).toMatch(
      new RegExp(
        `^nearvec: Expected port ${port} to be free, but another program listens there.*--port ${port + 1}\n$`,
      ),
    );
    expect(await survivors(run)).toEqual([]);
    server.close();
  });

  test("says in one line that the model file is broken", async () => {
    const path = join(folder, "broken.safetensors");
    await writeFile(path, tinyModel().slice(0, -1));
    const run = startDev("--port", "0", "--model", path);
    expect(await run.exited).toBe(1);
    expect(run.stderr).toMatch(/^nearvec: Expected a model file of \d+ bytes, got \d+.*\n$/);
  });

  test.each(["70000", "-1", "http"])("refuses the port %s", async (port) => {
    const run = startDev(`--port=${port}`);
    expect(await run.exited).toBe(2);
    expect(run.stderr).toContain("a port from 0 to 65535");
  });
});
