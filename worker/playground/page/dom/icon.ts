/** The page's icons, drawn in the colour of the text around them; hidden from those who listen. */
import { svgElement } from "./element.ts";

const paths = {
  add: "M8 3v10M3 8h10",
  remove: "M4 4l8 8M12 4l-8 8",
  copy: "M6 6h7v7H6zM3 10V3h7",
  done: "M3 8.5 6.5 12 13 4.5",
  key: "M7.2 8.8A3 3 0 1 0 5 10.9a3 3 0 0 0 2.2-2.1ZM7.5 8.2 13 8.2M11 8.2v2.3M13 8.2v1.8",
  theme: "M8 2.2a5.8 5.8 0 1 0 0 11.6ZM8 2.2a5.8 5.8 0 0 1 0 11.6",
  help: "M5.8 6.2a2.2 2.2 0 1 1 3.1 2c-.6.3-.9.7-.9 1.4M8 12v.1",
  refresh: "M13 8a5 5 0 1 1-1.5-3.5M13 2.5v3h-3",
  alike: "M2.5 8h11M9.5 4l4 4-4 4",
} as const;

export type IconName = keyof typeof paths;

export function icon(name: IconName): SVGSVGElement {
  return svgElement(
    "svg",
    { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" },
    svgElement("path", { d: paths[name] }),
  );
}

/** The mark of nearvec: three vectors from one point. */
export function brandMark(): SVGSVGElement {
  return svgElement(
    "svg",
    { class: "mark", viewBox: "0 0 32 32", "aria-hidden": "true" },
    svgElement("path", { d: "M8 24 24 8" }),
    svgElement("path", { d: "M8 24 26 18.5", opacity: 0.7 }),
    svgElement("path", { d: "M8 24 14 6.5", opacity: 0.45 }),
    svgElement("circle", { cx: 8, cy: 24, r: 2.6 }),
  );
}
