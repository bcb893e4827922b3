/** axe-core finds nothing to object to, in any view, in either colour scheme, on a wide screen and on a phone. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type PlaygroundWorker, runPlaygroundWorker } from "./playground-worker.ts";
import { visit } from "./visit.ts";

let browser: Browser;
let worker: PlaygroundWorker;
const axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

beforeAll(async () => {
  [browser, worker] = await Promise.all([launchChromium(), runPlaygroundWorker()]);
});
afterAll(async () => {
  await browser?.close();
  await worker?.stop();
});

/** Everything that axe-core has a rule for, best practices included. */
async function objections(page: Page): Promise<string[]> {
  await page.evaluate(`${axe}; undefined`);
  return (await page.evaluate(
    `axe.run().then(({ violations, passes }) => {
      if (passes.length < 10) throw new Error("axe-core has looked at next to nothing.");
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ": " + html.slice(0, 160) + "\\n" + failureSummary));
    })`,
  )) as string[];
}

const scenes: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  "#compare": async (page) => {
    await page.locator(".heatmap td").first().waitFor();
  },
  "#compare?text=a&text=a&text=no&text=the+opposite+of+it": async (page) => {
    await page.locator(".heatmap td").first().waitFor();
  },
  "#compare?text=a&dimensions=64&model=nano": async (page) => {
    await page
      .getByRole("alert")
      .getByText(/request/)
      .first()
      .waitFor();
  },
  "#tokens?text=the+unbelievable+%F0%93%80%80+horse": async (page) => {
    await page.locator(".tokens .token").first().waitFor();
  },
  "#search": async (page) => {
    const make = page.getByRole("button", { name: /Make a sample/ });
    await page.locator(".empty:visible, .card:visible").first().waitFor();
    if (await make.isVisible()) {
      expect(await objections(page)).toEqual([]);
      await make.click();
    } else await page.getByRole("searchbox").fill("a pony in the rain");
    await page.locator(".result").first().waitFor();
    await page.getByRole("button", { name: "Filter" }).click();
  },
  "#map?collection=sample-notes&query=rain": async (page) => {
    await page.getByRole("heading", { name: "Nearest to the query" }).waitFor();
    await page.getByRole("application").focus();
    await page.locator(".map-detail h2").waitFor();
  },
  "#statistics": async (page) => {
    await page.getByRole("row", { name: /base/ }).waitFor();
  },
};

const screens = [
  { name: "wide and light", colorScheme: "light", viewport: { width: 1280, height: 900 } },
  { name: "wide and dark", colorScheme: "dark", viewport: { width: 1280, height: 900 } },
  { name: "narrow and light", colorScheme: "light", viewport: { width: 360, height: 740 } },
  { name: "narrow and dark", colorScheme: "dark", viewport: { width: 360, height: 740 } },
] as const;

test.each(screens)(
  "on a screen that is $name",
  async ({ colorScheme, viewport }) => {
    // axe-core needs what the page's policy forbids; that the page obeys it is tested without it. Nothing may be
    // half-transparent while it looks.
    const options = { colorScheme, viewport, bypassCSP: true, reducedMotion: "reduce" } as const;
    for (const [hash, arrive] of Object.entries(scenes)) {
      const { page, close } = await visit(browser, `${worker.url}/${hash}`, options);
      await arrive(page);
      expect({ hash, objections: await objections(page) }).toEqual({ hash, objections: [] });
      await close();
    }
  },
  300_000,
);

test("in the dialogs", async () => {
  const { page, close } = await visit(browser, `${worker.url}/#search?collection=sample-notes`, {
    bypassCSP: true,
  });
  for (const name of [/^Key for/, /^Keys/, "Documents", "Collection", "Delete"]) {
    const button = page.getByRole("button", { name, exact: true });
    await button.click();
    await page.getByRole("dialog").waitFor();
    expect({ name, objections: await objections(page) }).toEqual({ name, objections: [] });
    await page.keyboard.press("Escape");
  }
  await close();
});
