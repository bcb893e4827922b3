/** Work on many items, a few at a time: what each needs in memory is there only so often. */

/** Calls `work` with every item, in order, at most `limit` of them at the same time. The first error ends it. */
export async function inParallel<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  const run = async (): Promise<void> => {
    while (next < items.length) await work(items[next++]!);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run));
}
