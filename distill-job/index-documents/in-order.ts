/** Work that is done ahead by several, and taken in the order in which it was given. */

/**
 * Starts `work` on up to `ahead` items at a time and yields the results in order. If an item fails, the error
 * comes in its turn, and no other item is begun.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  ahead: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const started: Promise<Result>[] = [];
  for await (const item of items) {
    const promise = work(item);
    // It may fail before its turn has come; it is awaited then.
    promise.catch(() => {});
    started.push(promise);
    if (started.length >= ahead) yield await started.shift()!;
  }
  for (const promise of started) yield await promise;
}
