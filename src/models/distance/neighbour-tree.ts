/**
 * Rows in leaves of neighbours, so that a search looks at few of them.
 */

/** Rows in an order in which each leaf is a stretch. */
export interface NeighbourTree {
  /** Row numbers, leaf after leaf. */
  readonly order: Int32Array;
  /** Where each leaf begins; the last is the number of rows. */
  readonly starts: Int32Array;
}

/**
 * Halves the rows again and again at the median of the column in which they spread most (J. L. Bentley, 1975), until a leaf
 * holds no more than `leafRows`. Equal values are divided by row number, so that the tree depends on nothing else.
 *
 * @param values row after row: of a row that is looked at, all columns are.
 */
export function neighbourTree(rows: number, columns: number, values: Float64Array, leafRows: number): NeighbourTree {
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  const starts: number[] = [];
  const keys = new Float64Array(rows);
  const lows = new Float64Array(columns);
  const highs = new Float64Array(columns);
  const divide = (from: number, to: number): void => {
    const widest = to - from > leafRows ? widestColumn(values, order, from, to, lows, highs) : -1;
    if (widest < 0) {
      starts.push(from);
      order.subarray(from, to).sort();
      return;
    }
    const middle = (from + to) >> 1;
    for (let i = from; i < to; i++) keys[i] = values[order[i] * columns + widest];
    selectRows(order, keys, from, to - 1, middle);
    divide(from, middle);
    divide(middle, to);
  };
  if (rows > 0) divide(0, rows);
  return { order, starts: Int32Array.from([...starts, rows]) };
}

/** The column of the greatest range; -1 when all rows are the same. */
function widestColumn(values: Float64Array, order: Int32Array, from: number, to: number, lows: Float64Array, highs: Float64Array): number {
  const columns = lows.length;
  lows.fill(Infinity);
  highs.fill(-Infinity);
  for (let i = from; i < to; i++) {
    const at = order[i] * columns;
    for (let c = 0; c < columns; c++) {
      const value = values[at + c];
      if (value < lows[c]) lows[c] = value;
      if (value > highs[c]) highs[c] = value;
    }
  }
  let widest = -1;
  let most = 0;
  for (let c = 0; c < columns; c++) {
    if (highs[c] - lows[c] > most) {
      most = highs[c] - lows[c];
      widest = c;
    }
  }
  return widest;
}

/** Puts the row of that rank in its place, smaller ones before it (Hoare's selection), by key and then by number. */
function selectRows(order: Int32Array, keys: Float64Array, low: number, high: number, rank: number): void {
  while (low < high) {
    const pivot = keys[(low + high) >> 1];
    const row = order[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (keys[i] < pivot || (keys[i] === pivot && order[i] < row)) i++;
      while (keys[j] > pivot || (keys[j] === pivot && order[j] > row)) j--;
      if (i > j) break;
      const key = keys[i];
      keys[i] = keys[j];
      keys[j] = key;
      const held = order[i];
      order[i++] = order[j];
      order[j--] = held;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else return;
  }
}
