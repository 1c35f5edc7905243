/** Reads a view's runs again while one of them is live: at once when the index moves, else every so often. */
import type { IDisposable } from "@lumino/disposable";
import type { Widget } from "@lumino/widgets";
import type { IRunsModel } from "../tokens.js";

/** Seconds between two looks at a live run of a store that the sidebar does not follow. */
const SECONDS = 3;
/** A run that reports a thousand times a second is read this often: milliseconds. */
const REST = 500;

export class LiveReload implements IDisposable {
  isDisposed = false;
  private following = false;
  private busy = false;
  private again = false;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly view: Widget,
    private readonly model: IRunsModel,
    private readonly root: string,
    private readonly load: () => Promise<void>,
  ) {
    model.changed.connect(this.moved, this);
    this.timer = setInterval(() => {
      if (this.following && this.view.isVisible && !document.hidden) void this.reload();
    }, SECONDS * 1000);
  }

  /** Whether any of the runs can still change. */
  follow(live: boolean): void {
    this.following = live;
  }

  dispose(): void {
    this.isDisposed = true;
    clearInterval(this.timer);
    this.model.changed.disconnect(this.moved, this);
  }

  private moved(): void {
    if (this.following && this.model.root === this.root) void this.reload();
  }

  private async reload(): Promise<void> {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      await this.load();
      await new Promise((rest) => setTimeout(rest, REST));
    } finally {
      this.busy = false;
    }
    if (this.again && !this.isDisposed) {
      this.again = false;
      await this.reload();
    }
  }
}
