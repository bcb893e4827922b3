/** What every view is given, and what it gives. */
import type { Collections } from "../api/collections.ts";
import type { Models } from "../api/models.ts";
import type { WorkerApi } from "../api/worker-api.ts";
import type { CodeSample, CodeTarget } from "../code/code-sample.ts";

export interface Page {
  readonly api: WorkerApi;
  readonly models: Models;
  readonly collections: Collections;
  /** Keeps what a view shows in the URL, without a new entry in the history. */
  keepAddress(parameters: URLSearchParams): void;
  /** Goes to another view, as a link does. */
  go(view: string, parameters: URLSearchParams): void;
  /** Says to those who listen what others see. */
  say(text: string): void;
  askForKey(): void;
  codeTarget(): CodeTarget;
}

export interface View {
  readonly element: HTMLElement;
  /** Shows what the address says; what it does not say stays as it was. */
  open(parameters: URLSearchParams): void;
  /** Ends what is under way: another view is shown. */
  close(): void;
  /** Where typing begins. */
  focus(): void;
}

/** A view's code, made anew whenever what it shows has changed. */
export type ShowCode = (sample: CodeSample | null) => void;
