/** What `npm start` says once the worker answers. */
import { bundledModelName } from "../../shared/model-store/default-model.ts";
import { defaultPort } from "./local-bucket.ts";
import type { ServedModel } from "./served-model.ts";

export interface BannerContent {
  readonly url: string;
  /** The model that answers a request that names none. */
  readonly model: ServedModel;
  /** Seconds since the command began. */
  readonly seconds: number;
  /** Whether the worker asks for keys. */
  readonly keys: boolean;
}

/** A curl line that works as pasted, in sh, bash, zsh and fish. */
export function curlLine(url: string): string {
  return `curl ${url}/v1/embeddings -H 'content-type: application/json' -d '{"input": "Hello from the edge"}'`;
}

export function banner({ url, model, seconds, keys }: BannerContent): string {
  const { name, bytes, metadata, bundled } = model;
  const mebibytes = (bytes.length / 1024 / 1024).toFixed(1);
  const other = bundled
    ? ""
    : `\n  "model": "${bundledModelName}" asks for the small one in the worker's own bundle`;
  return `
  nearvec is ready on ${url} (${seconds.toFixed(1)} s)
  ${name}: ${metadata.dimensions} dimensions, ${mebibytes} MiB, in the Workers runtime on this machine${other}

  ${keys ? "Make a key" : "Try it"}:
    ${keys ? keyLine(url) : curlLine(url)}
  or open ${url} in a browser.

  ${keys ? "It asks for keys, as a deployed worker does." : "Open to every program on this machine, no key needed; a deployed one is closed without."}
  Only programs on this machine can reach it, and nothing leaves it. Ctrl-C stops it.
`;
}

function keyLine(url: string): string {
  const place = url.endsWith(`:${defaultPort}`) ? "" : ` ${url}`;
  return `npx nearvec keys create --local${place} --scopes admin`;
}
