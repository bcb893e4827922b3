/** Adam, on the rows that a batch touches. */
import { sumRows } from "./sparse";

const meanDecay: f32 = 0.9;
const squareDecay: f32 = 0.999;
const epsilon: f32 = 1e-8;

/**
 * One step of Adam (Kingma and Ba 2015, algorithm 1) on some rows of a table; the others stay as they are,
 * their moments too (as in PyTorch's SparseAdam, but with the bias correction of the row's own steps).
 *
 * @param rows numbers of the rows to move, of which those from place `from` to before `to` are worked on
 * @param offsets for every place, where its entries begin; one more at the end
 * @param texts of every entry, the row of `gradients` that it adds
 * @param weights of every entry, the factor
 * @param means, squares the moments: as many floats as the table
 * @param steps of every row of the table, how often it was moved (u32)
 * @param gradient one row of scratch
 */
export function adamRows(
  rows: usize,
  offsets: usize,
  texts: usize,
  weights: usize,
  from: u32,
  to: u32,
  gradients: usize,
  width: u32,
  table: usize,
  means: usize,
  squares: usize,
  steps: usize,
  learningRate: f32,
  gradient: usize,
): void {
  for (let place = from; place < to; place++) {
    const row = load<u32>(rows + (place << 2));
    const first = load<u32>(offsets + (place << 2));
    const last = load<u32>(offsets + (place << 2), 4);
    sumRows(texts, weights, first, last, gradients, width, gradient);
    const step = load<u32>(steps + (<usize>row << 2)) + 1;
    store<u32>(steps + (<usize>row << 2), step);
    const rate: f32 = learningRate / (<f32>1 - Mathf.pow(meanDecay, <f32>step));
    const squareCorrection: f32 = <f32>1 / (<f32>1 - Mathf.pow(squareDecay, <f32>step));
    moveRow(gradient, <usize>row * (width << 2), width, table, means, squares, rate, squareCorrection);
  }
}

@inline
function moveRow(
  gradient: usize,
  offset: usize,
  width: u32,
  table: usize,
  means: usize,
  squares: usize,
  rate: f32,
  squareCorrection: f32,
): void {
  for (let at: u32 = 0; at < width << 2; at += 16) {
    const slope = v128.load(gradient + at);
    const mean = f32x4.add(
      f32x4.mul(f32x4.splat(meanDecay), v128.load(means + offset + at)),
      f32x4.mul(f32x4.splat(1 - meanDecay), slope),
    );
    const square = f32x4.add(
      f32x4.mul(f32x4.splat(squareDecay), v128.load(squares + offset + at)),
      f32x4.mul(f32x4.splat(1 - squareDecay), f32x4.mul(slope, slope)),
    );
    v128.store(means + offset + at, mean);
    v128.store(squares + offset + at, square);
    const size = f32x4.add(f32x4.sqrt(f32x4.mul(square, f32x4.splat(squareCorrection))), f32x4.splat(epsilon));
    const change = f32x4.div(f32x4.mul(f32x4.splat(rate), mean), size);
    v128.store(table + offset + at, f32x4.sub(v128.load(table + offset + at), change));
  }
}
