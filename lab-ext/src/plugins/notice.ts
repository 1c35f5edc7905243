/** A note in the corner for work that takes long enough to wonder about. */
import { Notification } from "@jupyterlab/apputils";

const MILLISECONDS = 1500;

/** Says what is going on while `work` takes longer than a moment. */
export function noticeWhenSlow(work: Promise<unknown>, message: string): void {
  let note: string | undefined;
  const timer = setTimeout(() => {
    note = Notification.emit(message, "in-progress", { autoClose: false });
  }, MILLISECONDS);
  void work.finally(() => {
    clearTimeout(timer);
    if (note !== undefined) Notification.dismiss(note);
  });
}
