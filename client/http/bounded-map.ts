/** Works on several items at a time, and gives the results in the items' order. */

/**
 * @param concurrency Items in work at most.
 * @throws the first failure; no further item is begun, and those in work are told by the signal to give up.
 */
export async function boundedMap<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  const failure = new AbortController();
  const either = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      either.throwIfAborted();
      const index = next++;
      results[index] = await work(items[index]!, either);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  } catch (error) {
    failure.abort(error);
    throw error;
  }
  return results;
}
