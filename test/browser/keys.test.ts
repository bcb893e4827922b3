/** A worker that asks for keys, and what the page makes of that. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newKey } from "../../distill-job/keys/key-changes.ts";
import { localKeys } from "../../distill-job/keys/key-namespace.ts";
import { KeyRecords } from "../../distill-job/keys/key-records.ts";
import { randomApiKey, randomKeyId } from "../../shared/access/api-key.ts";
import { launchChromium } from "./chromium.ts";
import { type PlaygroundWorker, runPlaygroundWorker } from "./playground-worker.ts";
import { visit } from "./visit.ts";

let browser: Browser;
let worker: PlaygroundWorker;
/** Opens embedding alone. */
let key: string;

beforeAll(async () => {
  [browser, worker] = await Promise.all([launchChromium(), runPlaygroundWorker({ keys: true })]);
  const wish = { name: "page", scopes: ["embed" as const], collections: null, expires: null };
  const made = await newKey(randomKeyId(), wish, new Date());
  await new KeyRecords(await localKeys(worker.url)).put(made.record);
  key = made.key;
});
afterAll(async () => {
  await browser?.close();
  await worker?.stop();
});

test("asks for the key where it is missing, keeps it for the tab, and says what it does not open", async () => {
  const { page, complaints, close } = await visit(browser, "about:blank");
  await page.goto(worker.url);
  const notice = page.getByRole("alert");
  await notice.getByText("This worker asks for a key").waitFor();
  expect(await notice.textContent()).toMatch(/401 missing_api_key.*req_[0-9a-f]{32}/);
  await page.getByText("needs a key").waitFor();

  await notice.getByRole("button", { name: "Enter a key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Bearer key").fill(randomApiKey(randomKeyId()));
  await page.keyboard.press("Enter");
  await notice.getByText(/it knows no such key/).waitFor();
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
