import assert from "node:assert/strict";
import { servePage } from "../../../examples/deploy/browser.ts";
import { testInBrowser } from "../../browser.ts";
import { withExported } from "./exported.ts";

testInBrowser(
  "browser.html draws 2,000 samples on their way, and asks nobody but its server",
  (open) =>
    withExported("noise", async (folder) => {
      const server = Deno.serve(
        { port: 0, hostname: "127.0.0.1", onListen: () => {} },
        (request) => servePage(folder, request),
      );
      try {
        const origin = `http://127.0.0.1:${server.addr.port}`;
        const { page, complaints, requests } = await open(origin, { reducedMotion: true });
        await page.waitForSelector("body[data-ready]", { timeout: 60_000 });
        assert.deepEqual(complaints, []);
        assert.equal(await page.evaluate("document.body.dataset.ready"), "yes");
        for (const url of requests) assert.ok(url.startsWith(origin), url);
        assert.ok(requests.some((url) => url.endsWith("/model/sampler.onnx")));

        // What sampler.onnx drew is where trajectory.onnx ends: rounding apart.
        const apart = Number(await page.evaluate("document.body.dataset.apart"));
        assert.ok(apart < 1e-4, `${apart} apart`);
        const text = await page.evaluate("document.querySelector('#status').textContent");
        assert.match(String(text), /^2,000 samples in [\d.]+ s$/);
        assert.equal(
          await page.evaluate("document.querySelector('#shown').textContent"),
          "t = 1.00",
        );

        // Half of the samples stand left of the middle at the end; at the start they are one cloud.
        const end = await pixels(page);
        await page.evaluate(
          "const time = document.querySelector('#time'); time.value = 0; time.dispatchEvent(new Event('input'))",
        );
        const start = await pixels(page);
        assert.ok(end.total > 5_000 && start.total > 5_000, JSON.stringify({ start, end }));
        assert.ok(start.middle > 2 * end.middle, JSON.stringify({ start, end }));
      } finally {
        await server.shutdown();
      }
    }),
);

/** Painted pixels of the picture, and those of the tenth in the middle. */
async function pixels(
  page: { evaluate(text: string): Promise<unknown> },
): Promise<{ total: number; middle: number }> {
  return await page.evaluate(`(() => {
    const canvas = document.querySelector("canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let total = 0, middle = 0;
    for (let i = 0; i < data.length / 4; i++) {
      if (data[4 * i + 3] === 0) continue;
      total++;
      if (Math.abs(i % canvas.width - canvas.width / 2) < canvas.width / 20) middle++;
    }
    return { total, middle };
  })()`) as { total: number; middle: number };
}
