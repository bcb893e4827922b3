/** Lists of lists as the offsets of their beginnings: element i begins where element i - 1 ends. */
import type { PartFile } from "./part-file.ts";

/**
 * Checks that offsets begin at 0, never go back and end at `end`, so that no reader can leave what they divide.
 *
 * @param least elements that each list must have
 * @throws NearvecError artifact_corrupt
 */
export function checkOffsets(
  part: PartFile,
  name: string,
  offsets: Uint32Array,
  end: number,
  least = 0,
): void {
  if (offsets.length === 0 || offsets[0] !== 0) {
    throw part.corrupt(`tensor ${name} to begin with 0`, `${offsets[0] ?? "nothing"}`);
  }
  for (let i = 1; i < offsets.length; i++) {
    if (offsets[i]! < offsets[i - 1]! + least) {
      throw part.corrupt(
        `element ${i} of tensor ${name} to be at least ${offsets[i - 1]! + least}`,
        `${offsets[i]}`,
      );
    }
  }
  const last = offsets[offsets.length - 1]!;
  if (last !== end) throw part.corrupt(`tensor ${name} to end with ${end}`, `${last}`);
}
