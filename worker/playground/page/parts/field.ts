/** Labelled fields: what is asked above, the control below. */
import { element, uniqueId } from "../dom/element.ts";

/** @param control Given an id unless it has one. */
export function field(label: string, control: HTMLElement, ...beside: readonly HTMLElement[]): HTMLElement {
  if (control.id === "") control.id = uniqueId();
  return element("div", { class: "field" }, element("label", { for: control.id }, label), control, ...beside);
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A select box whose choices may change; what was chosen stays, if it is still there. */
export class ChoiceField {
  readonly select: HTMLSelectElement;

  constructor(changed: (value: string) => void) {
    this.select = element("select", { onchange: () => changed(this.select.value) });
  }

  get value(): string {
    return this.select.value;
  }

  set value(value: string) {
    this.select.value = value;
  }

  /** @param chosen The value to choose; that of before if not given. */
  offer(choices: readonly Choice[], chosen = this.select.value): void {
    this.select.replaceChildren(
      ...choices.map(({ value, label }) => element("option", { value, selected: value === chosen }, label)),
    );
  }
}
