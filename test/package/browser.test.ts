/** The installed package in a browser, by way of the bundlers that people have. */
import { readFile, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import { join } from "node:path";
import { build as esbuild } from "esbuild";
import type { Browser } from "playwright-core";
import { build as viteBuild, createServer as viteServer } from "vite";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { StaticModel } from "../../shared/static-model.ts";
import { serveFolder, startBrowser } from "./browser-pages.ts";

const { equipped } = inject("installed");
const models = join(equipped, "node_modules/nearvec/dist/models");
const text = "Ein Pferd steht im Regen: a horse, 馬, un cheval.";
const page = (script: string) =>
  `<!doctype html><title>test</title><script type="module" src="${script}"></script>`;

let browser: Browser;
let nano: number[];
beforeAll(async () => {
  browser = await startBrowser();
  nano = [...(await StaticModel.load(await readFile("models/nano.safetensors"))).encode(text)];
});
afterAll(() => browser?.close());

interface Result {
  readonly vector: number[];
  readonly pipeline: number[];
  readonly client: boolean;
}

/** What the page has come to, which says so of itself. */
async function resultOf(url: string): Promise<Result> {
  const tab = await browser.newPage();
  onTestFinished(() => tab.close());
  const failures: unknown[] = [];
  tab.on("pageerror", (error) => failures.push(error));
  const query = new URLSearchParams({ model: "/models/nano.safetensors", text });
  await tab.goto(`${url}/?${query}`);
  const read = tab.waitForFunction(() => (globalThis as unknown as { result?: Result }).result, null, {
    timeout: 60_000,
  });
  const handle = await read.catch((error: unknown) => {
    throw failures[0] ?? error;
  });
  return (await handle.jsonValue()) as Result;
}

async function serve(folder: string): Promise<string> {
  const { server, url }: { server: Server; url: string } = await serveFolder(folder, models);
  onTestFinished(() => void server.close());
  return url;
}

const expected = () => ({ vector: nano, pipeline: nano, client: true });

test("bundled by esbuild, it encodes to the same bits", async () => {
  const outdir = join(equipped, "by-esbuild");
  await esbuild({
    entryPoints: [join(equipped, "browser.js")],
    bundle: true,
    minify: true,
    format: "esm",
    outdir,
    absWorkingDir: equipped,
  });
  await writeFile(join(outdir, "index.html"), page("/browser.js"));
  expect(await resultOf(await serve(outdir))).toEqual(expected());
});

test("bundled by Vite, it encodes to the same bits", async () => {
  await writeFile(join(equipped, "index.html"), page("/browser.js"));
  const outDir = join(equipped, "by-vite");
  await viteBuild({
    root: equipped,
    configFile: false,
    logLevel: "warn",
    build: { outDir, target: "es2022" },
  });
  expect(await resultOf(await serve(outDir))).toEqual(expected());
});

test("in Vite's development server it encodes to the same bits", async () => {
  await writeFile(join(equipped, "index.html"), page("/browser.js"));
  const server = await viteServer({
    root: equipped,
    configFile: false,
    logLevel: "warn",
    server: { port: 0, host: "127.0.0.1" },
    // As a user would who puts a model among the site's own files.
    publicDir: join(equipped, "node_modules/nearvec/dist"),
  });
  onTestFinished(() => server.close());
  await server.listen();
  expect(await resultOf(server.resolvedUrls!.local[0]!.replace(/\/$/, ""))).toEqual(expected());
});

test("Vite finds a model by its name in the package", async () => {
  const entry = join(equipped, "model-url.js");
  await writeFile(entry, 'import url from "nearvec/models/nano.safetensors?url";\nexport default url;\n');
  const built = await viteBuild({
    ...{ root: equipped, configFile: false, logLevel: "warn" },
    build: { write: false, lib: { entry, formats: ["es"] }, assetsInlineLimit: 0 },
  });
  const outputs = [built].flat().flatMap((bundle) => ("output" in bundle ? bundle.output : []));
  const code = outputs.map((output) => ("code" in output ? output.code : output.fileName)).join("\n");
  expect(code.length).toBeGreaterThan(0);
  const bytes = await readFile("models/nano.safetensors");
  const holdsModel = outputs.some(
    (output) => output.type === "asset" && Buffer.compare(Buffer.from(output.source), bytes) === 0,
  );
  expect(holdsModel || code.includes(bytes.toString("base64").slice(0, 200))).toBe(true);
});
