/** Puts the sample into the worker; what is there of it already stays. */
import { ApiFailure } from "../../api/api-failure.ts";
import { pathOf } from "../../api/collections.ts";
import type { Page } from "../../frame/page.ts";
import { sampleDocuments, sampleName, sampleSettings } from "./sample-collection.ts";

/** @throws ApiFailure */
export async function makeSample(page: Page): Promise<void> {
  try {
    await page.collections.make(sampleSettings);
  } catch (error) {
    if (!(error instanceof ApiFailure && error.code === "collection_exists")) throw error;
  }
  await page.api.json({ path: pathOf(sampleName, "/documents"), body: { documents: sampleDocuments } });
}
