// `npm start`: installs what is missing, then opens JupyterLab on the first lab.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { parseArgs } from "node:util";
import { everything } from "./steps.mjs";
import { root, SetupError, venvBin } from "./step.mjs";

const FIRST_LAB = "notebooks/week-01-first-run.ipynb";
const HELP = `npm start -- [--no-browser] [--port N] [NOTEBOOK]

Installs what is missing (quick the second time) and opens JupyterLab on ${FIRST_LAB}.
  --no-browser  print the address instead of opening a browser
  --port N      the port; the first free one from 8888 on when not given`;

function options() {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { "no-browser": { type: "boolean" }, port: { type: "string" }, help: { type: "boolean", short: "h" } } });
    const port = values.port === undefined ? null : Number(values.port);
    if (port !== null && !(Number.isInteger(port) && port > 0 && port < 65536)) throw new Error(`--port takes a number from 1 to 65535; received ${values.port}`);
    if (positionals.length > 1) throw new Error(`one notebook at the most; received ${positionals.join(" ")}`);
    return { browser: !values["no-browser"], port, help: values.help, notebook: positionals[0] ?? FIRST_LAB };
  } catch (error) {
    throw new SetupError(`${error.message}\n${HELP}`);
  }
}

const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

async function choosePort(wanted) {
  if (wanted !== null) {
    if (!(await isFree(wanted))) throw new SetupError(`Port ${wanted} is in use: choose another with --port N.`);
    return wanted;
  }
  for (let port = 8888; port < 8988; port++) if (await isFree(port)) return port;
  throw new SetupError("No free port from 8888 to 8987: choose one with --port N.");
}

async function untilAnswering(url, child) {
  while (child.exitCode === null) {
    try {
      if ((await fetch(url)).ok) return true;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return false;
}

async function main() {
  const { browser, port: wanted, help, notebook } = options();
  if (help) return console.log(HELP);
  await everything();
  const port = await choosePort(wanted);
  const token = process.env.JUPYTER_TOKEN || randomBytes(24).toString("hex");
  const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
  const child = spawn(
    venvBin("jupyter-lab"),
    [notebook, `--ServerApp.root_dir=${root}`, `--port=${port}`, "--ServerApp.port_retries=0", ...(browser ? [] : ["--no-browser"]), ...asRoot],
    { cwd: root, stdio: ["inherit", "pipe", "pipe"], env: { ...process.env, JUPYTER_TOKEN: token } },
  );
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (log = (log + data).slice(-8000)));
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill("SIGTERM"));
  child.on("close", (code) => {
    if (code) console.error(`JupyterLab ended with ${code}\n${log.trim()}`);
    process.exit(code ?? 0);
  });
  const address = `http://localhost:${port}`;
  if (await untilAnswering(`http://127.0.0.1:${port}/api`, child)) {
    console.log(`JupyterLab is ready: ${address}/lab/tree/${notebook}?token=${token}`);
    console.log("Stop it with Ctrl+C.");
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exit(1);
}
