/** The memory of a process, asked in each of the ways the kernel knows. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { PROBES } from "../../kernel-ext/supervisor/memory-watch.js";

const filled = 200e6;

test.runIf(process.platform === "linux")("both ways see what a process holds, and fail when it is gone", async () => {
  const child = spawn(process.execPath, ["-e", `const held = Buffer.alloc(${filled}, 1); console.log("filled"); setInterval(() => held, 1000)`], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await once(child.stdout, "data");
    const [proc, ps] = await Promise.all([PROBES.proc.residentBytes(child.pid!), PROBES.ps.residentBytes(child.pid!)]);
    expect(proc).toBeGreaterThan(filled);
    expect(Math.abs(proc - ps)).toBeLessThan(20e6);
  } finally {
    child.kill();
    await once(child, "exit");
  }
  await expect(PROBES.proc.residentBytes(child.pid!)).rejects.toThrow();
  await expect(PROBES.ps.residentBytes(child.pid!)).rejects.toThrow();
});
