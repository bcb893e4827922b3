/** What `npm start` says once the worker answers. */

export interface BannerContent {
  readonly url: string;
  readonly model: string;
  readonly dimensions: number;
  /** Bytes of the model file. */
  readonly bytes: number;
  /** Seconds since the command began. */
  readonly seconds: number;
}

/** A curl line that works as pasted, in sh, bash, zsh and fish. */
export function curlLine(url: string): string {
  return `curl ${url}/v1/embeddings -H 'content-type: application/json' -d '{"input": "Hello from the edge"}'`;
}

export function banner({ url, model, dimensions, bytes, seconds }: BannerContent): string {
  const mebibytes = (bytes / 1024 / 1024).toFixed(1);
  return `
  nearvec is ready on ${url} (${seconds.toFixed(1)} s)
  ${model}: ${dimensions} dimensions, ${mebibytes} MiB, in the Workers runtime on this machine

  Try it:
    ${curlLine(url)}

  Open to everyone who can reach this machine's loopback; nothing leaves it. Ctrl-C stops it.
`;
}
