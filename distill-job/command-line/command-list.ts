/** Every command of `nearvec`: its line in the help, and where it is loaded from once it is called for. */
import type { Command } from "commander";

export interface CommandEntry {
  readonly name: string;
  /** As the command's own description says it. */
  readonly description: string;
  /** Heading in the help. */
  readonly group: string;
  load(): Promise<Command>;
}

const use = "Use a model:";
const make = "Make a model:";
const exchange = "Exchange models:";
const serve = "Serve:";
const machine = "This machine:";

/** In the order of the help. A command is only loaded when it runs, so that `--help` need not wait for all. */
export const commandList: readonly CommandEntry[] = [
  {
    name: "embed",
    description: "Turn texts into vectors: arguments, lines of stdin, files of any size.",
    group: use,
    load: async () => (await import("../commands/embed.ts")).embedCommand(),
  },
  {
    name: "search",
    description: "Search a collection of a worker, or files on this machine without one.",
    group: use,
    load: async () => (await import("../commands/search.ts")).searchCommand(),
  },
  {
    name: "similarity",
    description: "Compare texts: the cosine of two, a table of several.",
    group: use,
    load: async () => (await import("../commands/similarity.ts")).similarityCommand(),
  },
  {
    name: "distill",
    description: "Distill a sentence transformer into a table of static token embeddings.",
    group: make,
    load: async () => (await import("../commands/distill.ts")).distillCommand(),
  },
  {
    name: "refine",
    description: "Move a table to where its teachers put the texts of a corpus: no labels needed.",
    group: make,
    load: async () => (await import("../commands/refine.ts")).refineCommand(),
  },
  {
    name: "quantize",
    description: "Store the rows of a model file in 8, 4, 2 or 1 bits, or as float32; let tokens share rows.",
    group: make,
    load: async () => (await import("../commands/quantize.ts")).quantizeCommand(),
  },
  {
    name: "evaluate",
    description: "Evaluate model files on data sets in a folder.",
    group: make,
    load: async () => (await import("../commands/evaluate.ts")).evaluateCommand(),
  },
  {
    name: "import",
    description: "Import a static model of Model2Vec or Sentence Transformers.",
    group: exchange,
    load: async () => (await import("../commands/import.ts")).importCommand(),
  },
  {
    name: "export",
    description: "Export a model file for Model2Vec, Sentence Transformers or Transformers.js.",
    group: exchange,
    load: async () => (await import("../commands/export.ts")).exportCommand(),
  },
  {
    name: "push",
    description:
      "Push a model file to the Hugging Face hub, for Model2Vec and Sentence Transformers as well.",
    group: exchange,
    load: async () => (await import("../commands/push.ts")).pushCommand(),
  },
  {
    name: "pull",
    description: "Pull a model from the Hugging Face hub: nearvec's, Model2Vec's or Sentence Transformers'.",
    group: exchange,
    load: async () => (await import("../commands/pull.ts")).pullCommand(),
  },
  {
    name: "dev",
    description: "Run the worker on this machine with the default model: no account, no network.",
    group: serve,
    load: async () => (await import("../commands/dev.ts")).devCommand(),
  },
  {
    name: "index",
    description: "Put documents into a collection of a worker: embedded here, uploaded as finished segments.",
    group: serve,
    load: async () => (await import("../commands/index.ts")).indexCommand(),
  },
  {
    name: "upload",
    description: "Upload a model file to R2, then switch the worker over to it.",
    group: serve,
    load: async () => (await import("../commands/upload.ts")).uploadCommand(),
  },
  {
    name: "rollback",
    description: "Put the model file back in force that was before, or another that the bucket has.",
    group: serve,
    load: async () => (await import("../commands/rollback.ts")).rollbackCommand(),
  },
  {
    name: "deploy",
    description:
      "Put the worker on Cloudflare, with its bucket, namespaces and model. Again: change what differs.",
    group: serve,
    load: async () => (await import("../commands/deploy.ts")).deployCommand(),
  },
  {
    name: "bench",
    description: "Measure how fast texts are embedded here, or by a worker.",
    group: machine,
    load: async () => (await import("../commands/bench.ts")).benchCommand(),
  },
  {
    name: "doctor",
    description: "Check versions, models, bindings, credentials and the worker, and say what to fix.",
    group: machine,
    load: async () => (await import("../commands/doctor.ts")).doctorCommand(),
  },
  {
    name: "completion",
    description: "Print a script that completes commands, options and files in a shell.",
    group: machine,
    load: async () => (await import("../commands/completion.ts")).completionCommand(),
  },
];
