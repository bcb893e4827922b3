/** Which view is shown, and what it shows, as the URL's fragment: `#search?collection=notes&query=horses`. */

export interface Address {
  readonly view: string;
  readonly parameters: URLSearchParams;
}

export function readAddress(hash: string): Address {
  const [view = "", query = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
  return { view, parameters: new URLSearchParams(query) };
}

export function printAddress({ view, parameters }: Address): string {
  const query = parameters.toString();
  return query === "" ? `#${view}` : `#${view}?${query}`;
}
