/** Measured speeds for a person's eyes. */
import { availableParallelism } from "node:os";
import { styleText } from "node:util";
import type { ModelSpeed } from "../speed/model-speed.ts";
import type { WorkerSpeed } from "../speed/worker-speed.ts";

export function describeModelSpeed({
  model,
  dimensions,
  bytes,
  loadMilliseconds,
  lengths,
}: ModelSpeed): string {
  const rows = lengths.map(({ text, characters, tokens, microsecondsPerText, textsPerSecond }) => [
    text,
    String(characters),
    tokens.toFixed(1),
    microsecondsPerText.toFixed(2),
    whole(textsPerSecond),
  ]);
  const about = `${model}, ${dimensions} dimensions, ${(bytes / 2 ** 20).toFixed(1)} MiB, loaded in ${loadMilliseconds.toFixed(0)} ms`;
  const cores = `one thread of Node ${process.versions.node}, ${availableParallelism()} cores here`;
  return `${about}\n\n${table(["", "chars", "tokens", "us/text", "texts/s"], rows)}\n${styleText("dim", cores)}\n`;
}

export function describeWorkerSpeed({ url, connections, seconds, requests }: WorkerSpeed): string {
  const rows = requests.map(({ request, requestsPerSecond, textsPerSecond, latency, errors }) => [
    request,
    whole(requestsPerSecond),
    whole(textsPerSecond),
    ...[latency.p50, latency.p90, latency.p99].map((value) =>
      Number.isFinite(value) ? value.toFixed(1) : "-",
    ),
    String(errors),
  ]);
  const head = ["", "req/s", "texts/s", "p50 ms", "p90 ms", "p99 ms", "errors"];
  const failed = requests.find(({ firstError }) => firstError !== null);
  const error = failed === undefined ? "" : `first error: ${failed.firstError}\n`;
  const how = `${connections} connections, ${seconds} s each; this machine's own time is part of it`;
  return `${url}\n\n${table(head, rows)}${error}\n${styleText("dim", how)}\n`;
}

/** The first column to the left, the others to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]! + 2)))
      .join("");
  return `${styleText("dim", line(head))}\n${rows.map((row) => `${line(row)}\n`).join("")}`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
