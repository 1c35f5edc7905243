import { expect, test } from "vitest";

test("kills of writers and compactors lose nothing and leave nothing half-visible", async () => {
  // The writers are processes of their own, so this suite runs on the build.
  const { torture } = (await import("./torture.mjs" as string)) as { torture(options: { seconds: number }): Promise<{ started: number; ended: number; kills: number; compactorKills: number; faults: string[] }> };
  const result = await torture({ seconds: 7 });
  expect(result.faults).toEqual([]);
  // Without kills and ends, nothing would have been proved.
  expect(result.kills).toBeGreaterThan(5);
  expect(result.compactorKills).toBeGreaterThan(3);
  expect(result.ended).toBeGreaterThan(0);
});
