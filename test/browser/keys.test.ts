/** A worker that asks for keys. A stand-in answers 401 and 403 in its place; what a key opens comes from a real one. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type PlaygroundWorker, runPlaygroundWorker } from "./playground-worker.ts";
import { visit } from "./visit.ts";

let browser: Browser;
let worker: PlaygroundWorker;

beforeAll(async () => {
  [browser, worker] = await Promise.all([launchChromium(), runPlaygroundWorker()]);
});
afterAll(async () => {
  await browser?.close();
  await worker?.stop();
});

const key = "nv_for_embedding_only";

/** Page and files are open, the rest is not; collections need more than this key has. */
async function askForKeys(page: Page): Promise<void> {
  await page.route(/\/(?:v1\/|tokenize|metrics|health)/, async (route) => {
    const sent = (await route.request().allHeaders()).authorization;
    const refuse = (status: number, code: string, message: string) =>
      route.fulfill({
        status,
        headers: { "x-request-id": "req_of_the_stand_in" },
        json: { error: { message, type: "invalid_request_error", param: null, code } },
      });
    if (sent === undefined)
      return refuse(401, "missing_api_key", "Expected a header Authorization: Bearer nv_…, got none.");
    if (sent !== `Bearer ${key}`)
      return refuse(401, "invalid_api_key", "Expected a key of this worker, got another.");
    if (route.request().url().includes("/v1/collections")) {
      return refuse(403, "permission_denied", "Expected a key with the scope read, but this one has embed.");
    }
    return route.continue();
  });
}

test("asks for the key where it is missing, keeps it for the tab, and says what it does not open", async () => {
  const { page, complaints, close } = await visit(browser, "about:blank");
  await askForKeys(page);
  await page.goto(worker.url);
  const notice = page.getByRole("alert");
  await notice.getByText("This worker asks for a key").waitFor();
  expect(await notice.textContent()).toMatch(/401 missing_api_key.*req_of_the_stand_in/);
  await page.getByText("needs a key").waitFor();

  await notice.getByRole("button", { name: "Enter a key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Bearer key").fill("nv_wrong");
  await page.keyboard.press("Enter");
  await notice.getByText(/got another/).waitFor();
  await notice.getByRole("button", { name: "Change the key" }).click();
  await dialog.getByLabel("Bearer key").fill(` ${key}\n`);
  await dialog.getByRole("button", { name: "Use it" }).click();
  await page.locator(".heatmap td").first().waitFor();
  expect(await notice.count()).toBe(0);
  await page.getByRole("button", { name: "Key for this worker: set" }).waitFor();

  await page.getByRole("link", { name: "Search" }).click();
  await notice.getByText("This key does not open that").waitFor();
  expect(await notice.textContent()).toContain("scope read");

  // In this tab, and nowhere else.
  await page.goto(`${worker.url}/#compare`);
  await page.reload();
  await page.locator(".heatmap td").first().waitFor();
  const stored = (await page.evaluate(
    "[JSON.stringify(sessionStorage), JSON.stringify(localStorage), document.cookie, location.href, document.documentElement.outerHTML]",
  )) as string[];
  expect(stored.map((place) => place.includes(key))).toEqual([true, false, false, false, false]);
  const other = await page.context().newPage();
  await other.goto(worker.url);
  expect(await other.evaluate("sessionStorage.length")).toBe(0);

  await page.getByRole("button", { name: "Key for this worker: set" }).click();
  await dialog.getByRole("button", { name: "Forget it" }).click();
  await notice.getByText("This worker asks for a key").waitFor();
  expect(await page.evaluate("sessionStorage.length")).toBe(0);
  expect(complaints().filter((text) => !/status of 40[13]|went elsewhere/.test(text))).toEqual([]);
  await close();
});
