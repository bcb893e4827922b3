/** A row of controls for each condition, made from the fields that the collection has declared. */
import { element, replace } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { type Fields, type FilterRow, filterOf, operatorsOf, takesValue } from "./filter-rows.ts";

export class FilterBuilder {
  readonly element: HTMLElement;
  readonly #list = element("ul", { class: "filters" });
  readonly #add: HTMLButtonElement;
  readonly #changed: () => void;
  #fields: Fields = {};
  #rows: FilterRow[] = [];

  constructor(changed: () => void) {
    this.#changed = changed;
    this.#add = element(
      "button",
      { type: "button", class: "quiet small", onclick: () => this.#addRow() },
      icon("add"),
      "Filter",
    );
    this.element = element("div", { class: "filter-builder" }, this.#list, this.#add);
  }

  get rows(): readonly FilterRow[] {
    return this.#rows;
  }

  get filter(): object | undefined {
    return filterOf(this.#rows, this.#fields);
  }

  /** Conditions on fields that are not there any more are dropped. */
  show(fields: Fields, rows: readonly FilterRow[] = this.#rows): void {
    this.#fields = fields;
    this.#rows = rows.filter(({ field }) => Object.hasOwn(fields, field));
    this.#add.hidden = Object.keys(fields).length === 0;
    this.#draw();
  }

  #addRow(): void {
    const [field] = Object.keys(this.#fields);
    if (field === undefined) return;
    this.#rows = [...this.#rows, this.#rowOf(field)];
    this.#draw();
    this.#list.lastElementChild?.querySelector("select")?.focus();
  }

  #rowOf(field: string): FilterRow {
    const type = this.#fields[field]!;
    return { field, operator: operatorsOf[type][0]!.name, value: type === "boolean" ? "true" : "" };
  }

  #set(index: number, row: FilterRow, redraw: boolean): void {
    this.#rows = this.#rows.with(index, row);
    if (redraw) this.#draw();
    this.#changed();
  }

  #draw(): void {
    replace(this.#list, ...this.#rows.map((row, index) => this.#line(row, index)));
  }

  #line(row: FilterRow, index: number): HTMLElement {
    const type = this.#fields[row.field]!;
    const place = `of condition ${index + 1}`;
    const select = (
      name: string,
      choices: readonly (readonly [string, string])[],
      chosen: string,
      choose: (value: string) => void,
    ) =>
      element(
        "select",
        {
          "aria-label": `${name} ${place}`,
          onchange: (event: Event) => {
            choose((event.currentTarget as HTMLSelectElement).value);
            // The row has been drawn anew: the focus goes where it was.
            this.#list.children[index]
              ?.querySelector<HTMLElement>(`[aria-label="${name} ${place}"]`)
              ?.focus();
          },
        },
        ...choices.map(([value, label]) => element("option", { value, selected: value === chosen }, label)),
      );
    const value =
      type === "boolean"
        ? select(
            "Value",
            [
              ["true", "true"],
              ["false", "false"],
            ],
            row.value,
            (chosen) => this.#set(index, { ...row, value: chosen }, true),
          )
        : element("input", {
            type: "text",
            inputmode: type === "number" ? "decimal" : null,
            value: row.value,
            placeholder: row.operator === "$in" ? "one, another" : type === "number" ? "number" : "text",
            "aria-label": `Value ${place}`,
            oninput: (event: Event) =>
              this.#set(
                index,
                { ...this.#rows[index]!, value: (event.currentTarget as HTMLInputElement).value },
                false,
              ),
          });
    return element(
      "li",
      {},
      select(
        "Field",
        Object.keys(this.#fields).map((field) => [field, field]),
        row.field,
        (field) => this.#set(index, this.#rowOf(field), true),
      ),
      select(
        "Operator",
        operatorsOf[type].map(({ name, label }) => [name, label]),
        row.operator,
        (operator) => this.#set(index, { ...row, operator }, true),
      ),
      takesValue(row.operator) && value,
      element(
        "button",
        {
          type: "button",
          class: "quiet square",
          "aria-label": `Remove condition ${index + 1}`,
          onclick: () => {
            this.#rows = this.#rows.filter((_, i) => i !== index);
            this.#draw();
            this.#add.focus();
            this.#changed();
          },
        },
        icon("remove"),
      ),
    );
  }
}
