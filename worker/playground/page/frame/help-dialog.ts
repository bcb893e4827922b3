/** `?`: what the keys do. */
import { element } from "../dom/element.ts";
import { dialog } from "../parts/dialog.ts";
import { type Shortcut, setShortcutsOn, shortcutsOn } from "./shortcuts.ts";

export function helpDialog(shortcuts: readonly Shortcut[]): HTMLDialogElement {
  const inViews: readonly (readonly [string, string])[] = [
    ["Enter", "in Compare: next text"],
    ["← → ↑ ↓", "among tokens, and among points of the map"],
    ["Esc", "close what is open"],
  ];
  return dialog(
    "Keys",
    element(
      "dl",
      { class: "keys" },
      ...shortcuts.map(({ key, label }) => line(key, label)),
      ...inViews.map(([key, label]) => line(key, label)),
    ),
    element(
      "label",
      { class: "check" },
      element("input", {
        type: "checkbox",
        checked: shortcutsOn(),
        onchange: (event: Event) => setShortcutsOn((event.currentTarget as HTMLInputElement).checked),
      }),
      "Single keys do something",
    ),
  );
}

function line(key: string, label: string): HTMLElement {
  return element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, label));
}
