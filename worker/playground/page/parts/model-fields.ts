/** Model and dimensions, to be chosen. */

import type { Models } from "../api/models.ts";
import { element } from "../dom/element.ts";
import { ChoiceField, field } from "./field.ts";

/** Dimensions that are offered where a model has more. */
const usualDimensions = [512, 256, 128, 64, 32];

export class ModelFields {
  readonly element: HTMLElement;
  readonly #models: Models;
  readonly #model: ChoiceField;
  readonly #dimensions: ChoiceField | null;
  /** Chosen by the address, maybe before the worker has said what there is. */
  #chosen = { model: "", dimensions: "" };

  /** @param withDimensions Whether they can be chosen, too. */
  constructor(models: Models, withDimensions: boolean, changed: () => void) {
    this.#models = models;
    this.#model = new ChoiceField((model) => {
      // What one model has, the other may not.
      this.#chosen = { model, dimensions: "" };
      this.#offer();
      changed();
    });
    this.#dimensions = withDimensions
      ? new ChoiceField((dimensions) => {
          this.#chosen = { ...this.#chosen, dimensions };
          changed();
        })
      : null;
    this.element = element(
      "div",
      { class: "fields" },
      field("Model", this.#model.select),
      ...(this.#dimensions === null ? [] : [field("Dimensions", this.#dimensions.select)]),
    );
    models.onChange(() => this.#offer());
    this.#offer();
  }

  /** Empty for the default model. */
  get model(): string {
    return this.#chosen.model;
  }

  /** Undefined for all. */
  get dimensions(): number | undefined {
    return this.#chosen.dimensions === "" ? undefined : Number(this.#chosen.dimensions);
  }

  choose(model: string, dimensions: string): void {
    this.#chosen = { model, dimensions: /^\d+$/.test(dimensions) ? dimensions : "" };
    this.#offer();
  }

  /** The fields of a request's body that say what is chosen. */
  get body(): { model?: string; dimensions?: number } {
    return {
      ...(this.model === "" ? {} : { model: this.model }),
      ...(this.dimensions === undefined ? {} : { dimensions: this.dimensions }),
    };
  }

  #offer(): void {
    const { names, defaultName } = this.#models;
    const { model, dimensions } = this.#chosen;
    const others = new Set(names.filter((name) => name !== defaultName));
    if (model !== "" && model !== defaultName) others.add(model);
    this.#model.offer(
      [
        { value: "", label: defaultName === "" ? "default" : `${defaultName} (default)` },
        ...[...others].map((name) => ({ value: name, label: name })),
      ],
      model === defaultName ? "" : model,
    );
    if (this.#dimensions === null) return;
    const all = this.#models.dimensionsOf(model);
    const fewer = new Set(usualDimensions.filter((count) => count < (all ?? 0)).map(String));
    if (dimensions !== "" && dimensions !== String(all)) fewer.add(dimensions);
    this.#dimensions.offer(
      [
        { value: "", label: all === undefined ? "all" : `${all} (all)` },
        ...[...fewer].map((value) => ({ value, label: value })),
      ],
      dimensions,
    );
  }
}
