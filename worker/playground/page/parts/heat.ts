/** Colours a cell by how much there is of something, with an ink that can be read on it. */

export type Tint = "vector" | "opposite";

/**
 * Shares from which on white is easier to read than black in the light scheme, and black than white in the dark one.
 * There both have a contrast of 4.5, the least that WCAG 2 allows; style/parts.css has the tints.
 */
const turnsAt: Readonly<Record<Tint, { readonly light: number; readonly dark: number }>> = {
  vector: { light: 0.885, dark: 0.63 },
  opposite: { light: 0.86, dark: 0.715 },
};

/** @param share 0 to 1 */
export function heat(cell: HTMLElement, share: number, tint: Tint): void {
  cell.classList.add("heated", tint);
  cell.classList.toggle("turned-light", share >= turnsAt[tint].light);
  cell.classList.toggle("turned-dark", share >= turnsAt[tint].dark);
  cell.style.setProperty("--heat", share.toFixed(3));
}
