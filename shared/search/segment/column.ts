/** A declared field of all documents of a segment, in typed arrays: what filters look at. */
import { type FieldType, fieldTypes } from "../collection/collection-settings.ts";
import type { Metadata } from "../collection/document.ts";
import { fieldValue } from "../filter/field-value.ts";
import { bitmapBytes, makeBitmap, setBit } from "./bitmap.ts";
import { compareCodePoints } from "./code-point-order.ts";
import { checkOffsets } from "./offsets.ts";
import type { PartFile, PartTensor } from "./part-file.ts";
import { countStrings, encodeStrings, readStrings, type StringTable, stringTensors } from "./string-table.ts";

/** A declared field: its name and its type. */
export type Field = readonly [name: string, type: FieldType];

interface Present {
  /** A bitmap of the documents that have a value of the declared type. */
  readonly present: Uint8Array;
}

export interface NumberColumn extends Present {
  readonly type: "number";
  readonly numbers: Float64Array;
}

export interface BooleanColumn extends Present {
  readonly type: "boolean";
  /** A bitmap of the documents that have true. */
  readonly truths: Uint8Array;
}

export interface StringColumn extends Present {
  readonly type: "string";
  /** By document: the place of its value among the values. */
  readonly codes: Uint32Array;
  readonly values: StringTable;
}

export interface StringsColumn extends Present {
  readonly type: "string[]";
  /** First code of each document; one more element, the number of codes. */
  readonly codeOffsets: Uint32Array;
  readonly codes: Uint32Array;
  readonly values: StringTable;
}

export type Column = NumberColumn | BooleanColumn | StringColumn | StringsColumn;

/** The declared fields in the order in which their columns are numbered. */
export function fieldsOf(declared: Readonly<Record<string, FieldType>>): Field[] {
  return Object.entries(declared).sort(([left], [right]) => compareCodePoints(left, right));
}

/** The tensors of column `index` over documents in order. */
export function columnTensors(
  index: number,
  [name, type]: Field,
  documents: readonly { readonly metadata: Metadata }[],
): PartTensor[] {
  const prefix = `field.${index}`;
  const present = makeBitmap(documents.length);
  const forEachValue = <Type extends FieldType>(
    of: Type,
    visit: (value: NonNullable<ReturnType<typeof fieldValue<Type>>>, document: number) => void,
  ): void =>
    documents.forEach(({ metadata }, document) => {
      const value = fieldValue(metadata, name, of);
      if (value === undefined) return;
      setBit(present, document);
      visit(value, document);
    });
  const presence: PartTensor = { name: `${prefix}.present`, type: "U8", data: present };

  if (type === "number") {
    const numbers = new Float64Array(documents.length);
    forEachValue(type, (value, document) => {
      numbers[document] = value;
    });
    return [presence, { name: `${prefix}.numbers`, type: "F64", data: numbers }];
  }
  if (type === "boolean") {
    const truths = makeBitmap(documents.length);
    forEachValue(type, (value, document) => {
      if (value) setBit(truths, document);
    });
    return [presence, { name: `${prefix}.true`, type: "U8", data: truths }];
  }

  const distinct = new Set<string>();
  forEachValue(type, (value) => {
    for (const string of [value].flat()) distinct.add(string);
  });
  const values = [...distinct].sort(compareCodePoints);
  const codeOf = new Map(values.map((value, code) => [value, code]));
  const dictionary = stringTensors(`${prefix}.value`, encodeStrings(values));
  if (type === "string") {
    const codes = new Uint32Array(documents.length);
    forEachValue(type, (value, document) => {
      codes[document] = codeOf.get(value)!;
    });
    return [presence, { name: `${prefix}.codes`, type: "U32", data: codes }, ...dictionary];
  }
  const codesOf: number[][] = documents.map(() => []);
  forEachValue(type, (strings, document) => {
    codesOf[document] = [...new Set(strings)].map((value) => codeOf.get(value)!).sort((a, b) => a - b);
  });
  const codeOffsets = new Uint32Array(documents.length + 1);
  codesOf.forEach(({ length }, document) => {
    codeOffsets[document + 1] = codeOffsets[document]! + length;
  });
  return [
    presence,
    { name: `${prefix}.code_offsets`, type: "U32", data: codeOffsets },
    { name: `${prefix}.codes`, type: "U32", data: Uint32Array.from(codesOf.flat()) },
    ...dictionary,
  ];
}

/** @throws NearvecError artifact_corrupt */
export function readColumn(part: PartFile, index: number, type: FieldType, documents: number): Column {
  const prefix = `field.${index}`;
  const present = part.tensor(`${prefix}.present`, "U8", bitmapBytes(documents));
  switch (type) {
    case "number":
      return { type, present, numbers: part.tensor(`${prefix}.numbers`, "F64", documents) };
    case "boolean":
      return { type, present, truths: part.tensor(`${prefix}.true`, "U8", bitmapBytes(documents)) };
    case "string": {
      const values = readStrings(part, `${prefix}.value`);
      const codes = part.tensor(`${prefix}.codes`, "U32", documents);
      // Without a value no document has one, and all codes are 0.
      checkCodes(part, `${prefix}.codes`, codes, Math.max(1, countStrings(values)));
      return { type, present, codes, values };
    }
    case "string[]": {
      const values = readStrings(part, `${prefix}.value`);
      const codes = part.tensor(`${prefix}.codes`, "U32");
      const codeOffsets = part.tensor(`${prefix}.code_offsets`, "U32", documents + 1);
      checkOffsets(part, `${prefix}.code_offsets`, codeOffsets, codes.length);
      checkCodes(part, `${prefix}.codes`, codes, countStrings(values));
      return { type, present, codeOffsets, codes, values };
    }
  }
}

/** The fields that an index part names. @throws NearvecError artifact_corrupt */
export function parseFields(part: PartFile): Field[] {
  const text = part.text("fields");
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    throw part.corrupt("JSON as fields", JSON.stringify(text.slice(0, 40)));
  }
  if (!Array.isArray(fields) || !fields.every(isField)) {
    throw part.corrupt("pairs of a name and a type as fields", JSON.stringify(text.slice(0, 40)));
  }
  return fields;
}

function isField(value: unknown): value is Field {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === "string" &&
    (fieldTypes as readonly unknown[]).includes(value[1])
  );
}

function checkCodes(part: PartFile, name: string, codes: Uint32Array, values: number): void {
  for (let i = 0; i < codes.length; i++) {
    if (codes[i]! >= values) throw part.corrupt(`codes below ${values} in tensor ${name}`, `${codes[i]}`);
  }
}
