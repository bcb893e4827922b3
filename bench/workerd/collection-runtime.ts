/** The collection worker in a runtime that can be killed and started again on what it has stored. */
import { fileURLToPath } from "node:url";
import { ProcessGroup } from "../../distill-job/dev/process-group.ts";

const program = fileURLToPath(new URL("collection-process.ts", import.meta.url));

export class CollectionRuntime {
  readonly #group: ProcessGroup;
  readonly #url: string;

  private constructor(group: ProcessGroup, url: string) {
    this.#group = group;
    this.#url = url;
  }

  static async start(stateFolder: string): Promise<CollectionRuntime> {
    const group = new ProcessGroup(program, [stateFolder], {});
    const url = await new Promise<string>((resolve, reject) => {
      group.onOutput(() => {
        const found = /listening on (\S+)/.exec(group.output);
        if (found !== null) resolve(found[1]!);
      });
      void group.exited.then(() =>
        reject(new Error(`Expected a runtime to listen, but it ended:\n${group.output}`)),
      );
    });
    return new CollectionRuntime(group, url);
  }

  /** @throws whatever a killed runtime makes of a request */
  async ask<Answer>(path: string, options: Readonly<Record<string, string | number>> = {}): Promise<Answer> {
    const query = new URLSearchParams(
      Object.entries(options).map(([key, value]) => [key, String(value)] as [string, string]),
    );
    const response = await fetch(`${this.#url}/${path}?${query}`);
    if (!response.ok)
      throw new Error(`${path}: ${response.status} ${await response.text()}\n${this.#group.output}`);
    return (await response.json()) as Answer;
  }

  /** SIGKILL to the runtime and everything around it. */
  async kill(): Promise<void> {
    this.#group.killNow();
    await this.#group.exited;
  }
}
