/** The sidebar: filter, order, list, and the button that compares. */
import type { TranslationBundle } from "@jupyterlab/translation";
import { ReactWidget } from "@jupyterlab/ui-components";
import type { CommandRegistry } from "@lumino/commands";
import type { Message } from "@lumino/messaging";
import type { Filter } from "runlab/format";
import { useEffect, useMemo, useState } from "react";
import { Commands, MOST_RUNS } from "../command-names.js";
import { useVersion } from "../text/use-version.js";
import type { IRunsModel } from "../tokens.js";
import { arrange } from "./arrange.js";
import { EmptyList } from "./empty-list.js";
import { FilterBox } from "./filter-box.js";
import { RunList } from "./run-list.js";
import type { Selection } from "./selection.js";
import { SORTS, sortNamed } from "./sorts.js";

/** The order of the list as it is remembered from one session to the next. */
export interface ListOrder {
  sort: string;
  descending: boolean;
}

export interface SidebarOptions {
  model: IRunsModel;
  selection: Selection;
  commands: CommandRegistry;
  trans: TranslationBundle;
  order: ListOrder;
  /** Called when the user chose another order. */
  onOrder(order: ListOrder): void;
}

export class RunsSidebar extends ReactWidget {
  constructor(private readonly options: SidebarOptions) {
    super();
    this.id = "runlab-sidebar";
    this.addClass("runlab-Sidebar");
  }

  /** The order, when it was read from the settings after the sidebar was made. */
  setOrder(order: ListOrder): void {
    this.options.order = order;
    this.update();
  }

  protected override render(): JSX.Element {
    return <Sidebar {...this.options} />;
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    const list = this.node.querySelector<HTMLElement>("[role=listbox]") ?? this.node.querySelector("input");
    list?.focus();
  }
}

const NO_FILTER: Filter = [];

function Sidebar({ model, selection, commands, trans, order, onOrder }: SidebarOptions): JSX.Element {
  const version = useVersion(model);
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const sort = sortNamed(order.sort);
  const lines = useMemo(
    () => arrange(model.records, { filter, sort, descending: order.descending, folded, now: Date.now() }),
    // The records change with the version.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [version, filter, sort, order.descending, folded],
  );
  const live = useMemo(() => model.records.reduce((sum, record) => sum + (record.status === "running" ? 1 : 0), 0), [model.records]);

  useEffect(() => selection.keep((id) => model.get(id) !== undefined), [model, selection, version]);

  const fold = (id: string, close: boolean): void => {
    const next = new Set(folded);
    if (close) next.add(id);
    else next.delete(id);
    setFolded(next);
  };

  return (
    <>
      <div className="runlab-Sidebar-head">
        <FilterBox onFilter={setFilter} trans={trans} />
        <div className="runlab-Sidebar-bar">
          <span className="runlab-Sidebar-count" aria-live="polite">
            {filter.length > 0 ? trans.__("%1 of %2 runs", lines.length, model.records.length) : trans._n("%1 run", "%1 runs", model.records.length)}
            {live > 0 && <span className="runlab-Sidebar-live">{trans.__("%1 live", live)}</span>}
          </span>
          <select
            aria-label={trans.__("Sort by")}
            value={sort.name}
            onChange={(event) => onOrder({ sort: event.target.value, descending: sortNamed(event.target.value).descending })}
          >
            {SORTS.map((choice) => (
              <option key={choice.name} value={choice.name}>
                {choice.label(trans)}
              </option>
            ))}
          </select>
          <button
            type="button"
            className="runlab-Sidebar-way"
            aria-label={order.descending ? trans.__("Sorted downwards") : trans.__("Sorted upwards")}
            title={order.descending ? trans.__("Largest first") : trans.__("Smallest first")}
            onClick={() => onOrder({ sort: sort.name, descending: !order.descending })}
          >
            {order.descending ? "↓" : "↑"}
          </button>
        </div>
      </div>
      {lines.length > 0 ? (
        <RunList lines={lines} selection={selection} onOpen={() => void commands.execute(selection.ids.length > 1 ? Commands.compareSelected : Commands.openSelected)} onFold={fold} trans={trans} />
      ) : (
        <EmptyList model={model} filtered={filter.length > 0 && model.records.length > 0} trans={trans} />
      )}
      <CompareBar selection={selection} commands={commands} trans={trans} />
    </>
  );
}

function CompareBar({ selection, commands, trans }: { selection: Selection; commands: CommandRegistry; trans: TranslationBundle }): JSX.Element {
  useVersion(selection);
  const count = selection.ids.length;
  const hint =
    count > MOST_RUNS
      ? trans.__("At most %1 runs can be compared", MOST_RUNS)
      : count > 1
        ? ""
        : trans.__("Select two or more to compare");
  return (
    <div className="runlab-Sidebar-foot">
      <span className="runlab-Sidebar-hint">{hint || trans.__("%1 selected", count)}</span>
      <button
        type="button"
        className="jp-mod-styled jp-mod-accept runlab-Sidebar-compare"
        disabled={count < 2 || count > MOST_RUNS}
        onClick={() => void commands.execute(Commands.compareSelected)}
      >
        {trans.__("Compare (%1)", count)}
      </button>
    </div>
  );
}
