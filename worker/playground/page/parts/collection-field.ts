/** The choice of a collection, for the views that show one. */
import type { Page } from "../frame/page.ts";
import { ChoiceField, field } from "./field.ts";

export class CollectionField {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #choice: ChoiceField;
  #chosen = "";

  constructor(page: Page, changed: () => void) {
    this.#page = page;
    this.#choice = new ChoiceField((name) => {
      this.#chosen = name;
      changed();
    });
    this.element = field("Collection", this.#choice.select);
  }

  /** Empty if there is none. */
  get name(): string {
    return this.#chosen;
  }

  set name(name: string) {
    this.#chosen = name;
    this.#offer();
  }

  /** Asks for what there is; chooses the first one if the one chosen is not there. @throws ApiFailure */
  async load(signal: AbortSignal): Promise<void> {
    await this.#page.collections.load(signal);
    this.#offer();
  }

  #offer(): void {
    const { names } = this.#page.collections;
    // One that the address names may be too new for the list.
    const all = this.#chosen === "" || names.includes(this.#chosen) ? names : [...names, this.#chosen];
    this.#chosen ||= all[0] ?? "";
    this.#choice.offer(
      all.map((name) => ({ value: name, label: name })),
      this.#chosen,
    );
  }
}
