/** What stands in place of the list when there is nothing to list: always what to do next. */
import type { TranslationBundle } from "@jupyterlab/translation";
import type { IRunsModel } from "../tokens.js";

export function EmptyList({ model, filtered, trans }: { model: IRunsModel; filtered: boolean; trans: TranslationBundle }): JSX.Element {
  if (model.state === "looking") return <div className="runlab-Empty">{trans.__("Looking for runs…")}</div>;
  if (model.state === "failed") {
    return (
      <div className="runlab-Empty" role="alert">
        <strong>{trans.__("The runs cannot be read now")}</strong>
        <p>{model.problem}</p>
        <p>{trans.__("Trying again by itself.")}</p>
      </div>
    );
  }
  if (filtered) {
    return (
      <div className="runlab-Empty">
        <strong>{trans.__("No run matches")}</strong>
        <p>{trans.__("Take something out of the filter to see more.")}</p>
      </div>
    );
  }
  return (
    <div className="runlab-Empty">
      <strong>{trans.__("No runs yet")}</strong>
      <p>{trans.__("Run a cell that begins with")}</p>
      <code>%%run forest --seed 42</code>
      <p>{model.root === null ? trans.__("and it is listed here. The list follows the notebook you are in.") : trans.__("and it is listed here.")}</p>
    </div>
  );
}
