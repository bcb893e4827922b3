/** Code that does what is on screen, in the language of one's choice. */
import type { CodeLanguage, CodeSample } from "../code/code-sample.ts";
import { element, replace, uniqueId } from "../dom/element.ts";
import { copyButton } from "./copy-button.ts";

const languages: readonly (readonly [CodeLanguage, string])[] = [
  ["curl", "curl"],
  ["typescript", "TypeScript"],
  ["python", "Python"],
];

const storageName = "nearvec-language";

export class CodePanel {
  readonly element: HTMLElement;
  readonly #code = element("code");
  #language: CodeLanguage;
  #sample: CodeSample | null = null;

  constructor() {
    const kept = localStorage.getItem(storageName);
    this.#language = languages.find(([language]) => language === kept)?.[0] ?? "curl";
    const name = uniqueId();
    const heading = uniqueId();
    this.element = element(
      "section",
      { class: "code-panel", "aria-labelledby": heading, hidden: true },
      element(
        "header",
        {},
        element("h2", { id: heading }, "The same in code"),
        element(
          "div",
          { class: "segments", role: "radiogroup", "aria-label": "Language" },
          ...languages.map(([language, label]) =>
            element(
              "label",
              {},
              element("input", {
                type: "radio",
                name,
                value: language,
                checked: language === this.#language,
                onchange: () => this.#choose(language),
              }),
              element("span", {}, label),
            ),
          ),
        ),
        copyButton("code", () => this.#code.textContent ?? ""),
      ),
      // Wide code is scrolled, by the keyboard too.
      element("pre", { tabindex: 0, role: "region", "aria-label": "Code" }, this.#code),
    );
  }

  show(sample: CodeSample | null): void {
    this.#sample = sample;
    this.element.hidden = sample === null;
    replace(this.#code, sample?.[this.#language] ?? "");
  }

  copy(): void {
    this.element.querySelector<HTMLButtonElement>("header > button")?.click();
  }

  #choose(language: CodeLanguage): void {
    this.#language = language;
    localStorage.setItem(storageName, language);
    this.show(this.#sample);
  }
}
