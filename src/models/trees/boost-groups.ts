/**
 * How the bins of a table are laid out for histograms.
 *
 * A group is a byte of a row: one feature, or several whose cells multiply to at most 256, so that one update serves
 * them all. Up to 16 groups make a block, whose rows stand one after another: the histograms of a block fit the
 * processor's first cache.
 */
import type { BoostBins } from "./boost-bins.js";

export interface Group {
  /** Features, with the factor of each in the group's cell. */
  readonly members: readonly { readonly feature: number; readonly cells: number; readonly factor: number }[];
  readonly cells: number;
}

export interface Block {
  readonly groups: readonly Group[];
  /** Cells between the histograms of two groups. */
  readonly step: number;
}

const MOST_GROUPS = 16;
const MOST_CELLS = 256;
/** With fewer rows, taking joined histograms apart costs more than joining saves. */
const ROWS_WORTH_JOINING = 32768;

/** Bytes between two rows of a block: what the kernels of `boost-histogram.ts` go by. */
export function rowBytes(groups: number): number {
  return groups;
}

/** Cells of a feature's histogram: its bins, and one more where values are missing. */
export function cellsOf(bins: BoostBins, feature: number): number {
  return bins.counts[feature] + bins.missing[feature];
}

/** Blocks of groups of the features that are not the same in all rows. */
export function blocksOf(bins: BoostBins): Block[] {
  const features = Array.from(bins.counts.keys()).filter((feature) => cellsOf(bins, feature) > 1);
  features.sort((a, b) => cellsOf(bins, b) - cellsOf(bins, a) || a - b);
  const open: { features: number[]; cells: number }[] = [];
  for (const feature of features) {
    const cells = cellsOf(bins, feature);
    const fit = bins.rows < ROWS_WORTH_JOINING ? undefined : open.find((group) => group.cells * cells <= MOST_CELLS);
    if (fit === undefined) open.push({ features: [feature], cells });
    else {
      fit.features.push(feature);
      fit.cells *= cells;
    }
  }
  open.sort((a, b) => b.cells - a.cells);
  const groups = open.map(({ features, cells }): Group => {
    let factor = 1;
    const members = features.map((feature) => {
      const member = { feature, cells: cellsOf(bins, feature), factor };
      factor *= member.cells;
      return member;
    });
    return { members, cells };
  });
  const blocks = Math.ceil(groups.length / MOST_GROUPS);
  const each = Math.ceil(groups.length / Math.max(1, blocks));
  return Array.from({ length: blocks }, (_, b) => {
    const mine = groups.slice(b * each, (b + 1) * each);
    // Even, so that histograms begin at multiples of 16 bytes.
    return { groups: mine, step: (Math.max(...mine.map((group) => group.cells)) + 1) & ~1 };
  }).filter((block) => block.groups.length > 0);
}
