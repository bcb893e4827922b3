/**
 * `npm run bench -- distill`: seconds of the whole command `nearvec distill`, as a child process, for
 * all-MiniLM-L6-v2 with 8-bit weights, 256 dimensions, int8.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { defaultTeacherDirectory } from "../../distill-job/default-model/plain-distillation.ts";
import type { DistillSummary } from "../../distill-job/output/distill-summary.ts";
import { type Runtime, runtimes } from "../../distill-job/teacher/runtime.ts";
import type { Suite } from "../suite.ts";

const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));

/** `[CLS] token [SEP]`: what the teacher reads for every row. */
const positionsPerRow = 3;

interface Run {
  readonly runtime: Runtime;
  readonly summary: DistillSummary;
  /** Seconds from starting the process to its end. */
  readonly seconds: number;
}

export const run: Suite = async (progress) => {
  const directory = await mkdtemp(join(tmpdir(), "nearvec-bench-"));
  try {
    const runs: Run[] = [];
    for (const runtime of runtimes) {
      progress(`nearvec distill --runtime ${runtime}`);
      runs.push(await timeCommand(runtime, join(directory, `${runtime}.safetensors`)));
    }
    const [wasm, native] = runs;
    return {
      columns: ["runtime", "seconds", "prepare", "teacher", "table", "rows/s", "teacher tokens/s"],
      rows: runs.map(rowOf),
      notes: [
        `all-MiniLM-L6-v2 (8 bit), ${wasm!.summary.rows} rows, 256 dims, int8; ${availableParallelism()} threads.`,
        "seconds: the whole process; rows/s: of the whole process; tokens/s: while the teacher runs.",
        "The floor is the teacher's own arithmetic: 10.6 million multiplications a token, 3 tokens a row.",
      ],
      summary: {
        secondsWasm: wasm!.seconds,
        secondsNative: native!.seconds,
        rowsPerSecondWasm: wasm!.summary.rows / wasm!.seconds,
        rowsPerSecondNative: native!.summary.rows / native!.seconds,
        tableSeconds: wasm!.summary.seconds.table,
      },
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

async function timeCommand(runtime: Runtime, output: string): Promise<Run> {
  const started = performance.now();
  const command = [nearvec, "distill", defaultTeacherDirectory, "-o", output, "--runtime", runtime, "--json"];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  const printed = await text(child.stdout);
  const seconds = (performance.now() - started) / 1000;
  if (printed === "") throw new Error(`nearvec distill --runtime ${runtime} failed; its message is above.`);
  return { runtime, summary: JSON.parse(printed), seconds };
}

function rowOf({ runtime, summary, seconds }: Run): string[] {
  const { prepare, teacher, table } = summary.seconds;
  const rates = [summary.rows / seconds, (summary.rows * positionsPerRow) / teacher];
  return [
    runtime,
    ...[seconds, prepare, teacher, table].map((value) => value.toFixed(1)),
    ...rates.map((rate) => rate.toFixed(0)),
  ];
}
