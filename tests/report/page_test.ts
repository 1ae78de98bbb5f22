import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "npm:axe-core@4.14.1";
import type { RunRecord } from "../../runtime/record.ts";
import { reportPage, runSummary } from "../../report/mod.ts";
import { testInBrowser } from "../browser.ts";
import { recordOf, RECORDS } from "./records.ts";

/** Runs a test on the report of a record, as a file of its own. */
async function withPage(
  record: RunRecord,
  test: (url: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "report.html");
    await Deno.writeTextFile(file, reportPage(record));
    await test(pathToFileURL(file).href);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const AXE = `(async () => {
  const { violations } = await axe.run();
  return violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html.slice(0, 90)).join(" | "));
})()`;

for (const [name, record] of Object.entries(RECORDS)) {
  Deno.test(`the report of ${name} is one file under 2 MB, equal for equal runs`, () => {
    const html = reportPage(record());
    assert.equal(reportPage(record()), html);
    assert.ok(html.length < 2_000_000, `${html.length} bytes`);
    const addresses = html.match(/https?:\/\/[^"'\s)]+/g) ?? [];
    assert.deepEqual(addresses.filter((at) => at !== "http://www.w3.org/2000/svg"), []);
    assert.doesNotMatch(html.replace(/<script[\s\S]*?<\/script>/g, ""), /NaN|undefined|\[object/);
  });

  testInBrowser(
    `the report of ${name} is sound on a phone and on a screen, light and dark`,
    async (open) => {
      await withPage(record(), async (url) => {
        for (const [width, scheme] of [[390, "light"], [1280, "dark"]] as const) {
          const { page, complaints, requests } = await open(url, { width, scheme });
          const facts = await page.evaluate(`({
          wide: document.documentElement.scrollWidth,
          background: getComputedStyle(document.documentElement).backgroundColor,
          headings: [...document.querySelectorAll("h2")].map((h) => h.textContent),
        })`) as { wide: number; background: string; headings: string[] };
          assert.equal(facts.wide, width);
          assert.equal(
            facts.background,
            scheme === "light" ? "rgb(255, 255, 255)" : "rgb(18, 24, 30)",
          );
          assert.ok(facts.headings.includes("Target and samples"));
          assert.equal(facts.headings.includes("Density"), record().density !== null);
          assert.equal(facts.headings.includes("Training"), record().loss !== null);
          await page.evaluate(axe.source);
          assert.deepEqual(await page.evaluate(AXE), []);
          assert.deepEqual(complaints, []);
          assert.deepEqual(requests, [url]);
        }
      });
    },
  );
}

/** The time that the slider shows, and the picture on the canvas beside that of an empty one. */
const STATE = `(() => {
  const canvas = document.querySelector("canvas");
  const { width, height } = canvas;
  const empty = Object.assign(document.createElement("canvas"), { width, height });
  return {
    time: Number(document.querySelector("input").value),
    picture: canvas.toDataURL(),
    empty: empty.toDataURL(),
  };
})()`;

/** Plays, and stops at the first look past t = 0.05: on a slow machine, too, the end is not reached in between. */
const PLAY_A_LITTLE = `new Promise((resolve) => {
  const button = document.querySelector(".flow button");
  button.click();
  const look = () => {
    if (document.querySelector(".flow input").value <= 0.05) return requestAnimationFrame(look);
    button.click();
    resolve();
  };
  look();
})`;

for (const name of ["two columns", "images", "one column"]) {
  testInBrowser(`the animation of ${name} plays, stops and follows its slider`, async (open) => {
    await withPage(RECORDS[name](), async (url) => {
      const { page, complaints } = await open(url, { reducedMotion: true });
      const state = async () =>
        await page.evaluate(STATE) as {
          time: number;
          picture: string;
          empty: string;
        };
      await page.evaluate("document.querySelector('.flow').scrollIntoView()");
      await new Promise((resolve) => setTimeout(resolve, 300));
      const end = await state();
      assert.equal(end.time, 1, "with reduced motion it stands still");
      assert.notEqual(end.picture, end.empty);
      await page.focus(".flow input");
      await page.keyboard.press("Home");
      const start = await state();
      assert.equal(start.time, 0);
      assert.notEqual(start.picture, end.picture);
      await page.evaluate(PLAY_A_LITTLE);
      const stopped = await state();
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.equal((await state()).time, stopped.time);
      await page.click("#theme");
      assert.equal(await page.evaluate("document.documentElement.dataset.theme"), "dark");
      if (name === "two columns") assert.notEqual((await state()).picture, stopped.picture);
      assert.deepEqual(complaints, []);
    });
  });
}

testInBrowser(
  "the animation begins when it comes into sight, and ends at the target",
  async (open) => {
    await withPage(RECORDS["four columns"](), async (url) => {
      const { page } = await open(url);
      const time = () => page.evaluate("Number(document.querySelector('.flow input').value)");
      assert.equal(await time(), 1);
      await page.evaluate("document.querySelector('.flow').scrollIntoView()");
      await page.waitForFunction(
        "document.querySelector('.flow button').textContent === 'Pause' && " +
          "document.querySelector('.flow input').value < 1",
      );
      await page.waitForFunction("document.querySelector('.flow button').textContent === 'Play'");
      assert.equal(await time(), 1);
      await page.select(".flow label:nth-of-type(1) select", "3");
      assert.equal(
        await page.evaluate("document.querySelector('select').selectedOptions[0].text"),
        "wind",
      );
    });
  },
);

testInBrowser("names that look like HTML are shown as they are", async (open) => {
  const hostile = [
    "<script>hacked = 1</script>",
    "\"><img src=x onerror='hacked = 2'>",
    "</style><svg onload='hacked = 3'>",
    "{{x}} & 'y'",
  ];
  const { spec, metrics, solve } = RECORDS["four columns"]();
  const changed = { ...spec, name: hostile[0], target: { ...spec.target, path: hostile[1] } };
  const record = recordOf(spec, [4], {
    spec: changed as typeof spec,
    columns: hostile,
    folder: hostile[1],
    program: hostile[2],
    metrics: metrics.map((found) => ({ ...found, title: hostile[0], warning: hostile[1] })),
    solve: {
      ...solve,
      failures: [{ sample: 0, t: 0, step: 0, evaluations: 1, reason: hostile[2] }],
    },
  });
  await withPage(record, async (url) => {
    const { page, complaints, requests } = await open(url);
    assert.deepEqual(await page.evaluate("[typeof hacked, document.title]"), [
      "undefined",
      hostile[0],
    ]);
    const shown = await page.evaluate("document.body.textContent") as string;
    for (const text of hostile) assert.ok(shown.includes(text), text);
    assert.equal(await page.evaluate("document.querySelectorAll('img').length"), 0);
    assert.deepEqual([complaints, requests], [[], [url]]);
  });
  assert.doesNotMatch(runSummary(record), /<script|<img/);
});

testInBrowser("a report may load nothing and run no script but its own", async (open) => {
  await withPage(RECORDS["two columns"](), async (url) => {
    const { page, complaints } = await open(url);
    await page.evaluate(`(() => {
      const script = document.createElement("script");
      script.textContent = "hacked = 1";
      document.body.append(script);
      const image = document.createElement("img");
      image.src = "http://127.0.0.1:9/x.png";
      document.body.append(image);
    })()`);
    assert.equal(await page.evaluate("typeof hacked"), "undefined");
    assert.match(complaints.join("\n"), /script.*Content Security Policy/is);
    assert.match(complaints.join("\n"), /127\.0\.0\.1:9.*Content Security Policy/is);
  });
});

Deno.test("a report warns of samples that the solver gave up on, and of what metrics warn of", () => {
  const { spec, solve, metrics } = RECORDS["two columns"]();
  const failures = [{
    sample: 7,
    t: 0.5,
    step: 1e-3,
    evaluations: 9,
    reason: "step limit reached",
  }];
  const html = reportPage(recordOf(spec, [2], {
    solve: { ...solve, failures },
    metrics: [{ ...metrics[0], warning: "three samples are missing", standardError: null }],
  }));
  assert.match(html, /gave up on 1 of 900 samples; the first: step limit reached/);
  assert.match(html, /Warning: three samples are missing/);
});

Deno.test("a report draws a metric beside its floor alone, and says what its units are", () => {
  const { spec, metrics } = RECORDS["two columns"]();
  const page = (changes: Partial<(typeof metrics)[number]>): string =>
    reportPage(recordOf(spec, [2], { metrics: [{ ...metrics[0], ...changes }] }));
  assert.match(page({ floor: 0.2, unit: "x" }), /In the small graphs[^]*Units: x is the unit of/);
  const bare = page({ floor: null, unit: "sd^2" });
  assert.doesNotMatch(bare, /small graphs/);
  assert.match(bare, / sd²<\/td>[^]*Units: sd is one standard deviation of a column/);
  assert.doesNotMatch(page({ floor: null, unit: "1" }), /Units:/);
});

Deno.test("a report says of a metric where it stands to its floor", () => {
  const { spec, metrics } = RECORDS["two columns"]();
  const said = (value: number, standardError: number, floor: number): string =>
    reportPage(recordOf(spec, [2], { metrics: [{ ...metrics[0], value, standardError, floor }] }));
  assert.match(said(0.21, 0.01, 0.2), /It is at its floor: 500 samples/);
  assert.match(said(0.4, 0.01, 0.2), /It is 2 times its floor/);
  assert.match(said(0.4, 0.01, -0.01), /It is above its floor/);
});
