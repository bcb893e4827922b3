/** Printed numbers are the shortest decimals that mean the same float32: a client that keeps doubles rounds them once. */
export function asFloat32(numbers: unknown): number[] {
  return [...new Float32Array(numbers as number[])];
}
