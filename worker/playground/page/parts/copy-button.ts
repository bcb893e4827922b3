/** A button that copies a text, and says that it has. */
import { element, replace } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";

/** Milliseconds for which the button says so. */
const thanksMs = 1600;

/** @param label What is copied, for those who hear the button. */
export function copyButton(label: string, text: () => string, shown = "Copy"): HTMLButtonElement {
  const before = () => [icon("copy"), shown];
  const button = element(
    "button",
    {
      type: "button",
      class: "quiet small",
      "aria-label": `Copy ${label}`,
      onclick: async () => {
        const copied = await copy(text());
        replace(button, icon(copied ? "done" : "remove"), copied ? "Copied" : "Not allowed");
        setTimeout(() => replace(button, ...before()), thanksMs);
      },
    },
    ...before(),
  );
  return button;
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The browser forbids it, as it does on pages without TLS: the old way asks nobody.
    const holder = element("textarea", { class: "unseen", "aria-hidden": "true" }, text);
    (document.querySelector("dialog[open]") ?? document.body).append(holder);
    holder.select();
    const copied = document.execCommand("copy");
    holder.remove();
    return copied;
  }
}
