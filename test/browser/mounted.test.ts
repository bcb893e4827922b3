/** The playground where the app is not at the root, and where the worker has no collections. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { wranglerConfigPath } from "../../distill-job/dev/wrangler-settings.ts";
import { startTimeout } from "../host/running-worker.ts";
import { launchChromium } from "./chromium.ts";
import { runPlaygroundWorker } from "./playground-worker.ts";
import { visit } from "./visit.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => browser?.close());

/** Milliseconds: each test starts a worker of its own. */
const timeout = startTimeout + 60_000;

test("works below a prefix, links and code included", { timeout }, async () => {
  const worker = await runPlaygroundWorker({
    entry: fileURLToPath(new URL("mounted-worker.ts", import.meta.url)),
  });
  const { page, complaints, close } = await visit(browser, `${worker.url}/embed`);
  try {
    await page.locator(".heatmap td").first().waitFor();
    expect(await page.locator(".code-panel code").textContent()).toContain(
      `${worker.url}/embed/v1/similarity`,
    );
    await page.getByRole("link", { name: "Search" }).click();
    await page.getByRole("button", { name: /Make a sample/ }).click();
    await page.locator(".result").first().waitFor();
    await page.getByRole("link", { name: "Map" }).click();
    await page.locator("main").getByText("64 points").waitFor();
    expect(complaints()).toEqual([]);
    const links = await page
      .locator("footer a")
      .evaluateAll((all) => all.map((link) => (link as unknown as { href: string }).href));
    expect(links).toEqual([`${worker.url}/embed/docs`, `${worker.url}/embed/openapi.json`]);
    for (const link of links) expect((await fetch(link)).status).toBe(200);
  } finally {
    await close();
    await worker.stop();
  }
});

test("says what is missing where the worker has no bindings, and does the rest", { timeout }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "nearvec-playground-"));
  const config = join(folder, "wrangler.toml");
  const text = await readFile(wranglerConfigPath, "utf8");
  // Cut down as a user would, from the variables to the last binding.
  const cut = text
    .replace(/^\[vars\]\n.*?(?=^\[observability\])/ms, "")
    .replace('main = "', `main = "${root}`);
  expect(cut).not.toMatch(/COLLECTIONS|MODELS/);
  await writeFile(config, cut);
  const worker = await runPlaygroundWorker({ config });
  const { page, complaints, close } = await visit(browser, worker.url);
  try {
    await page.locator(".heatmap td").first().waitFor();
    await page.getByText(/nano, 256 dimensions/).waitFor();
    expect(complaints()).toEqual([]);
    for (const view of ["Search", "Map"]) {
      await page.getByRole("link", { name: view }).click();
      const notice = page.getByRole("alert");
      await notice.getByText("This worker has no place for collections").waitFor();
      expect(await notice.textContent()).toMatch(/COLLECTIONS.*501 collections_unavailable.*req_/);
      expect(await page.locator(".card:visible").count()).toBe(0);
    }
    await page.getByRole("link", { name: "Statistics" }).click();
    await page.getByRole("row", { name: /nano/ }).getByText("the bundle").waitFor();
  } finally {
    await close();
    await worker.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
