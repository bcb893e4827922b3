/** Work that follows typing: it waits for a pause, and what is outdated is aborted. */

/** Milliseconds without a keystroke after which the worker is asked: it answers in a few. */
const pauseMs = 120;

export class LiveRequest {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #controller: AbortController | undefined;

  /** Runs the work after a pause in calls of this. */
  soon(work: (signal: AbortSignal) => Promise<void>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(work), pauseMs);
  }

  /** Runs the work at once, in place of what is under way. */
  now(work: (signal: AbortSignal) => Promise<void>): void {
    this.cancel();
    const controller = new AbortController();
    this.#controller = controller;
    work(controller.signal).catch((error: unknown) => {
      // Outdated, and so nobody's concern.
      if (!controller.signal.aborted) throw error;
    });
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#controller?.abort();
  }
}
