/** What stands around every view: its name, the way to the others, and what holds for all. */
import { ApiFailure } from "../api/api-failure.ts";
import type { KeyStore } from "../api/key-store.ts";
import type { Models } from "../api/models.ts";
import { element, replace } from "../dom/element.ts";
import { brandMark, icon } from "../dom/icon.ts";
import { currentTheme, switchTheme, type Theme } from "./theme.ts";

export interface FrameOptions {
  readonly base: string;
  readonly views: readonly { readonly name: string; readonly title: string }[];
  readonly models: Models;
  readonly keys: KeyStore;
  askForKey(): void;
  help(): void;
}

export interface Frame {
  readonly header: HTMLElement;
  readonly main: HTMLElement;
  readonly footer: HTMLElement;
  /** Marks the view that is shown. */
  mark(name: string): void;
  switchTheme(): void;
  /** Says that the worker could not be asked what it has. */
  failed(error: unknown): void;
}

const themeLabels: Readonly<Record<Theme, string>> = {
  system: "Colours: as the system",
  light: "Colours: light",
  dark: "Colours: dark",
};

export function frame({ base, views, models, keys, askForKey, help }: FrameOptions): Frame {
  const state = element("p", { class: "state" }, element("span", { class: "dot" }), "asking the worker");
  const links = views.map(({ name, title }) => element("a", { href: `#${name}` }, title));
  const themeButton = element(
    "button",
    { type: "button", class: "quiet square", onclick: () => nextTheme() },
    icon("theme"),
  );
  const keyButton = element(
    "button",
    { type: "button", class: "quiet square key", onclick: askForKey },
    icon("key"),
  );

  function nextTheme(): void {
    label(themeButton, themeLabels[switchTheme()]);
  }
  function showKey(): void {
    keyButton.classList.toggle("set", keys.key !== "");
    label(keyButton, keys.key === "" ? "Key for this worker" : "Key for this worker: set");
  }

  label(themeButton, themeLabels[currentTheme()]);
  showKey();
  keys.onChange(showKey);
  models.onChange(() => {
    const dimensions = models.dimensionsOf("");
    state.className = "state good";
    replace(
      state,
      element("span", { class: "dot" }),
      models.defaultName,
      dimensions !== undefined && element("span", { class: "more" }, `${dimensions} dimensions`),
    );
  });

  return {
    header: element(
      "header",
      { class: "top" },
      element("a", { class: "skip", href: "#main", onclick: skipToMain }, "Skip to the view"),
      element(
        "a",
        { class: "brand", href: "#compare", "aria-label": "nearvec playground" },
        brandMark(),
        "nearvec",
      ),
      element("nav", { "aria-label": "Views" }, ...links),
      element(
        "div",
        { class: "tools" },
        state,
        keyButton,
        themeButton,
        label(
          element("button", { type: "button", class: "quiet square", onclick: help }, icon("help")),
          "Keys (?)",
        ),
      ),
    ),
    main: element("main", { id: "main", tabindex: -1 }),
    footer: element(
      "footer",
      { class: "bottom" },
      element("a", { href: `${base}/docs` }, "API documentation"),
      element("a", { href: `${base}/openapi.json` }, "openapi.json"),
      element("span", {}, "Press ", element("kbd", {}, "?"), " for keys"),
    ),
    mark(name) {
      for (const link of links) {
        if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
    },
    switchTheme: nextTheme,
    failed(error) {
      const status = error instanceof ApiFailure ? error.status : 0;
      const words = status === 401 ? "needs a key" : status === 0 ? "no answer" : `answered ${status}`;
      state.className = "state bad";
      replace(state, element("span", { class: "dot" }), words);
    },
  };
}

function label<Button extends HTMLElement>(button: Button, text: string): Button {
  button.setAttribute("aria-label", text);
  button.title = text;
  return button;
}

/** As the link does, but for the address, which says what the view shows. */
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
