/** Lists that come a page at a time. */
import { NearvecError } from "../../shared/errors.ts";
import { expectField, expectList } from "./expect-answer.ts";

/** A page of a list, and where the next one begins. */
export interface Page<Element> {
  readonly data: readonly Element[];
  readonly next_cursor: string | null;
}

/** The elements of all pages. */
export async function* pages<Element>(
  fetchPage: (cursor: string | null) => Promise<Page<Element>>,
): AsyncGenerator<Element> {
  let cursor: string | null = null;
  do {
    const page: Page<Element> = await fetchPage(cursor);
    yield* page.data;
    if (page.next_cursor !== null && page.next_cursor === cursor) {
      throw new NearvecError(
        "answer_invalid",
        "Expected the next page of the list, got the cursor of this one.",
      );
    }
    cursor = page.next_cursor;
  } while (cursor !== null);
}

/** @throws Error if the answer is no page */
export function readPage<List extends Page<unknown>>(answer: unknown): List {
  const list = answer as List;
  expectList(list, "data");
  expectField(list, "next_cursor", (value) => value === null || typeof value === "string");
  return list;
}
