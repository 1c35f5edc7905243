/** `prompt(text)`: asks the user and waits, with the thread held, as `prompt` does in a browser. */
import { Interrupted } from "./breakable.js";
import { currentCell } from "./cells.js";
import { readAnswer, send } from "./channel.js";
import { flushDisplays } from "./display.js";

export interface PromptOptions {
  /** Hides what is typed. */
  password?: boolean;
}

/** @throws when the frontend cannot ask (a notebook that is run without a user). */
export function prompt(text: unknown = "", options: PromptOptions = {}): string {
  flushDisplays();
  send(currentCell(), { type: "prompt", text: String(text), password: options.password === true });
  const answer = readAnswer();
  if ("value" in answer) return answer.value;
  if ("refused" in answer) throw new Error(answer.refused);
  throw new Interrupted();
}
