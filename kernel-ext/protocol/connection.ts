/** The connection file that Jupyter hands to a kernel. */
import { readFileSync } from "node:fs";

export interface Connection {
  transport: string;
  ip: string;
  shell_port: number;
  control_port: number;
  stdin_port: number;
  iopub_port: number;
  hb_port: number;
  key: string;
  signature_scheme: string;
  /** Present when the client encrypts the transport (ZeroMQ CURVE, Z85 text). */
  curve_publickey?: string;
  curve_secretkey?: string;
}

const PORTS = ["shell_port", "control_port", "stdin_port", "iopub_port", "hb_port"] as const;

/** Throws one clear line when the file cannot be used. */
export function readConnection(file: string): Connection {
  let json: Partial<Connection>;
  try {
    json = JSON.parse(readFileSync(file, "utf8")) as Partial<Connection>;
  } catch (error) {
    throw new Error(`the connection file ${file} cannot be read: ${(error as Error).message}`);
  }
  for (const port of PORTS) {
    if (!Number.isInteger(json[port])) throw new Error(`the connection file ${file} has no ${port}`);
  }
  const scheme = json.signature_scheme ?? "hmac-sha256";
  if (!scheme.startsWith("hmac-")) throw new Error(`signature scheme ${scheme} is not known; allowed: hmac-sha256`);
  return { ...json, transport: json.transport ?? "tcp", ip: json.ip ?? "127.0.0.1", key: json.key ?? "", signature_scheme: scheme } as Connection;
}

export const address = (connection: Connection, port: number): string =>
  connection.transport === "ipc" ? `ipc://${connection.ip}-${port}` : `${connection.transport}://${connection.ip}:${port}`;
