/** Single keys that do something wherever nothing is being typed; they can be switched off. */

export interface Shortcut {
  readonly key: string;
  readonly label: string;
  run(): void;
}

const storageName = "nearvec-shortcuts";

export function shortcutsOn(): boolean {
  return localStorage.getItem(storageName) !== "off";
}

export function setShortcutsOn(on: boolean): void {
  localStorage.setItem(storageName, on ? "on" : "off");
}

export function listenForShortcuts(shortcuts: readonly Shortcut[]): void {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target))
      return;
    // Help itself stays: it is where the others are switched on again.
    if (!shortcutsOn() && event.key !== "?") return;
    if (document.querySelector("dialog[open]") !== null) return;
    const shortcut = shortcuts.find(({ key }) => key === event.key);
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.run();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input, textarea, select, [contenteditable]");
}
