/** The command line `runlab`: reads the words, finds the command, prints a mistake as one line. */
import { Command, CommanderError } from "commander";
import { RunlabError } from "../errors.js";
import { plainText } from "../runs/format/text.js";
import { version } from "../runs/store/new-meta.js";
import type { CliCommand } from "./command.js";
import { COMMANDS } from "./table.js";
import { processTerminal, type Terminal } from "./terminal.js";

/** Exit codes: 0 done, 1 a fault of the program, 2 a mistake of the user. */
const FAULT = 1;
const MISTAKE = 2;

/** Runs the command that `words` name (without "node" and the program) and gives the exit code. */
export async function main(words: string[], terminal: Terminal = processTerminal()): Promise<number> {
  const program = new Command("runlab")
    .description("Runs of TypeScript notebooks and scripts: list them, look into them, compare them.")
    .version(version(), "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showSuggestionAfterError();
  for (const command of COMMANDS) program.addCommand(commandOf(command, terminal));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ outputError: () => undefined, getOutHelpWidth: () => terminal.width, writeOut: (text) => terminal.print(text.trimEnd()) });
  }
  if (words.length === 0) {
    terminal.print(program.helpInformation().trimEnd());
    return 0;
  }
  try {
    await program.parseAsync(words, { from: "user" });
    return 0;
  } catch (error) {
    return report(error);
  }
}

function commandOf(row: CliCommand, terminal: Terminal): Command {
  const [name, ...places] = row.usage.split(" ");
  const command = new Command(name).description(row.summary).helpOption("-h, --help", "print this help");
  for (const place of places) command.argument(place);
  for (const { flags, summary } of row.options) command.option(flags, summary);
  if (row.dashedWords) command.allowUnknownOption();
  command.addHelpText("after", `\n${row.examples.length > 1 ? "Examples" : "Example"}:\n${row.examples.map(({ line, does }) => `  ${line}\n      ${does}`).join("\n")}`);
  return command.action(async () => {
    const words = command.args;
    // `-draft` is a word of a filter; `--jsno` is a slip of the finger.
    const slip = words.find((word) => word.startsWith("--"));
    if (row.dashedWords && slip !== undefined) throw new RunlabError("there is no such option", { received: slip, allowed: row.options.map((option) => option.flags.split(" ")[0]).join(", ") });
    await row.run(words, command.opts(), terminal);
  });
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    complain(error.message.replace(/^error: /, "").replaceAll("\n", " "));
    return MISTAKE;
  }
  if (error instanceof RunlabError) {
    complain(error.message);
    return MISTAKE;
  }
  complain(`this is a fault of runlab, not of yours: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, false);
  return FAULT;
}

function complain(text: string, oneLine = true): void {
  process.stderr.write(`runlab: ${oneLine ? plainText(text) : text}\n`);
}
