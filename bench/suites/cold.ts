/** How long an isolate takes from nothing to its first embedding, against how fast R2 hands out the bytes. */
import { readFile } from "node:fs/promises";
import { NearvecError } from "../../shared/errors.ts";
import type { Suite } from "../suite.ts";
import { startIsolate } from "../workerd/isolate.ts";

const defaultModel = new URL("../../models/base.safetensors", import.meta.url);

/** What bench/workerd/cold-worker.ts can measure, each in a request of its own. */
const measurements = [
  ...["cold", "readKeeping", "readDiscarding", "loadFromMemory", "touchFreshMemory"],
  ...["coldNano", "bundled"],
] as const;
type Measurement = (typeof measurements)[number];

/** Rounds of all measurements in turn; the first few warm up the runtime's own code and are thrown away. */
const rounds = 40;
const warmUpRounds = 5;

const mebibyte = 1024 * 1024;

export const run: Suite = async (progress) => {
  const file = await readFile(defaultModel).catch((cause: unknown) => {
    const message = "Expected the default model under models/. Run `npm run make:models`.";
    throw new NearvecError("not_found", message, { cause });
  });
  progress("starting workerd with a local R2 bucket");
  const miniflare = await startIsolate("cold-worker.ts", { r2Buckets: ["MODELS"] });
  const ask = async (path: string, body?: Uint8Array): Promise<Record<string, number>> => {
    const init = body === undefined ? {} : { method: "POST", body };
    const response = await miniflare.dispatchFetch(`http://bench/${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Record<string, number>;
  };
  try {
    await ask("store", file);
    progress(`${rounds} rounds of ${measurements.length} measurements in turn`);
    const samples: Record<Measurement, number[]> = {
      ...{ cold: [], readKeeping: [], readDiscarding: [], loadFromMemory: [], touchFreshMemory: [] },
      ...{ coldNano: [], bundled: [] },
    };
    let residentBytes = 0;
    for (let round = -warmUpRounds; round < rounds; round++) {
      for (const measurement of measurements) {
        const answer = await ask(measurement);
        if (measurement === "cold") residentBytes = answer.residentBytes!;
        if (round >= 0) samples[measurement].push(answer.milliseconds!);
      }
    }
    const ms = (measurement: Measurement) => interquartileMean(samples[measurement]);
    const coldRatio = ms("cold") / ms("readKeeping");
    const ratioToDiscarding = ms("cold") / ms("readDiscarding");
    const overhead = (residentBytes - file.length) / mebibyte;
    const row = (what: string, value: number, unit = "ms", target = "") => [
      what,
      `${value.toFixed(2)} ${unit}`,
      target,
    ];
    return {
      columns: ["", "measured", "target"],
      rows: [
        row("R2 get to the first embedding", ms("cold")),
        row("R2 get to the file in memory, one readAtLeast", ms("readKeeping")),
        row("R2 get to the last byte, every chunk thrown away", ms("readDiscarding")),
        row("first embedding / file in memory", coldRatio, "x", "<= 1.5"),
        row("first embedding / chunks thrown away", ratioToDiscarding, "x"),
        row("CPU of one load, checksums and first text included", ms("loadFromMemory"), "ms", "< 10"),
        row("  of which first touch of that much memory", ms("touchFreshMemory")),
        row("memory beside the file", overhead, "MiB", "<= 4"),
        row("nano out of the bundle, to the first embedding", ms("bundled")),
        row("nano out of R2, to the first embedding", ms("coldNano")),
      ],
      notes: [
        `The default model, ${(file.length / mebibyte).toFixed(1)} MiB, in miniflare's R2 on this machine's disk; everything runs in workerd.`,
        "One isolate: WebAssembly is compiled already, the model is not there. Means of the middle half: workerd's clock ticks in ms.",
        "A plain read keeps its bytes, as a model does, so both pay for fresh memory. Page faults are the machine's: they are",
        "most of the CPU on a virtual machine, and the limit for any loader. CPU is the wall time of a load that waits for nothing.",
      ],
      summary: {
        coldRatio: round(coldRatio),
        coldRatioDiscarding: round(ratioToDiscarding),
        coldMs: round(ms("cold")),
        readMs: round(ms("readKeeping")),
        readDiscardingMs: round(ms("readDiscarding")),
        loadCpuMs: round(ms("loadFromMemory")),
        firstTouchMs: round(ms("touchFreshMemory")),
        memoryOverheadMiB: round(overhead),
        bundledMs: round(ms("bundled")),
        bundledFromR2Ms: round(ms("coldNano")),
      },
    };
  } finally {
    await miniflare.dispose();
  }
};

/** The mean of the middle half: as steady as the median, and finer than the clock's ticks. */
function interquartileMean(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const quarter = Math.floor(sorted.length / 4);
  const middle = sorted.slice(quarter, sorted.length - quarter);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
