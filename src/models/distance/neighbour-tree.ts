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
 * @param column the values of a column.
 */
export function neighbourTree(rows: number, columns: number, column: (c: number) => Float64Array, leafRows: number): NeighbourTree {
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  const starts: number[] = [];
  const all = Array.from({ length: columns }, (_, c) => column(c));
  const divide = (from: number, to: number): void => {
    const widest = to - from > leafRows ? widestColumn(all, order, from, to) : -1;
    if (widest < 0) {
      starts.push(from);
      order.subarray(from, to).sort();
      return;
    }
    const middle = (from + to) >> 1;
    selectRows(order, all[widest], from, to - 1, middle);
    divide(from, middle);
    divide(middle, to);
  };
  if (rows > 0) divide(0, rows);
  return { order, starts: Int32Array.from([...starts, rows]) };
}

/** The column of the greatest range; -1 when all rows are the same. */
function widestColumn(columns: readonly Float64Array[], order: Int32Array, from: number, to: number): number {
  let widest = -1;
  let most = 0;
  columns.forEach((values, c) => {
    let low = values[order[from]];
    let high = low;
    for (let i = from + 1; i < to; i++) {
      const value = values[order[i]];
      if (value < low) low = value;
      else if (value > high) high = value;
    }
    if (high - low > most) {
      most = high - low;
      widest = c;
    }
  });
  return widest;
}

/** Puts the row of that rank in its place, smaller ones before it (Hoare's selection), by value and then by number. */
function selectRows(order: Int32Array, values: Float64Array, low: number, high: number, rank: number): void {
  const before = (a: number, b: number): boolean => values[a] < values[b] || (values[a] === values[b] && a < b);
  while (low < high) {
    const pivot = order[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (before(order[i], pivot)) i++;
      while (before(pivot, order[j])) j--;
      if (i > j) break;
      const held = order[i];
      order[i++] = order[j];
      order[j--] = held;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else return;
  }
}
