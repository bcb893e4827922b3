/** A text with some of its ranges marked. */
import { element } from "../../dom/element.ts";

/** @param ranges UTF-16 units, in order, as the worker gives them. */
export function markedText(text: string, ranges: readonly (readonly [number, number])[]): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const [from, to] of ranges) {
    if (from < end) continue;
    nodes.push(document.createTextNode(text.slice(end, from)), element("mark", {}, text.slice(from, to)));
    end = to;
  }
  nodes.push(document.createTextNode(text.slice(end)));
  return nodes;
}
