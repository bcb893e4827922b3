/** Which documents of a segment pass a filter: a pass over a typed array for each condition. */
import {
  hasBit,
  intersectBitmaps,
  invertBitmap,
  makeBitmap,
  setBit,
  uniteBitmaps,
} from "../segment/bitmap.ts";
import type { BooleanColumn, Column, NumberColumn, StringColumn, StringsColumn } from "../segment/column.ts";
import type { IndexView } from "../segment/index-part-reader.ts";
import { countBefore, countStrings, findString } from "../segment/string-table.ts";
import type { AnyOfCondition, CompiledFilter, RangeCondition } from "./compiled-filter.ts";

/** What a filter needs of a segment. */
export type FilteredSegment = Pick<IndexView, "documents" | "columns" | "part">;

/**
 * A bitmap of the documents that pass.
 *
 * @throws NearvecError artifact_corrupt if the segment lacks a column of the filter's
 */
export function filterColumns(filter: CompiledFilter, segment: FilteredSegment): Uint8Array {
  const { documents } = segment;
  switch (filter.kind) {
    case "and": {
      const passing = invertBitmap(makeBitmap(documents), documents);
      for (const part of filter.filters) intersectBitmaps(passing, filterColumns(part, segment));
      return passing;
    }
    case "or": {
      const passing = makeBitmap(documents);
      for (const part of filter.filters) uniteBitmaps(passing, filterColumns(part, segment));
      return passing;
    }
    case "not":
      return invertBitmap(filterColumns(filter.filter, segment), documents);
    default: {
      const column = segment.columns.get(filter.field);
      if (column?.type !== filter.type) {
        throw segment.part.corrupt(
          `a column of ${filter.type} for field ${filter.field}`,
          column?.type ?? "none",
        );
      }
      const passing = makeBitmap(documents);
      if (filter.kind === "exists") invertBitmap(passing, documents);
      else if (filter.kind === "range") markInRange(passing, filter, column, documents);
      else markAnyOf(passing, filter, column, documents);
      // Elements of absent documents are 0, which may be what is asked for.
      intersectBitmaps(passing, column.present);
      return passing;
    }
  }
}

function markInRange(passing: Uint8Array, filter: RangeCondition, column: Column, documents: number): void {
  if (column.type === "number") markNumbers(passing, filter, column, documents);
  else if (column.type === "string") {
    const [from, to] = codeRange(filter, column);
    for (let document = 0; document < documents; document++) {
      const code = column.codes[document]!;
      if (code >= from && code < to) setBit(passing, document);
    }
  }
}

function markNumbers(
  passing: Uint8Array,
  { operator, bound }: RangeCondition,
  { numbers }: NumberColumn,
  documents: number,
): void {
  const mark = (holds: (value: number) => boolean): void => {
    for (let document = 0; document < documents; document++) {
      if (holds(numbers[document]!)) setBit(passing, document);
    }
  };
  const limit = bound as number;
  if (operator === "$gt") mark((value) => value > limit);
  else if (operator === "$gte") mark((value) => value >= limit);
  else if (operator === "$lt") mark((value) => value < limit);
  else mark((value) => value <= limit);
}

/** The codes of the values in range: the dictionary is in order, so they are neighbours. */
function codeRange(
  { operator, bound }: RangeCondition,
  { values }: StringColumn,
): [from: number, to: number] {
  const below = countBefore(values, bound as string);
  const upTo = below + Number(findString(values, bound as string) >= 0);
  switch (operator) {
    case "$gt":
      return [upTo, countStrings(values)];
    case "$gte":
      return [below, countStrings(values)];
    case "$lt":
      return [0, below];
    case "$lte":
      return [0, upTo];
  }
}

function markAnyOf(passing: Uint8Array, filter: AnyOfCondition, column: Column, documents: number): void {
  switch (column.type) {
    case "number": {
      const wanted = new Set(filter.values);
      for (let document = 0; document < documents; document++) {
        if (wanted.has(column.numbers[document]!)) setBit(passing, document);
      }
      return;
    }
    case "boolean":
      markTruths(passing, filter, column, documents);
      return;
    case "string": {
      const wanted = codesOf(filter, column);
      for (let document = 0; document < documents; document++) {
        if (wanted[column.codes[document]!] === 1) setBit(passing, document);
      }
      return;
    }
    case "string[]": {
      const wanted = codesOf(filter, column);
      const { codes, codeOffsets } = column;
      for (let document = 0; document < documents; document++) {
        for (let i = codeOffsets[document]!; i < codeOffsets[document + 1]!; i++) {
          if (wanted[codes[i]!] === 1) setBit(passing, document);
        }
      }
    }
  }
}

function markTruths(
  passing: Uint8Array,
  filter: AnyOfCondition,
  { truths }: BooleanColumn,
  documents: number,
): void {
  for (let document = 0; document < documents; document++) {
    if (filter.values.includes(hasBit(truths, document))) setBit(passing, document);
  }
}

/** By code: 1 where its value is wanted. */
function codesOf(filter: AnyOfCondition, { values }: StringColumn | StringsColumn): Uint8Array {
  const wanted = new Uint8Array(countStrings(values));
  for (const value of filter.values) {
    const code = findString(values, value as string);
    if (code >= 0) wanted[code] = 1;
  }
  return wanted;
}
