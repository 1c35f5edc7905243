/** The commands of the extension, by name: what menus, shortcuts and other extensions call. */
export const Commands = {
  /** Shows the sidebar. */
  show: "runlab:show-runs",
  /** Compares `ids`, of `store` or of the store in the sidebar. */
  compare: "runlab:compare",
  compareSelected: "runlab:compare-selected",
  compareLast: "runlab:compare-last",
  /** Opens the page of run `id`, of `store` or of the store in the sidebar. */
  open: "runlab:open-run",
  openSelected: "runlab:open-selected",
  refresh: "runlab:refresh",
  copyId: "runlab:copy-id",
} as const;

/** More columns than this cannot be told apart. */
export const MOST_RUNS = 8;
