import assert from "node:assert/strict";
import { createTerminal, type Terminal, writerTo } from "../../../cli/terminal/mod.ts";

/** A terminal that writes into a string and has a clock that tests move. */
function recorded(
  options: { tty?: boolean; color?: boolean; columns?: number },
): { terminal: Terminal; text: () => string; clear: () => void; clock: { seconds: number } } {
  let text = "";
  const clock = { seconds: 0 };
  const terminal = createTerminal({
    ...options,
    write: (part) => text += part,
    now: () => clock.seconds,
  });
  return { terminal, text: () => text, clear: () => text = "", clock };
}

/** What a reader sees after all carriage returns and clearings. */
function screen(raw: string): string {
  return raw.split("\n").map((line) => {
    const parts = line.split("\r").filter((part) => part !== "");
    return (parts[parts.length - 1] ?? "").replace("\x1b[K", "");
  }).join("\n");
}

Deno.test("progress without a terminal writes a line every ten seconds and one at the end", () => {
  const { terminal, text, clock } = recorded({});
  {
    using bar = terminal.progress("train", 2_000);
    for (let step = 100; step <= 2_000; step += 100) {
      clock.seconds += 1.5;
      bar.update(step, 1.25);
    }
  }
  assert.equal(
    text(),
    "train: 700 of 2,000 steps (35%), loss 1.250, 67/s, 20 s left\n" +
      "train: 1,400 of 2,000 steps (70%), loss 1.250, 67/s, 9.0 s left\n" +
      "train: 2,000 steps in 30 s, 67/s, loss 1.250\n",
  );
});

Deno.test("progress that is left early says where it stopped, once", () => {
  const { terminal, text, clock } = recorded({});
  const bar = terminal.progress("sample", 1_000, { unit: "samples" });
  clock.seconds = 2;
  bar.update(300);
  bar.finish();
  bar.finish();
  bar.update(400);
  assert.equal(text(), "sample: stopped after 300 of 1,000 samples in 2.0 s, 150/s\n");
});

Deno.test("progress of a single thing speaks of one and of no rate", () => {
  const { terminal, text, clock } = recorded({});
  {
    using bar = terminal.progress("likelihood", 1, { unit: "repeats" });
    clock.seconds = 2;
    bar.update(1);
  }
  assert.equal(text(), "likelihood: 1 repeat in 2.0 s\n");
});

Deno.test("progress on a terminal redraws one line and leaves a summary", async () => {
  const { terminal, text, clock } = recorded({ tty: true, color: false, columns: 80 });
  const bar = terminal.progress("train", 200);
  clock.seconds = 1;
  bar.update(100, 0.5);
  await new Promise((resolve) => setTimeout(resolve, 250)); // two redraws at 10 a second
  const drawn = text().split("\r").map((line) => line.replace("\x1b[K", ""));
  assert.ok(
    drawn.includes(
      `train  ${"━".repeat(15)}${"─".repeat(15)}   50%  loss 0.5000  100/s  1.0 s left`,
    ),
    text(),
  );
  clock.seconds = 2;
  bar.update(200, 0.25);
  bar.finish();
  assert.equal(screen(text()), "✓ train: 200 steps in 2.0 s, 100/s, loss 0.2500\n");
});

Deno.test("a line printed during progress stands on its own line", () => {
  const { terminal, text } = recorded({ tty: true, color: false, columns: 80 });
  const bar = terminal.progress("train", 200);
  terminal.warn("no native backend here");
  bar.finish();
  assert.match(screen(text()), /^warning: no native backend here\n■ train: stopped after 0 of 200/);
});

Deno.test("progress drops parts rather than wrap in a narrow terminal", () => {
  for (const columns of [12, 20, 40, 60]) {
    const { terminal, text, clock } = recorded({ tty: true, color: false, columns });
    const bar = terminal.progress("train", 200);
    clock.seconds = 1;
    bar.update(100, 0.5);
    bar.finish();
    const lines = text().split(/[\r\n]/).map((line) => line.replace("\x1b[K", ""));
    const drawn = lines.filter((line) => line.startsWith("train"));
    assert.ok(drawn.length > 0);
    for (const line of drawn) assert.ok(line.length < columns, `${line.length}: ${line}`);
  }
});

Deno.test("metrics() aligns numbers and leaves out columns that nothing fills", () => {
  const { terminal, text, clear } = recorded({});
  terminal.metrics([
    {
      name: "wasserstein2",
      value: 0.12345,
      standardError: 0.0021,
      unit: "1",
      floor: 0.1032,
      samples: 2_000,
      lowerIsBetter: true,
    },
    { name: "negativeLogLikelihood", value: 1.02, unit: "nats", lowerIsBetter: true },
  ]);
  assert.equal(
    text(),
    "metric                           value  unit  floor  samples  better\n" +
      "wasserstein2           0.1235 ± 0.0021        0.103    2,000  ↓ lower\n" +
      "negativeLogLikelihood             1.02  nats                  ↓ lower\n" +
      "floor: the same distance between two fresh samples of the target\n",
  );
  clear();
  terminal.metrics([{ name: "straightness", value: 0.9, unit: "", lowerIsBetter: false }]);
  assert.equal(text(), "metric        value  better\nstraightness    0.9  ↑ higher\n");
});

Deno.test("table() draws any cells", () => {
  const { terminal, text } = recorded({});
  terminal.table(["node", "seconds"], [["data", "0.1"], ["training", "12.5"]], ["seconds"]);
  assert.equal(text(), "node      seconds\ndata          0.1\ntraining     12.5\n");
});

Deno.test("tree() joins children to parents and aligns details", () => {
  const { terminal, text } = recorded({});
  terminal.tree({
    label: "metric",
    detail: "1",
    children: [
      { label: "solver", children: [{ label: "training", detail: "2,000 steps" }] },
      { label: "target" },
    ],
  });
  assert.equal(
    text(),
    "metric          1\n├─ solver\n│  └─ training  2,000 steps\n└─ target\n",
  );
});

Deno.test("colour is written only where it is asked for", () => {
  for (const color of [true, false]) {
    const { terminal, text } = recorded({ tty: true, color });
    terminal.warn("look");
    assert.equal(text(), color ? "\x1b[33mwarning:\x1b[39m look\n" : "warning: look\n");
  }
});

Deno.test("writerTo() finishes partial writes and is silent after the reader left", () => {
  const chunks: number[] = [];
  const write = writerTo({
    writeSync(bytes) {
      if (chunks.length === 2) throw new Deno.errors.BrokenPipe();
      const taken = Math.min(4, bytes.length);
      chunks.push(taken);
      return taken;
    },
  });
  write("abcdef");
  write("lost");
  write("lost too");
  assert.deepEqual(chunks, [4, 2]);
});
