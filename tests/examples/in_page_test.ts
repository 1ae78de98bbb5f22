import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { testInBrowser } from "../browser.ts";

/** WebGPU without a graphics card. */
const SOFTWARE = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

const TYPES: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript" };

/** The page of examples/browser, built and served while `use` runs. */
async function served(use: (url: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const build = fileURLToPath(new URL("../../examples/browser/build.ts", import.meta.url));
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", build, folder],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const server = Deno.serve({ port: 0, onListen: () => {} }, async (request) => {
    const name = new URL(request.url).pathname.slice(1) || "index.html";
    const type = TYPES[name.split(".").at(-1)!];
    return new Response(await Deno.readFile(`${folder}/${name}`), {
      headers: { "content-type": type },
    });
  });
  try {
    await use(`http://localhost:${server.addr.port}/`);
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
}

/** What the page found. */
interface Found {
  readonly said: string;
  readonly loss: readonly number[];
  readonly samples: readonly number[];
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;

testInBrowser(
  "a page trains two moons on its own WebGPU, by our kernels and by TensorFlow.js",
  async (open) => {
    await served(async (url) => {
      const found = async (query: string): Promise<Found> => {
        const { page, complaints } = await open(`${url}?${query}`);
        await page.waitForFunction("document.body.dataset.state !== undefined", {
          timeout: 120_000,
        });
        const said = (await page.$eval("output", (output) => output.textContent))!;
        assert.equal(await page.evaluate("document.body.dataset.state"), "done", said);
        assert.deepEqual(
          complaints.filter((text) => !/powerPreference|experimental/i.test(text)),
          [],
        );
        const [loss, samples] = await page.evaluate("[loss, samples]") as [number[], number[]];
        await page.close();
        return { said, loss, samples };
      };
      const kernels = await found("backend=webgpu&hidden=64,64&steps=100&samples=300");
      assert.match(kernels.said, /^webgpu: .* step 100, loss \d\.\d+; 300 samples$/);
      assert.equal(kernels.loss.length, 100);
      assert.ok(mean(kernels.loss.slice(-5)) < 0.8 * kernels.loss[0]);
      // A Gaussian that stayed one has 9 % of its second coordinates below -1.3, the moons none.
      const ys = kernels.samples.filter((_, i) => i % 2 === 1);
      assert.equal(ys.length, 300);
      assert.ok(
        ys.filter((y) => Math.abs(y) > 1.5).length < 15,
        "most samples are at the height of the moons",
      );

      const tensors = await found("backend=tfjs&hidden=64,64&steps=3&samples=0");
      assert.match(tensors.said, /^tfjs: .* step 3, loss \d\.\d+; 0 samples$/);
      tensors.loss.forEach((loss, i) =>
        assert.ok(Math.abs(loss - kernels.loss[i]) < 1e-3, `step ${i}`)
      );
    });
  },
  { flags: SOFTWARE },
);
