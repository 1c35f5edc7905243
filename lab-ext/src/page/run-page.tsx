/** The page of one run: everything its folder says, in the order one asks for it. */
import type { TranslationBundle } from "@jupyterlab/translation";
import { Clipboard } from "@jupyterlab/apputils";
import { type ConfigValue, formatDuration, formatNumber, formatValue, own, plainText, type RunDocument } from "runlab/format";
import { type ReactNode, useState } from "react";
import { Chart } from "../chart/chart.js";
import { allPositive, type CurveSeries, curveSpec } from "../chart/curve-spec.js";
import { StatusPill } from "../text/status-mark.js";
import type { PanelServices } from "../tokens.js";
import { isOwnRecord, type LoadedRun } from "../model/run-folder.js";
import { CodeView } from "./code-view.js";
import { Facts } from "./facts.js";
import { showBytes } from "../text/show-bytes.js";
import { curvesOf } from "./curves-of.js";

interface RunPageProps {
  run: LoadedRun;
  services: PanelServices;
  /** Opens a file of the run's folder. */
  onFile(path: string): void;
  onRun(id: string): void;
  onNotebook(path: string): void;
}

export function RunPage({ run: { document, files }, services, onFile, onRun, onNotebook }: RunPageProps): JSX.Element {
  const { trans } = services;
  const { meta, config, metrics, inputs, environment } = document;
  const curves = curvesOf(document.history);
  const plots = Object.entries(document.plots);
  return (
    <>
      <Head document={document} trans={trans} onRun={onRun} onNotebook={onNotebook} />
      {meta.error && (
        <section className="runlab-Error" role="alert">
          <strong>
            {plainText(meta.error.name)}: {plainText(meta.error.message)}
          </strong>
          {meta.error.traceback.length > 0 && <pre>{meta.error.traceback.map(withoutColours).join("\n")}</pre>}
        </section>
      )}
      <Part title={trans.__("Metrics")} empty={metrics.length === 0 && Object.keys(meta.metrics).length === 0 ? trans.__("None yet: log({ accuracy }), evaluate(model, test), or an object of numbers as the last line of the cell.") : null}>
        <div className="runlab-Tiles">
          {Object.entries(meta.metrics).map(([name, value]) => (
            <div key={name} className="runlab-Tile" data-main={name === meta.main_metric}>
              <span className="runlab-Tile-value" title={String(value)}>
                {formatNumber(value)}
              </span>
              <span className="runlab-Tile-name">{plainText(name)}</span>
              <span className="runlab-Tile-note">{direction(own(meta.metric_directions, name), trans)}</span>
            </div>
          ))}
        </div>
      </Part>
      {curves.length > 0 && (
        <Part title={trans.__("Curves")}>
          <Curves curves={curves} services={services} />
        </Part>
      )}
      <Part title={trans.__("Config")} empty={Object.keys(config.flags).length === 0 && config.steps.length === 0 ? trans.__("No flags were given and no step was recorded.") : null}>
        {Object.keys(config.flags).length > 0 && <Facts rows={Object.entries(config.flags).map(([name, value]) => [plainText(name), mono(value)])} />}
        {config.steps.map((step, i) => (
          <details key={i} open={step.chosen.length > 0}>
            <summary>
              {plainText(step.step)} <span className="runlab-Muted">{trans._n("%1 option", "%1 options", Object.keys(step.params).length)}</span>
            </summary>
            <Facts
              rows={Object.entries(step.params).map(([name, value]) => [
                plainText(name),
                <span key={name} data-implicit={!step.chosen.includes(name)} title={step.chosen.includes(name) ? undefined : trans.__("a default, not chosen")}>
                  {mono(value)}
                </span>,
              ])}
            />
          </details>
        ))}
      </Part>
      <Part title={trans.__("Data")} empty={inputs.length === 0 ? trans.__("No file was read.") : null}>
        <table className="runlab-Table runlab-Table-plain">
          <thead>
            <tr>
              <th scope="col">{trans.__("file")}</th>
              <th scope="col">{trans.__("role")}</th>
              <th scope="col" className="runlab-Number">{trans.__("rows")}</th>
              <th scope="col" className="runlab-Number">{trans.__("columns")}</th>
              <th scope="col" className="runlab-Number">{trans.__("size")}</th>
              <th scope="col">sha256</th>
            </tr>
          </thead>
          <tbody>
            {inputs.map((input) => (
              <tr key={`${input.path} ${input.sha256}`}>
                <td>{plainText(input.path)}</td>
                <td>{plainText(input.role)}</td>
                <td className="runlab-Number">{input.rows?.toLocaleString("en-US")}</td>
                <td className="runlab-Number">{input.columns}</td>
                <td className="runlab-Number">{showBytes(input.bytes)}</td>
                <td className="runlab-Mono" title={input.sha256}>
                  {String(input.sha256).slice(0, 12)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Part>
      {document.code["cell.ts"] !== undefined && (
        <Part title={trans.__("Code")}>
          <CodeView text={document.code["cell.ts"]} languages={services.languages} />
        </Part>
      )}
      {plots.length > 0 && (
        <Part title={trans.__("Plots")}>
          <div className="runlab-Plots-row">
            {plots.map(([name, spec]) => (
              <figure key={name} className="runlab-Plots-one">
                <figcaption>{plainText(name)}</figcaption>
                <Chart spec={spec} label={plainText(name)} services={services} />
              </figure>
            ))}
          </div>
        </Part>
      )}
      <Part title={trans.__("Environment")} empty={environment === null ? trans.__("Not recorded yet.") : null}>
        {environment && (
          <Facts
            rows={[
              ["node", `${environment.node} (V8 ${environment.v8})`],
              [trans.__("platform"), `${environment.platform} ${environment.arch}`],
              [trans.__("processor"), `${environment.cpu}, ${environment.cores}`],
              ...(environment.kernel ? [[trans.__("kernel"), `${environment.kernel.name} ${environment.kernel.version}, ${environment.kernel.engine}`] as const] : []),
              ...Object.entries(environment.packages).map(([name, version]) => [plainText(name), plainText(version)] as const),
              ...(meta.git ? [["git", `${plainText(meta.git.commit).slice(0, 12)}${meta.git.branch ? ` (${plainText(meta.git.branch)})` : ""}${meta.git.dirty ? `, ${trans.__("with uncommitted changes")}` : ""}`] as const] : []),
            ]}
          />
        )}
      </Part>
      {Object.keys(meta.fields).length > 0 && (
        <Part title={trans.__("Fields")}>
          <Facts rows={Object.entries(meta.fields).map(([name, value]) => [plainText(name), mono(value as ConfigValue)])} />
        </Part>
      )}
      <Part title={trans.__("Files")}>
        <ul className="runlab-Files">
          {files
            .filter((file) => !isOwnRecord(file.path) || meta.status === "running")
            .map((file) => (
              <li key={file.path}>
                <button type="button" onClick={() => onFile(file.path)}>
                  {plainText(file.path)}
                </button>
                <span className="runlab-Muted">{showBytes(file.bytes)}</span>
              </li>
            ))}
        </ul>
      </Part>
    </>
  );
}

function Head({ document: { meta }, trans, onRun, onNotebook }: { document: RunDocument; trans: TranslationBundle; onRun(id: string): void; onNotebook(path: string): void }): JSX.Element {
  const started = new Date(meta.started_at);
  return (
    <header className="runlab-Page-head">
      <h1>
        {plainText(meta.name || meta.id)} <StatusPill status={meta.status} trans={trans} />
      </h1>
      <Command text={meta.command} trans={trans} />
      <Facts
        rows={[
          [trans.__("seed"), `${meta.seed}${meta.seed_drawn ? ` (${trans.__("drawn")})` : ""}`],
          [trans.__("started"), Number.isNaN(started.getTime()) ? plainText(meta.started_at) : started.toLocaleString()],
          ...(meta.duration_ms === null ? [] : [[trans.__("duration"), formatDuration(meta.duration_ms)] as const]),
          ...(meta.peak_memory_bytes === null ? [] : [[trans.__("peak memory"), showBytes(meta.peak_memory_bytes)] as const]),
          ...(meta.notebook === null
            ? []
            : [
                [
                  trans.__("notebook"),
                  <button key="notebook" type="button" className="runlab-Link" onClick={() => onNotebook(meta.notebook!.path)}>
                    {plainText(meta.notebook.path)}
                  </button>,
                ] as const,
              ]),
          ...(meta.parent === null
            ? []
            : [
                [
                  trans.__("inside of"),
                  <button key="parent" type="button" className="runlab-Link" onClick={() => onRun(meta.parent!)}>
                    {plainText(meta.parent)}
                  </button>,
                ] as const,
              ]),
          ...(meta.tags.length === 0 ? [] : [[trans.__("tags"), meta.tags.map(plainText).join(", ")] as const]),
          ["id", <span key="id" className="runlab-Mono">{plainText(meta.id)}</span>],
        ]}
      />
    </header>
  );
}

/** The line that does it again; a click copies it, nothing runs it. */
function Command({ text, trans }: { text: string; trans: TranslationBundle }): JSX.Element | null {
  const [copied, setCopied] = useState(false);
  if (text === "") return null;
  return (
    <div className="runlab-Command">
      <code>{plainText(text)}</code>
      <button
        type="button"
        title={trans.__("Copy the command")}
        onClick={() => {
          Clipboard.copyToSystem(text);
          setCopied(true);
          setTimeout(() => setCopied(false), 1500);
        }}
      >
        {copied ? trans.__("Copied") : trans.__("Copy")}
      </button>
    </div>
  );
}

function Part({ title, empty = null, children }: { title: string; empty?: string | null; children: ReactNode }): JSX.Element {
  return (
    <section className="runlab-Section">
      <h2>{title}</h2>
      {empty === null ? children : <p className="runlab-Note">{empty}</p>}
    </section>
  );
}

function Curves({ curves, services }: { curves: readonly { name: string; series: readonly CurveSeries[] }[]; services: PanelServices }): JSX.Element {
  const { trans } = services;
  const [logarithmic, setLogarithmic] = useState(false);
  return (
    <>
      {curves.some(({ series }) => allPositive(series)) && (
        <label className="runlab-Curves-log">
          <input type="checkbox" checked={logarithmic} onChange={(event) => setLogarithmic(event.target.checked)} />
          {trans.__("log scale")}
        </label>
      )}
      <div className="runlab-Curves">
        {curves.map(({ name, series }) => (
          <figure key={name}>
            <figcaption>{plainText(name)}</figcaption>
            <Chart spec={curveSpec(name, series, [""], logarithmic && allPositive(series))} label={trans.__("%1 over steps", plainText(name))} services={services} />
          </figure>
        ))}
      </div>
    </>
  );
}

const mono = (value: ConfigValue): JSX.Element => <span className="runlab-Mono">{plainText(formatValue(value))}</span>;

const direction = (greaterIsBetter: boolean | undefined, trans: TranslationBundle): string =>
  greaterIsBetter === undefined ? "" : greaterIsBetter ? trans.__("more is better") : trans.__("less is better");

/** A traceback line without terminal colours. */
// eslint-disable-next-line no-control-regex
const withoutColours = (line: string): string => line.replace(/\u001b\[[0-9;]*m/g, "").split("\n").map(plainText).join("\n");
