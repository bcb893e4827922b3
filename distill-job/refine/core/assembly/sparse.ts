/** Sparse matrices times dense ones: sums of weighted rows. */
import { normalizeRow } from "./rows";

/** Bytes of a row that are summed at once: eight sums of four floats stay in registers. */
const blockBytes: u32 = 128;

/** Writes the sum of weight x row over the entries from `first` to before `last` to `output`. */
@inline
export function sumRows(
  columns: usize,
  weights: usize,
  first: u32,
  last: u32,
  dense: usize,
  width: u32,
  output: usize,
): void {
  const rowBytes = width << 2;
  for (let offset: u32 = 0; offset < rowBytes; offset += blockBytes) {
    let sum0 = f32x4.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let sum4 = sum0;
    let sum5 = sum0;
    let sum6 = sum0;
    let sum7 = sum0;
    for (let entry = first; entry < last; entry++) {
      const row = dense + <usize>load<u32>(columns + (<usize>entry << 2)) * rowBytes + offset;
      const weight = v128.load32_splat(weights + (<usize>entry << 2));
      sum0 = f32x4.add(sum0, f32x4.mul(weight, v128.load(row)));
      sum1 = f32x4.add(sum1, f32x4.mul(weight, v128.load(row, 16)));
      sum2 = f32x4.add(sum2, f32x4.mul(weight, v128.load(row, 32)));
      sum3 = f32x4.add(sum3, f32x4.mul(weight, v128.load(row, 48)));
      sum4 = f32x4.add(sum4, f32x4.mul(weight, v128.load(row, 64)));
      sum5 = f32x4.add(sum5, f32x4.mul(weight, v128.load(row, 80)));
      sum6 = f32x4.add(sum6, f32x4.mul(weight, v128.load(row, 96)));
      sum7 = f32x4.add(sum7, f32x4.mul(weight, v128.load(row, 112)));
    }
    const target = output + offset;
    v128.store(target, sum0);
    v128.store(target, sum1, 16);
    v128.store(target, sum2, 32);
    v128.store(target, sum3, 48);
    v128.store(target, sum4, 64);
    v128.store(target, sum5, 80);
    v128.store(target, sum6, 96);
    v128.store(target, sum7, 112);
  }
}

/** Rows `from` to before `to` of a sparse matrix (compressed rows) times a dense matrix. */
export function sparseProduct(
  offsets: usize,
  columns: usize,
  weights: usize,
  from: u32,
  to: u32,
  dense: usize,
  width: u32,
  output: usize,
): void {
  for (let row = from; row < to; row++) {
    const first = load<u32>(offsets + (<usize>row << 2));
    const last = load<u32>(offsets + (<usize>row << 2), 4);
    sumRows(columns, weights, first, last, dense, width, output + <usize>row * (width << 2));
  }
}

/**
 * The same for the rows that a list names, from its place `from` to before `to`: place i of `output` gets the
 * sum divided by its norm, and place i of `norms` the norm (1 for a sum of zeros).
 */
export function poolNormalized(
  offsets: usize,
  columns: usize,
  weights: usize,
  list: usize,
  from: u32,
  to: u32,
  dense: usize,
  width: u32,
  output: usize,
  norms: usize,
): void {
  for (let place = from; place < to; place++) {
    const row = load<u32>(list + (<usize>place << 2));
    const first = load<u32>(offsets + (<usize>row << 2));
    const last = load<u32>(offsets + (<usize>row << 2), 4);
    const target = output + <usize>place * (width << 2);
    sumRows(columns, weights, first, last, dense, width, target);
    store<f32>(norms + (<usize>place << 2), normalizeRow(target, width));
  }
}
