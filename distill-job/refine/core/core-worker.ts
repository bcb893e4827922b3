/** One of the core's threads: first given the memory, then told to run functions of the core. */
import { answerQuestions } from "../../threads/questions.ts";

/** The functions of assembly/index.ts. */
export type CoreFunction =
  | "adamRows"
  | "addColumnMultiples"
  | "addToColumnMultiples"
  | "columnProducts"
  | "contrast"
  | "nearestCentres"
  | "poolNormalized"
  | "productTransposed"
  | "rowMultiples"
  | "sparseProduct";

/** The module with its memory, or a call. */
export type CoreQuestion =
  | { readonly module: WebAssembly.Module; readonly memory: WebAssembly.Memory }
  | { readonly call: CoreFunction; readonly parameters: readonly number[] };

let core: Readonly<Record<CoreFunction, (...parameters: readonly number[]) => void>>;

answerQuestions<CoreQuestion, null>((question) => {
  if ("module" in question) {
    const instance = new WebAssembly.Instance(question.module, { env: { memory: question.memory } });
    core = instance.exports as unknown as typeof core;
  } else {
    core[question.call](...question.parameters);
  }
  return null;
});
