/** Where a visitor puts the key of a worker that asks for one. */
import type { KeyStore } from "../api/key-store.ts";
import { element, uniqueId } from "../dom/element.ts";
import { dialog } from "../parts/dialog.ts";

export function keyDialog(keys: KeyStore): HTMLDialogElement {
  const id = uniqueId();
  const note = uniqueId();
  const input = element("input", {
    id,
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
    value: keys.key,
    placeholder: "nv_…",
    "aria-describedby": note,
  });
  const finish = (key: string): void => {
    keys.key = key;
    made.close();
  };
  const made = dialog(
    "Key for this worker",
    element(
      "form",
      {
        class: "stack",
        onsubmit: (event: Event) => {
          event.preventDefault();
          // What is pasted often brings a line's end along.
          finish(input.value.trim());
        },
      },
      element("label", { for: id }, "Bearer key"),
      input,
      element(
        "p",
        { id: note, class: "soft" },
        "It stays in this tab until you close it, and goes to this worker only. Code to copy takes it from the variable ",
        element("code", {}, "NEARVEC_KEY"),
        ". ",
        element("code", {}, "nearvec keys create"),
        " makes one.",
      ),
      element(
        "div",
        { class: "row" },
        element("button", { type: "submit", class: "primary" }, "Use it"),
        element(
          "button",
          {
            type: "button",
            onclick: () => {
              input.value = "";
              finish("");
            },
          },
          "Forget it",
        ),
      ),
    ),
  );
  return made;
}
