/** How wide rows are once they are packed. */
import type { NumberType } from "../../shared/embedding/number-types.ts";

/** Numbers in a row: eight dimensions go into a byte of the binary types. */
export function columnsOf(dimensions: number, type: NumberType): number {
  return type === "binary" || type === "ubinary" ? Math.ceil(dimensions / 8) : dimensions;
}

/** Bytes of a number. */
export function bytesOf(type: NumberType): number {
  return type === "float" ? 4 : 1;
}
