/** Which runs are selected and which line has the keyboard. Knows ids and their order on the screen, nothing of drawing. */
import { Signal } from "@lumino/signaling";

/** How a click or a key changes a selection. */
export type Gesture = "only" | "toggle" | "range";

export class Selection {
  readonly changed = new Signal<this, void>(this);
  version = 0;
  /** In the order in which they were selected. */
  ids: readonly string[] = [];
  /** The line the keyboard is on. */
  active: string | null = null;
  /** Where a range begins. */
  private anchor: string | null = null;
  private members: ReadonlySet<string> = new Set();

  has(id: string): boolean {
    return this.members.has(id);
  }

  /** @param order ids of all lines from top to bottom; needed for a range */
  pick(id: string, gesture: Gesture, order: readonly string[]): void {
    if (gesture === "range" && this.anchor !== null) {
      const from = order.indexOf(this.anchor);
      const to = order.indexOf(id);
      if (from >= 0 && to >= 0) {
        const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
        this.set(from <= to ? range : range.reverse(), id);
        return;
      }
    }
    if (gesture === "toggle") this.set(this.has(id) ? this.ids.filter((other) => other !== id) : [...this.ids, id], id);
    else this.set([id], id);
    this.anchor = id;
  }

  /** Moves the keyboard without selecting. */
  move(id: string): void {
    this.set(this.ids, id);
  }

  all(order: readonly string[]): void {
    this.set([...order], this.active);
  }

  clear(): void {
    this.anchor = null;
    this.set([], this.active);
  }

  /** Forgets runs that are gone. */
  keep(exists: (id: string) => boolean): void {
    const ids = this.ids.filter(exists);
    const active = this.active !== null && exists(this.active) ? this.active : null;
    if (ids.length !== this.ids.length || active !== this.active) this.set(ids, active);
  }

  private set(ids: readonly string[], active: string | null): void {
    if (ids !== this.ids) this.members = new Set(ids);
    this.ids = ids;
    this.active = active;
    this.version += 1;
    this.changed.emit();
  }
}
