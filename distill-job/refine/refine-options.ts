/** How to refine, and what stands in for what was not said. */
import { NearvecError } from "../../shared/errors.ts";
import { isModelName } from "../../shared/model-store/model-location.ts";
import type { Runtime } from "../teacher/runtime.ts";
import type { ContrastiveOptions } from "./contrastive-training.ts";
import type { TeacherChoice } from "./teacher-pass/text-teacher.ts";

export interface RefineSettings extends ContrastiveOptions {
  readonly teachers: readonly TeacherChoice[];
  /** Dimensions of the refined table; the model's own if not given. */
  readonly dimensions?: number | undefined;
  /** Whether vectors are pooled of distinct tokens per window, or of all tokens. */
  readonly pooling: "distinct" | "mean";
  /** Tokens of a window of distinct pooling. */
  readonly windowTokens: number;
  /** Coefficient of the weights by corpus frequency that the table begins with. */
  readonly sifCoefficient: number;
  /** Iterations of conjugate gradients; 0 leaves that stage out. */
  readonly iterations: number;
  /** How much conjugate gradients hold a row to where it began. */
  readonly ridge: number;
  /** Power of the standard deviation that every dimension is divided by in the end, 0 to 1. */
  readonly whitening: number;
  /** Share of the texts that is held out, and how many texts that is at most. */
  readonly heldOutShare: number;
  readonly maxHeldOutTexts: number;
  readonly runtime: Runtime;
  readonly threads?: number | undefined;
  readonly seed: number;
  /** Directory of the cache of teacher vectors. */
  readonly cache: string;
  /** Name of the model; the old one's with "-refined" if not given. */
  readonly name?: string | undefined;
}

/** Tokens of a text that a teacher reads and that the table is trained on, at most. */
export const maxTextTokens = 128;

/** Tokens of a text that conjugate gradients pool, at most. */
export const maxLeastSquaresTokens = 64;

/** Texts that the dimensions' standard deviations are measured on, at most. */
export const maxWhiteningTexts = 16_384;

/** Texts below which there is nothing to tell apart. */
export const minTexts = 64;

export const defaultRefineSettings: Omit<RefineSettings, "teachers"> = {
  pooling: "distinct",
  windowTokens: 32,
  sifCoefficient: 3e-4,
  iterations: 8,
  ridge: 0.03,
  epochs: 4,
  batchTexts: 1024,
  groupTexts: 32,
  temperature: 0.1,
  learningRate: 0.08,
  whitening: 0.5,
  heldOutShare: 0.05,
  maxHeldOutTexts: 2048,
  runtime: "wasm",
  seed: 1,
  cache: ".nearvec/teacher-vectors",
};

/**
 * Checks what can be checked before the teachers run, which takes long.
 * @throws NearvecError invalid_request
 */
export function checkRefineSettings(settings: RefineSettings): void {
  const { teachers, name } = settings;
  expect(teachers.length > 0, "teacher", "at least one teacher", "none");
  for (const { weight } of teachers)
    expect(weight > 0, "teacher", "a teacher's weight to be above 0", weight);
  const whole = (param: keyof RefineSettings, option: string, least: number): void => {
    const value = settings[param];
    if (value === undefined) return;
    expect(
      Number.isInteger(value) && (value as number) >= least,
      option,
      `${option} to be a whole number of at least ${least}`,
      value,
    );
  };
  expect(
    settings.whitening >= 0 && settings.whitening <= 1,
    "whiten",
    "whiten to be between 0 and 1",
    settings.whitening,
  );
  expect(settings.temperature > 0, "temperature", "temperature to be above 0", settings.temperature);
  whole("groupTexts", "group-size", 1);
  whole("dimensions", "dims", 1);
  whole("threads", "threads", 1);
  whole("epochs", "epochs", 0);
  whole("iterations", "iterations", 0);
  whole("seed", "seed", 0);
  if (name !== undefined) {
    expect(
      isModelName(name),
      "name",
      'a name of letters, digits, ".", "_" and "-", at most 128',
      JSON.stringify(name),
    );
  }
}

function expect(isSo: boolean, param: string, expectation: string, got: unknown): void {
  if (!isSo) throw new NearvecError("invalid_request", `Expected ${expectation}, got ${got}.`, { param });
}
