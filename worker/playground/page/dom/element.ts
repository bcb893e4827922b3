/** Makes elements: attributes, listeners and children in one call, never markup, so that no text can become any. */

export type Child = Node | string | number | null | undefined | false;

// biome-ignore lint/suspicious/noExplicitAny: a listener may take the narrower event that its name says.
type Attribute = string | number | boolean | null | undefined | ((event: any) => void);

/**
 * @param attributes Functions are listeners under names such as `onclick`; false, null and undefined are left out.
 *
 * @example
 * ```ts
 * element("button", { type: "button", onclick: () => add() }, "Add");
 * ```
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  return fill(document.createElement(tag), attributes, children);
}

export function svgElement<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill<Made extends Element>(
  made: Made,
  attributes: Readonly<Record<string, Attribute>>,
  children: readonly Child[],
): Made {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  made.append(
    ...children.filter(isShown).map((child) => (typeof child === "number" ? String(child) : child)),
  );
  return made;
}

function isShown(child: Child): child is Node | string | number {
  return child !== null && child !== undefined && child !== false;
}

/** Puts new children in place of all that were there. */
export function replace(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren(
    ...children.filter(isShown).map((child) => (typeof child === "number" ? String(child) : child)),
  );
}

let ids = 0;

/** An id that no other element of the page has, for labels and descriptions. */
export function uniqueId(): string {
  ids++;
  return `part-${ids}`;
}
