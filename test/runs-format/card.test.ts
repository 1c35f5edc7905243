import { describe, expect, test } from "vitest";
import { RUN_CARD_MIME, runCardBundle, type RunCard } from "runlab/format";

const card: RunCard = {
  id: "2026-11-21T10-15-30Z__forest__seed42__k3f9",
  name: "forest",
  status: "finished",
  store: "../models",
  seed: 42,
  seed_drawn: true,
  started_at: "2026-11-21T10:15:30.000Z",
  duration_ms: 1234,
  main_metric: "accuracy",
  metrics: { accuracy: 0.9706, rmse: 12.3456789 },
  metric_directions: { accuracy: true },
  flags: { n_estimators: 200, sizes: [1, 2] },
  inputs: [{ path: "data/flights.parquet", rows: 336776, role: "processed" }],
  history_points: 1,
  previous: null,
  error: null,
};

describe("runCardBundle", () => {
  test("plain text is aligned", () => {
    expect(runCardBundle(card)["text/plain"]).toMatchInlineSnapshot(`
      "run forest__k3f9: finished
        accuracy      0.9706
        rmse          12.346
        seed          42 (drawn)
        n_estimators  200
        sizes         [1,2]
        data          data/flights.parquet (336,776 rows)
        duration      1.2 s
        history       1 point
        id            2026-11-21T10-15-30Z__forest__seed42__k3f9"
    `);
  });

  test("the data is the card", () => expect(runCardBundle(card)[RUN_CARD_MIME]).toEqual(card));

  test("markup and control characters in any field draw nothing", () => {
    const evil = '<img src=x onerror="alert(1)">\u001b[31m\u202e\n</table><script>';
    const bundle = runCardBundle({
      ...card,
      id: evil,
      name: evil,
      metrics: { [evil]: 1 },
      flags: { [evil]: evil },
      inputs: [{ path: evil, rows: null, role: evil }],
      error: { name: evil, message: evil },
    });
    const html = String(bundle["text/html"]);
    expect([...html.matchAll(/<\/?([a-z]+)/gi)].map((match) => match[1]).filter((tag) => !["table", "caption", "strong", "tbody", "tr", "th", "td"].includes(tag))).toEqual([]);
    expect(html).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(String(bundle["text/plain"]).replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u202e]/);
  });
});
