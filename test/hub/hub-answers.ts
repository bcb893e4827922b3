/** What the stand-in for the hub answers with. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Sends so many bytes of what was asked for of a file, then cuts the connection. */
export function cutAfter(
  bytes: number,
  content: Uint8Array,
  range: string | undefined,
  response: ServerResponse,
): void {
  const start = startOf(range);
  startContent(start, content.length, response);
  response.flushHeaders();
  response.write(content.subarray(start, start + bytes), () => setTimeout(() => response.destroy(), 20));
}

export function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  if (code !== "") response.setHeader("x-error-code", code);
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error: message }));
}

export function sha256Of(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

export function gitDigestOf(content: Uint8Array): string {
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}

/** What the hub's own rules send to the storage. */
export function isLarge(path: string): boolean {
  return /\.(onnx|onnx_data|safetensors)$/.test(path);
}

export function preupload(body: Buffer, response: ServerResponse): void {
  const { files } = JSON.parse(body.toString()) as { files: { path: string }[] };
  json(response, {
    files: files.map(({ path }) => ({ path, uploadMode: isLarge(path) ? "lfs" : "regular" })),
  });
}

/** Entries of a page of the file list: few, so that lists have pages. */
const entriesPerPage = 2;

export function list(
  { files }: { readonly files: ReadonlyMap<string, Buffer> },
  url: URL,
  response: ServerResponse,
): void {
  const from = Number(url.searchParams.get("cursor") ?? 0);
  const entries = [...files].slice(from, from + entriesPerPage).map(([path, content]) => ({
    type: "file",
    path,
    size: content.length,
    oid: gitDigestOf(content),
    ...(isLarge(path) ? { lfs: { oid: sha256Of(content), size: content.length, pointerSize: 130 } } : {}),
  }));
  if (from + entriesPerPage < files.size) {
    url.searchParams.set("cursor", String(from + entriesPerPage));
    response.setHeader("link", `<${url.href}>; rel="next"`);
  }
  json(response, entries);
}

export function sendContent(
  request: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  ranges: boolean,
): void {
  const start = ranges ? startOf(request.headers.range) : 0;
  startContent(start, content.length, response);
  response.end(request.method === "HEAD" ? undefined : content.subarray(start));
}

export function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function startOf(range: string | undefined): number {
  return Number(/^bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
}

function startContent(start: number, length: number, response: ServerResponse): void {
  response.setHeader("content-length", length - start);
  if (start === 0) return;
  response.setHeader("content-range", `bytes ${start}-${length - 1}/${length}`);
  response.statusCode = 206;
}
