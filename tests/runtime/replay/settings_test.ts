import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { data, pipeline, training } from "../../../mod.ts";
import { differentSettings, settingsOf } from "../../../runtime/replay/settings.ts";

Deno.test("settingsOf() names every setting by its path, and stands in for long values", () => {
  const points = Array.from({ length: 300 }, (_, i) => [i, i + 0.5]);
  const settings = settingsOf(pipeline({ name: "p", target: data.array(points) }));
  assert.equal(settings.name, "p");
  assert.equal(settings["training.optimizer.kind"], "adam");
  assert.ok(Array.isArray(settings["velocity.hidden"]));
  const long = Object.values(settings).filter((value) => /^sha256:\w{64}$/.test(`${value}`));
  assert.equal(long.length, 1);
  const [first, ...rest] = points;
  const other = settingsOf(pipeline({ name: "p", target: data.array([...rest, first]) }));
  assert.equal(differentSettings(settings, other).length, 1);
});

Deno.test("settingsOf() names a file by its path from the working folder, not by its place on this machine", () => {
  const path = pathToFileURL(join(Deno.cwd(), "some folder", "cells.csv"));
  const settings = settingsOf(pipeline({ target: data.csv({ path, columns: ["a", "b"] }) }));
  assert.equal(settings["target.path"], "some folder/cells.csv");
});

Deno.test("settingsOf() takes no text for a file because of how it begins", () => {
  const target = data.csv({ path: "cells.csv", columns: ["a"], licence: "file://LICENSE" });
  assert.equal(settingsOf(pipeline({ target }))["target.licence"], "file://LICENSE");
});

Deno.test("differentSettings() lists what differs, and what only one has", () => {
  const a = settingsOf(pipeline({ target: data.twoMoons(), training: training({ steps: 10 }) }));
  const b = settingsOf(pipeline({ target: data.circles(), training: training({ steps: 20 }) }));
  const paths = differentSettings(a, b).map(({ path }) => path);
  assert.ok(paths.includes("target.kind"));
  assert.ok(paths.includes("training.steps"));
  assert.ok(!paths.includes("seed"));
  assert.deepEqual(differentSettings({ x: 1 }, { y: [2] }), [
    { path: "x", a: 1, b: undefined },
    { path: "y", a: undefined, b: [2] },
  ]);
  assert.deepEqual(differentSettings(a, a), []);
});
