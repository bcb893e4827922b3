/** The installed package's command line. */
import { execFile } from "node:child_process";
import { access, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { ProcessGroup } from "../../distill-job/dev/process-group.ts";
import packageJson from "../../package.json" with { type: "json" };
import { StaticModel } from "../../shared/static-model.ts";
import { tinyTeacher } from "../distill/tiny-teacher.ts";
import { asFloat32 } from "../support/as-float32.ts";
import { installedNodes } from "./installed-nodes.ts";

const { alone, equipped } = inject("installed");
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as npm has linked it, with one of the Nodes first on the PATH. */
async function nearvec(folder: string, node: string, ...args: string[]): Promise<Outcome> {
  const path = `${dirname(node)}${delimiter}${process.env.PATH}`;
  // Whoever runs the tests may have an account.
  const env = { ...process.env, PATH: path, CLOUDFLARE_API_TOKEN: undefined };
  const command = join(folder, "node_modules/.bin/nearvec");
  return promisify(execFile)(command, args, { cwd: folder, env }).then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }: Outcome) => ({ code, stdout, stderr }),
  );
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "nearvec-command-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe.each(installedNodes())("Node %s", (_, node) => {
  test("prints help and version", async () => {
    const help = await nearvec(alone, node, "--help");
    expect([help.code, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toMatch(/^Usage: nearvec .*distill.*upload.*dev/s);
    const { version } = packageJson;
    expect(await nearvec(alone, node, "--version")).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("works on models without anything else installed", async () => {
    const output = join(await temporaryFolder(), "small.safetensors");
    const nano = join(alone, "node_modules/nearvec/dist/models/nano.safetensors");
    const quantized = await nearvec(alone, node, "quantize", nano, "--rows", "int1", "--output", output);
    expect(quantized.code, quantized.stderr).toBe(0);
    expect((await StaticModel.load(await readFile(output))).encode("a horse").length).toBe(256);
  });

  test("says what distilling, and running and deploying the worker need, if it is not there", async () => {
    const output = join(await temporaryFolder(), "tiny.safetensors");
    const distilled = await nearvec(alone, node, "distill", tinyTeacher, "--output", output);
    expect(distilled).toMatchObject({ code: 1, stdout: "" });
    expect(distilled.stderr).toBe(
      "nearvec: Expected onnxruntime-web, which runs teachers, it does not load. Run `npm install onnxruntime-web`.\n",
    );
    for (const command of [["dev", "--port", "0"], ["deploy", "--dry-run"], ["deploy"]]) {
      expect(await nearvec(alone, node, ...command), command.join(" ")).toEqual({
        code: 1,
        stdout: "",
        stderr:
          "nearvec: Expected wrangler, which runs and deploys the worker, it is not installed. Run `npm install --save-dev wrangler`.\n",
      });
    }
  });

  test("asks for a way to Cloudflare where there is neither a token nor wrangler", async () => {
    const listed = await nearvec(alone, node, "keys", "list");
    expect(listed).toMatchObject({ code: 1, stdout: "" });
    expect(listed.stderr).toMatch(
      /^nearvec: Expected CLOUDFLARE_API_TOKEN in the environment, or a login of wrangler/,
    );
  });

  test("distills with onnxruntime-web, in threads", async () => {
    await borrow("onnxruntime-web");
    const output = join(await temporaryFolder(), "tiny.safetensors");
    const options = ["--dims", "4", "--threads", "2", "--output", output];
    const { code, stderr } = await nearvec(equipped, node, "distill", tinyTeacher, ...options);
    expect(code, stderr).toBe(0);
    expect((await StaticModel.load(await readFile(output))).encode("the horse").length).toBe(4);
  });
});

test("runs the worker with wrangler, and keeps its state where it was started", async () => {
  await borrow("wrangler");
  const folder = await temporaryFolder();
  const command = join(equipped, "node_modules/nearvec/bin/nearvec.js");
  const started = process.cwd();
  process.chdir(folder);
  const group = new ProcessGroup(command, ["dev", "--port", "0"], {});
  process.chdir(started);
  onTestFinished(() => group.stop());
  const url = await new Promise<string>((resolve, reject) => {
    group.onOutput(() => {
      const ready = /nearvec is ready on (\S+)/.exec(group.output);
      if (ready !== null) resolve(ready[1]!);
    });
    void group.exited.then(() => reject(new Error(group.output)));
  });
  const health = (await (await fetch(`${url}/health`)).json()) as { default_model: string };
  expect(health.default_model).toBe("base");
  const answer = await fetch(`${url}/v1/embeddings`, {
    method: "POST",
    body: '{"input": "a horse", "model": "nano"}',
    headers: { "content-type": "application/json" },
  });
  const { data } = (await answer.json()) as { data: { embedding: number[] }[] };
  const nano = await StaticModel.load(await readFile("models/nano.safetensors"));
  expect(asFloat32(data[0]!.embedding)).toEqual([...nano.encode("a horse")]);
  await access(join(folder, ".wrangler/state"));
});

/** Stands in for installing a large package: the checkout's own, linked. */
async function borrow(name: string): Promise<void> {
  await symlink(join(modules, name), join(equipped, "node_modules", name)).catch((error) => {
    if (error.code !== "EEXIST") throw error;
  });
}
