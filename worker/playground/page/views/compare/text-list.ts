/** The texts to compare, each in a field of its own, with its vector drawn beneath it. */
import { element, replace } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { fingerprint } from "./fingerprint.ts";

/** More would not fit beside each other in a table that can be read. */
export const maxTexts = 12;

/** What text number `index` is called: A, B, C, … */
export function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}

interface Row {
  readonly item: HTMLLIElement;
  readonly input: HTMLTextAreaElement;
  readonly letter: HTMLElement;
  readonly remove: HTMLButtonElement;
  readonly print: HTMLElement;
}

export class TextList {
  readonly element = element("ol", { class: "texts" });
  readonly addButton: HTMLButtonElement;
  readonly #changed: () => void;
  #rows: Row[] = [];

  constructor(changed: () => void) {
    this.#changed = changed;
    this.addButton = element(
      "button",
      { type: "button", class: "quiet", onclick: () => this.#add(this.#rows.length, "").input.focus() },
      icon("add"),
      "Add a text",
    );
  }

  get texts(): string[] {
    return this.#rows.map(({ input }) => input.value);
  }

  set texts(texts: readonly string[]) {
    for (const { item } of this.#rows) item.remove();
    this.#rows = [];
    for (const text of texts.slice(0, maxTexts)) this.#insert(this.#rows.length, text);
    this.#number();
  }

  focus(): void {
    this.#rows.at(-1)?.input.focus();
  }

  /** @param vectors One for each text; null for one that has none. */
  draw(vectors: readonly (Float32Array | null)[]): void {
    for (const [i, { print }] of this.#rows.entries()) {
      const vector = vectors[i] ?? null;
      replace(print, vector !== null && fingerprint(vector));
    }
  }

  /** Marks the texts that a cell of the table compares. */
  mark(indices: readonly number[]): void {
    for (const [i, { item }] of this.#rows.entries()) item.classList.toggle("marked", indices.includes(i));
  }

  #add(index: number, text: string): Row {
    const row = this.#insert(index, text);
    this.#number();
    this.#changed();
    return row;
  }

  #insert(index: number, text: string): Row {
    const input = element(
      "textarea",
      {
        rows: 1,
        spellcheck: "false",
        oninput: () => this.#changed(),
        onkeydown: (event: KeyboardEvent) => this.#onKey(event, row),
        onpaste: (event: ClipboardEvent) => this.#onPaste(event, row),
      },
      text,
    );
    const row: Row = {
      input,
      item: element("li"),
      letter: element("span", { class: "letter", "aria-hidden": "true" }),
      print: element("div", { class: "print" }),
      remove: element(
        "button",
        { type: "button", class: "quiet square", onclick: () => this.#remove(row) },
        icon("remove"),
      ),
    };
    row.item.append(row.letter, element("div", { class: "text" }, input, row.print), row.remove);
    const before = this.#rows[index]?.item ?? null;
    this.element.insertBefore(row.item, before);
    this.#rows.splice(index, 0, row);
    return row;
  }

  #remove(row: Row): void {
    if (this.#rows.length === 1) return;
    const index = this.#rows.indexOf(row);
    this.#rows.splice(index, 1);
    row.item.remove();
    this.#number();
    this.#rows[Math.min(index, this.#rows.length - 1)]?.input.focus();
    this.#changed();
  }

  #number(): void {
    for (const [i, { letter, input, remove }] of this.#rows.entries()) {
      letter.textContent = letterOf(i);
      input.setAttribute("aria-label", `Text ${letterOf(i)}`);
      remove.setAttribute("aria-label", `Remove text ${letterOf(i)}`);
      remove.hidden = this.#rows.length === 1;
    }
    this.addButton.hidden = this.#rows.length >= maxTexts;
  }

  #onKey(event: KeyboardEvent, row: Row): void {
    const index = this.#rows.indexOf(row);
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const next = this.#rows[index + 1];
      if (next !== undefined) next.input.focus();
      else if (index + 1 < maxTexts) this.#add(index + 1, "").input.focus();
    } else if (event.key === "Backspace" && row.input.value === "" && this.#rows.length > 1) {
      event.preventDefault();
      this.#remove(row);
    }
  }

  /** Several lines become several texts. */
  #onPaste(event: ClipboardEvent, row: Row): void {
    const lines = (event.clipboardData?.getData("text/plain") ?? "")
      .split(/\r?\n/)
      .filter((line) => line.trim() !== "");
    if (lines.length < 2 || row.input.value !== "") return;
    event.preventDefault();
    const index = this.#rows.indexOf(row);
    row.input.value = lines[0]!;
    const room = maxTexts - this.#rows.length;
    for (const [i, line] of lines.slice(1, 1 + room).entries()) this.#insert(index + 1 + i, line);
    this.#number();
    this.#changed();
  }
}
