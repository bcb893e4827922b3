/** Light, dark, or as the system has it: kept on this machine. */

const storageName = "nearvec-theme";
const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export function currentTheme(): Theme {
  const kept = localStorage.getItem(storageName);
  return themes.find((theme) => theme === kept) ?? "system";
}

/** The next one; as it is shown from now on. */
export function switchTheme(): Theme {
  const next = themes[(themes.indexOf(currentTheme()) + 1) % themes.length]!;
  localStorage.setItem(storageName, next);
  applyTheme();
  return next;
}

export function applyTheme(): void {
  document.documentElement.dataset.theme = currentTheme();
  // What draws with colours read from the style must draw again.
  dispatchEvent(new Event("nearvec-theme"));
}
