/** Tokens in the order of the text, each as strongly coloured as it weighs. One tab stop; arrows go from one to the next. */
import { element, replace } from "../../dom/element.ts";
import { heat } from "../../parts/heat.ts";
import { shownText, type WeightedToken } from "./weighted-tokens.ts";

export class TokenChips {
  readonly element = element("div", {
    class: "tokens",
    role: "listbox",
    "aria-label": "Tokens",
    "aria-orientation": "horizontal",
    onkeydown: (event: KeyboardEvent) => this.#onKey(event),
  });
  readonly #pointed: (index: number) => void;
  #chips: HTMLElement[] = [];
  #current = 0;

  /** @param pointed Told which token is under the pointer or has the focus. */
  constructor(pointed: (index: number) => void) {
    this.#pointed = pointed;
  }

  /** @param heaviest The weight of the strongest colour. */
  show(tokens: readonly WeightedToken[], heaviest: number): void {
    this.#chips = tokens.map((token, index) => this.#chip(token, index, heaviest));
    this.#current = Math.min(this.#current, Math.max(0, tokens.length - 1));
    this.#chips[this.#current]?.setAttribute("tabindex", "0");
    replace(this.element, ...this.#chips);
  }

  mark(index: number): void {
    for (const [i, chip] of this.#chips.entries()) chip.setAttribute("aria-selected", String(i === index));
  }

  #chip({ id, text, weight, joined }: WeightedToken, index: number, heaviest: number): HTMLElement {
    const share = weight === null || heaviest === 0 ? 0 : weight / heaviest;
    const name =
      weight === null ? `${text}, unknown, left out` : `${text}, id ${id}, weight ${weight.toFixed(2)}`;
    const chip = element(
      "span",
      {
        class: "token",
        role: "option",
        tabindex: -1,
        "aria-selected": "false",
        "aria-label": name,
        onpointerenter: () => this.#pointed(index),
        onfocus: () => {
          this.#moveTabStop(index);
          this.#pointed(index);
        },
      },
      shownText(text),
    );
    if (weight === null) chip.classList.add("unknown");
    else heat(chip, share, "vector");
    chip.classList.toggle("joined", joined);
    return chip;
  }

  #onKey(event: KeyboardEvent): void {
    const last = this.#chips.length - 1;
    const to = {
      ArrowRight: this.#current + 1,
      ArrowLeft: this.#current - 1,
      ArrowDown: this.#current + 1,
      ArrowUp: this.#current - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#chips[Math.max(0, Math.min(last, to))]?.focus();
  }

  #moveTabStop(index: number): void {
    this.#chips[this.#current]?.setAttribute("tabindex", "-1");
    this.#current = index;
    this.#chips[index]?.setAttribute("tabindex", "0");
  }
}
