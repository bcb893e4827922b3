/** A vector as a row of bars: what is above zero upwards, the rest downwards. */
import { svgElement } from "../../dom/element.ts";

/** Bars in the row: more would be thinner than a pixel on a phone. */
const bars = 96;
const height = 20;

export function fingerprint(vector: Float32Array): SVGSVGElement {
  const count = Math.min(bars, vector.length);
  const shown = vector.subarray(0, count);
  const largest = shown.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  const middle = height / 2;
  const draw = (positive: boolean): string =>
    Array.from(shown, (value, i) =>
      value > 0 === positive
        ? `M${i + 0.5} ${middle}V${(middle - (value / largest) * middle).toFixed(1)}`
        : "",
    ).join("");
  return svgElement(
    "svg",
    { viewBox: `0 0 ${count} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    svgElement("path", { class: "above", d: draw(true) }),
    svgElement("path", { class: "below", d: draw(false) }),
  );
}
