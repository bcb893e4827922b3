/** Which colour each point has, by one field of the documents' metadata. */
import type { MapDocument } from "./read-points.ts";

/** Colours in the style, as `--point-0` and so on; more could not be told apart. */
export const colours = 8;

export interface PointColours {
  /** Of each document: 0 to 7, or -1 for those that have no value, or a rare one. */
  readonly colour: readonly number[];
  readonly legend: readonly { readonly label: string; readonly colour: number; readonly count: number }[];
}

/** Fields that any document has, in the order in which they come up. */
export function fieldsOf(documents: readonly MapDocument[]): string[] {
  return [...new Set(documents.flatMap(({ metadata }) => Object.keys(metadata)))];
}

/** @param field Empty for one colour. */
export function colourPoints(documents: readonly MapDocument[], field: string): PointColours {
  if (field === "") return { colour: documents.map(() => 0), legend: [] };
  const values = documents.map(({ metadata }) => metadata[field]);
  const numbers = values.filter((value) => typeof value === "number");
  return numbers.length === values.filter((value) => value !== undefined).length &&
    new Set(numbers).size > colours
    ? byRange(values, numbers)
    : byValue(values);
}

/** The most frequent values have colours; the rest share none. */
function byValue(values: readonly unknown[]): PointColours {
  const counts = new Map<string, number>();
  const names = values.map((value) => (value === undefined ? undefined : printed(value)));
  for (const name of names) if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  const frequent = [...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).slice(0, colours);
  frequent.sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  const places = new Map(frequent.map(([name], place) => [name, place]));
  const colour = names.map((name) => (name === undefined ? -1 : (places.get(name) ?? -1)));
  const others = colour.filter((place) => place === -1).length;
  return {
    colour,
    legend: [
      ...frequent.map(([label, count], place) => ({ label, colour: place, count })),
      ...(others > 0 ? [{ label: "others", colour: -1, count: others }] : []),
    ],
  };
}

/** Numbers that are many: four ranges with as many documents each, as far as equal numbers allow. */
function byRange(values: readonly unknown[], numbers: readonly number[]): PointColours {
  const sorted = numbers.toSorted((a, b) => a - b);
  const ranges = 4;
  const starts = [
    ...new Set(Array.from({ length: ranges }, (_, i) => sorted[Math.floor((i * sorted.length) / ranges)]!)),
  ];
  const colour = values.map((value) =>
    typeof value === "number" ? starts.findLastIndex((start) => value >= start) : -1,
  );
  const countOf = (place: number) => colour.filter((other) => other === place).length;
  const largest = sorted.at(-1)!;
  const legend = starts.map((start, place) => ({
    label: place === starts.length - 1 ? `${start} to ${largest}` : `${start} to below ${starts[place + 1]}`,
    colour: place,
    count: countOf(place),
  }));
  const others = countOf(-1);
  return {
    colour,
    legend: others > 0 ? [...legend, { label: "others", colour: -1, count: others }] : legend,
  };
}

function printed(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
