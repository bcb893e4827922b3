/** A dialog with a heading and a way out; the browser keeps the focus in it and gives it back. */
import { type Child, element, uniqueId } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";

export function dialog(title: string, ...children: readonly Child[]): HTMLDialogElement {
  const heading = uniqueId();
  const made = element(
    "dialog",
    {
      "aria-labelledby": heading,
      // The dialog's own area is all padding: a press there is one beside its content.
      onclick: (event: MouseEvent) => {
        if (event.target === made) made.close();
      },
    },
    element(
      "div",
      { class: "dialog-body" },
      element(
        "header",
        {},
        element("h2", { id: heading }, title),
        element(
          "button",
          { type: "button", class: "quiet square", "aria-label": "Close", onclick: () => made.close() },
          icon("remove"),
        ),
      ),
      ...children,
    ),
  );
  return made;
}

/** Shows a dialog, one at a time; it is gone once it is closed. */
export function openDialog(made: HTMLDialogElement): void {
  if (document.querySelector("dialog[open]") !== null) return;
  document.body.append(made);
  made.addEventListener("close", () => made.remove());
  made.showModal();
}
