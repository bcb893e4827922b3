/** Cosines as a table: the number in each cell, and behind it a colour that says the same. */
import { element, replace } from "../../dom/element.ts";
import { heat } from "../../parts/heat.ts";
import { letterOf } from "./text-list.ts";

export class Heatmap {
  readonly element: HTMLElement;
  readonly #table = element("table", { class: "heatmap" });
  readonly #pointed: (indices: readonly number[]) => void;

  /** @param pointed Told which texts the cell under the pointer compares; none when it leaves. */
  constructor(pointed: (indices: readonly number[]) => void) {
    this.#pointed = pointed;
    this.element = element(
      "div",
      { class: "heatmap-frame", onpointerleave: () => pointed([]) },
      this.#table,
      legend(),
    );
  }

  /** @param names The texts' numbers: those without a vector are left out. */
  show(names: readonly number[], cosines: readonly (readonly number[])[]): void {
    replace(
      this.#table,
      element("caption", { class: "unseen" }, "Cosine similarity of each text with each other"),
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          element("td"),
          ...names.map((name) => element("th", { scope: "col" }, letterOf(name))),
        ),
      ),
      element(
        "tbody",
        {},
        ...cosines.map((row, i) =>
          element(
            "tr",
            {},
            element("th", { scope: "row" }, letterOf(names[i]!)),
            ...row.map((value, j) => this.#cell(value, names[i]!, names[j]!)),
          ),
        ),
      ),
    );
    this.#table.style.setProperty("--columns", String(names.length));
  }

  #cell(value: number, row: number, column: number): HTMLElement {
    const cell = element(
      "td",
      { onpointerenter: () => this.#pointed([row, column]) },
      element("span", {}, printCosine(value)),
    );
    if (row === column) cell.classList.add("self");
    else heat(cell, Math.min(1, Math.abs(value)), value < 0 ? "opposite" : "vector");
    return cell;
  }
}

/** Two digits, with the sign that screen readers read. */
export function printCosine(value: number): string {
  const printed = value.toFixed(2);
  return printed === "-0.00" ? "0.00" : printed.replace("-", "−");
}

function legend(): HTMLElement {
  return element(
    "div",
    { class: "legend" },
    element("span", {}, "−1 opposite"),
    element("span", { class: "ramp", "aria-hidden": "true" }),
    element("span", {}, "1 the same"),
  );
}
