/** The one product of matrices that the job needs, in double precision and in a fixed order of additions. */

/** Rows of the left and of the right matrix that are multiplied together: eight sums for six loads. */
const tileRows = 2;
const tileColumns = 4;

/**
 * A times B transposed: output[i, j] += sum over k of left[i, k] * right[j, k], added up in the order of k.
 *
 * Both matrices are read along their rows, the left one over and over: it should fit into a core's cache.
 *
 * @param left leftRows x inner values
 * @param right rightRows x inner values
 * @param output leftRows x rightRows values, which the products are added to
 * @param upperOnly whether what lies below the diagonal may be left out
 */
export function addProductTransposed(
  left: Float64Array,
  right: Float64Array,
  inner: number,
  output: Float64Array,
  upperOnly = false,
): void {
  const leftRows = left.length / inner;
  const rightRows = right.length / inner;
  const tiledRows = leftRows - (leftRows % tileRows);
  const tiledColumns = rightRows - (rightRows % tileColumns);
  for (let j = 0; j < tiledColumns; j += tileColumns) {
    const end = upperOnly ? Math.min(tiledRows, j + tileColumns) : tiledRows;
    for (let i = 0; i < end; i += tileRows) addTile(left, right, inner, output, rightRows, i, j);
  }
  for (let i = 0; i < leftRows; i++) {
    for (let j = i < tiledRows ? tiledColumns : 0; j < rightRows; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += left[i * inner + k]! * right[j * inner + k]!;
      output[i * rightRows + j]! += sum;
    }
  }
}

function addTile(
  left: Float64Array,
  right: Float64Array,
  inner: number,
  output: Float64Array,
  rightRows: number,
  i: number,
  j: number,
): void {
  let sum00 = 0;
  let sum01 = 0;
  let sum02 = 0;
  let sum03 = 0;
  let sum10 = 0;
  let sum11 = 0;
  let sum12 = 0;
  let sum13 = 0;
  const left0 = i * inner;
  const left1 = left0 + inner;
  const right0 = j * inner;
  const right1 = right0 + inner;
  const right2 = right1 + inner;
  const right3 = right2 + inner;
  for (let k = 0; k < inner; k++) {
    const a0 = left[left0 + k]!;
    const a1 = left[left1 + k]!;
    const b0 = right[right0 + k]!;
    const b1 = right[right1 + k]!;
    const b2 = right[right2 + k]!;
    const b3 = right[right3 + k]!;
    sum00 += a0 * b0;
    sum01 += a0 * b1;
    sum02 += a0 * b2;
    sum03 += a0 * b3;
    sum10 += a1 * b0;
    sum11 += a1 * b1;
    sum12 += a1 * b2;
    sum13 += a1 * b3;
  }
  const at0 = i * rightRows + j;
  const at1 = at0 + rightRows;
  output[at0]! += sum00;
  output[at0 + 1]! += sum01;
  output[at0 + 2]! += sum02;
  output[at0 + 3]! += sum03;
  output[at1]! += sum10;
  output[at1 + 1]! += sum11;
  output[at1 + 2]! += sum12;
  output[at1 + 3]! += sum13;
}
