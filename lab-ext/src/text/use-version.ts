/** Redraws a component when something it shows has changed. */
import type { ISignal } from "@lumino/signaling";
import { useCallback, useSyncExternalStore } from "react";

interface Versioned<T> {
  readonly version: number;
  readonly changed: ISignal<T, void>;
}

/** The version of a model, and a new drawing whenever it goes up. */
export function useVersion<T extends Versioned<T>>(model: Versioned<T>): number {
  const subscribe = useCallback(
    (redraw: () => void) => {
      model.changed.connect(redraw);
      return () => {
        model.changed.disconnect(redraw);
      };
    },
    [model],
  );
  return useSyncExternalStore(subscribe, () => model.version);
}
