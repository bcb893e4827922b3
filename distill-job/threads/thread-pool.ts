/** Threads that share the work: a question goes to whoever is idle. */
import { availableParallelism } from "node:os";
import { Thread } from "./thread.ts";

/** Threads unless told otherwise, at most: a teacher's threads hold the whole model each. */
const maxDefaultThreads = 8;

/** One thread per core, within reason. */
export function defaultThreads(): number {
  return Math.min(availableParallelism(), maxDefaultThreads);
}

export class ThreadPool<Question, Answer> {
  readonly #threads: readonly Thread<Question, Answer>[];
  readonly #idle: Thread<Question, Answer>[];
  readonly #waiting: ((thread: Thread<Question, Answer>) => void)[] = [];

  /** @param script a file that calls `answerQuestions` */
  constructor(script: URL, count: number) {
    this.#threads = Array.from({ length: count }, () => new Thread<Question, Answer>(script));
    this.#idle = [...this.#threads];
  }

  /** Asks the first thread that is idle. */
  async ask(question: Question): Promise<Answer> {
    const thread = this.#idle.pop() ?? (await this.#nextIdle());
    try {
      return await thread.ask(question);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#idle.push(thread);
      else next(thread);
    }
  }

  /** Asks every thread the same, while none has anything else to do. */
  askEach(question: Question): Promise<Answer[]> {
    return Promise.all(this.#threads.map((thread) => thread.ask(question)));
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }

  #nextIdle(): Promise<Thread<Question, Answer>> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
