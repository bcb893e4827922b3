/** Talks to bench/workerd/search-worker.ts. */
import type { Miniflare } from "miniflare";
import type { WrittenSegment } from "../../shared/search/segment/segment-writer.ts";

export async function post(
  miniflare: Miniflare,
  path: string,
  body?: unknown,
): Promise<Record<string, number>> {
  const response = await miniflare.dispatchFetch(`http://bench${path}`, {
    method: "POST",
    body: (body instanceof Uint8Array || body === undefined ? body : JSON.stringify(body)) as never,
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, number>;
}

/** Puts a segment into the worker's index: a JSON header with the lengths of the parts, and these. */
export async function postSegment(
  miniflare: Miniflare,
  kind: "rows" | "codes",
  { reference, parts }: WrittenSegment,
): Promise<void> {
  const { index, rows, codes } = reference.parts;
  const contents = [index, ...(kind === "rows" ? rows : [codes!])].map(({ sha256 }) => parts.get(sha256)!);
  const lengths = contents.map(({ length }) => length);
  const header = new TextEncoder().encode(JSON.stringify({ reference, lengths }));
  const body = new Uint8Array(4 + header.length + lengths.reduce((sum, length) => sum + length, 0));
  new DataView(body.buffer).setUint32(0, header.length, true);
  body.set(header, 4);
  let at = 4 + header.length;
  for (const content of contents) {
    body.set(content, at);
    at += content.length;
  }
  await post(miniflare, `/${kind}`, body);
}
