/** What killing a collection's runtime costs: more kills than the tests have time for, each time with another seed. */

import { type KillLoopResult, killLoop } from "../kill-loop.ts";
import type { Suite } from "../suite.ts";

const rounds = 5;
const documents = 10_000;
const killsEach = 20;

export const run: Suite = async (progress) => {
  const results: ({ readonly seed: number } & KillLoopResult)[] = [];
  for (let round = 0; round < rounds; round++) {
    const seed = (Date.now() + round * 7919) % 1_000_000;
    progress(`round ${round + 1} of ${rounds}, seed ${seed}`);
    results.push({ seed, ...(await killLoop({ documents, kills: killsEach, seed, progress })) });
  }
  const total = (of: "writes" | "kills" | "lost" | "duplicated") =>
    results.reduce((sum, result) => sum + result[of], 0);
  return {
    columns: ["seed", "acknowledged", "kills", "lost", "duplicated"],
    rows: results.map(({ seed, writes, kills, lost, duplicated }) => [
      ...[String(seed), String(writes), String(kills), String(lost), String(duplicated)],
    ]),
    notes: [
      `${documents} documents written in batches, replaced and removed at random, while the runtime is killed with SIGKILL within 2.5 s`,
      "of each start. After each start, and once all is published, the Durable Object and KV are compared with what was acknowledged.",
    ],
    summary: {
      ...{ writes: total("writes"), kills: total("kills") },
      ...{ lost: total("lost"), duplicated: total("duplicated") },
    },
  };
};
