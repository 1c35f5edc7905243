/** A run card in the output of a cell. It is drawn from data alone, also in a notebook nobody trusts; its buttons only show. */
import type { TranslationBundle } from "@jupyterlab/translation";
import { ReactWidget } from "@jupyterlab/ui-components";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { formatDuration, formatNumber, formatValue, own, plainText, RUN_CARD_MIME, type RunCard } from "runlab/format";
import { isRunId } from "../model/read-record.js";
import type { IRunsModel } from "../tokens.js";
import { StatusPill } from "../text/status-mark.js";
import { useNow } from "../text/use-now.js";
import { useVersion } from "../text/use-version.js";
import { readCard } from "./read-card.js";

export interface CardActions {
  model: IRunsModel;
  trans: TranslationBundle;
  /** Both take the card's store as the card names it. */
  onOpen(id: string, store: string, notebook: string): void;
  onCompare(ids: [string, string], store: string, notebook: string): void;
}

/** Metrics beyond these are on the run's page. */
const MOST_METRICS = 8;

export class RunCardRenderer extends ReactWidget implements IRenderMime.IRenderer {
  private card: RunCard | null = null;

  constructor(
    private readonly actions: CardActions,
    /** Path of the notebook the card is in. */
    private readonly notebook: string,
  ) {
    super();
    this.addClass("runlab-CardOutput");
  }

  /** Called again with new data while the run is live. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.card = readCard(model.data[RUN_CARD_MIME]);
    this.update();
    await this.renderPromise;
  }

  protected override render(): JSX.Element {
    if (this.card === null) return <div className="runlab-Note">{this.actions.trans.__("This run card cannot be read.")}</div>;
    return <Card card={this.card} actions={this.actions} notebook={this.notebook} />;
  }
}

function Card({ card, actions, notebook }: { card: RunCard; actions: CardActions; notebook: string }): JSX.Element {
  const { model, trans, onOpen, onCompare } = actions;
  useVersion(model);
  // A card stays as the kernel last drew it; when the kernel is gone, the store knows better.
  const known = card.status === "running" ? model.get(card.id) : undefined;
  const status = known?.status ?? card.status;
  const live = status === "running";
  const now = useNow(live ? 1 : 3600);
  const started = Date.parse(card.started_at);
  const duration = known?.duration_ms ?? card.duration_ms ?? (live && !Number.isNaN(started) ? Math.max(0, now - started) : null);
  const metrics = Object.entries(card.metrics);
  const flags = Object.entries(card.flags).filter(([name]) => name !== "seed");
  return (
    <div className="runlab-Card" data-status={status}>
      <div className="runlab-Card-head">
        <span className="runlab-Card-name">{plainText(card.name || card.id)}</span>
        <StatusPill status={status} trans={trans} />
        <span className="runlab-Card-facts">
          {trans.__("seed")} {card.seed}
          {card.seed_drawn && ` (${trans.__("drawn")})`}
          {duration !== null && ` · ${formatDuration(duration)}`}
          {live && card.history_points > 0 && ` · ${trans._n("%1 point", "%1 points", card.history_points)}`}
        </span>
        <span className="runlab-Card-buttons">
          {isRunId(card.previous) && (
            <button type="button" onClick={() => onCompare([card.previous!, card.id], card.store, notebook)}>
              {trans.__("Compare with previous")}
            </button>
          )}
          {isRunId(card.id) && (
            <button type="button" onClick={() => onOpen(card.id, card.store, notebook)}>
              {trans.__("Open run")}
            </button>
          )}
        </span>
      </div>
      {metrics.length > 0 && (
        <div className="runlab-Card-metrics">
          {metrics.slice(0, MOST_METRICS).map(([name, value]) => (
            <span key={name} className="runlab-Card-metric" data-main={name === card.main_metric} title={directionNote(own(card.metric_directions, name), trans)}>
              <span className="runlab-Card-value">{formatNumber(value)}</span>
              <span className="runlab-Card-label">{plainText(name)}</span>
            </span>
          ))}
          {metrics.length > MOST_METRICS && <span className="runlab-Muted">{trans.__("and %1 more", metrics.length - MOST_METRICS)}</span>}
        </div>
      )}
      {flags.length > 0 && (
        <div className="runlab-Card-flags">
          {flags.map(([name, value]) => (
            <span key={name} className="runlab-Card-flag">
              {plainText(name)} <b>{plainText(formatValue(value))}</b>
            </span>
          ))}
        </div>
      )}
      {card.error && (
        <div className="runlab-Card-error">
          {plainText(card.error.name)}: {plainText(card.error.message)}
        </div>
      )}
    </div>
  );
}

const directionNote = (greaterIsBetter: boolean | undefined, trans: TranslationBundle): string | undefined =>
  greaterIsBetter === undefined ? undefined : greaterIsBetter ? trans.__("more is better") : trans.__("less is better");
