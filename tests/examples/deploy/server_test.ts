import assert from "node:assert/strict";
import proto from "npm:onnx-proto@8.0.1";
import { loadTest } from "../../../examples/deploy/load_test.ts";
import { type Limits, openService, type Service } from "../../../examples/deploy/server.ts";
import { withExported } from "./exported.ts";

const URL_OF = "http://127.0.0.1";
const SERVER = new URL("../../../examples/deploy/server.ts", import.meta.url).href;

async function withService(
  which: Parameters<typeof withExported>[0],
  test: (service: Service) => Promise<void>,
  limits: Partial<Limits> = {},
): Promise<void> {
  await withExported(which, async (folder) => {
    const service = await openService(folder, { workers: 1, ...limits });
    try {
      await test(service);
    } finally {
      service.close();
    }
  });
}

interface Answer {
  readonly status: number;
  readonly body: {
    readonly error?: string;
    readonly samples?: number[][];
    readonly log_likelihood?: (number | null)[];
    readonly failed?: number[];
    readonly [key: string]: unknown;
  };
  readonly headers: Headers;
}

async function ask(service: Service, request: Request): Promise<Answer> {
  const response = await service.handle(request);
  return { status: response.status, body: await response.json(), headers: response.headers };
}

const post = (service: Service, path: string, body: unknown): Promise<Answer> =>
  ask(
    service,
    new Request(URL_OF + path, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  );

Deno.test("server.ts draws samples, tells their likelihood, and says that it is well", () =>
  withService("noise", async (service) => {
    const first = await post(service, "/sample", { n: 500, seed: 1 });
    assert.equal(first.status, 200);
    const { samples, failed } = first.body;
    assert.equal(samples!.length, 500);
    assert.deepEqual(failed, []);
    const mean = samples!.reduce((sum, [x]) => sum + x, 0) / 500;
    assert.ok(Math.abs(mean) < 5 * 2.1 / Math.sqrt(500), `mean ${mean}`);
    assert.deepEqual((await post(service, "/sample", { n: 500, seed: 1 })).body.samples, samples);
    assert.notDeepEqual((await post(service, "/sample", { n: 500 })).body.samples, samples);

    const { body } = await post(service, "/log_likelihood", { x: [[2, 0], [40, 40]] });
    // Half of the first Gaussian's density at its centre; Heun's 8 steps are good to a few hundredths.
    assert.ok(Math.abs(body.log_likelihood![0]! - Math.log(0.5 / (2 * Math.PI * 0.2))) < 0.1);
    assert.ok(body.log_likelihood![1]! < -500);

    const health = await ask(service, new Request(`${URL_OF}/health`));
    assert.equal(health.status, 200);
    assert.equal(health.body.status, "ok");
    assert.equal(health.body.name, "noise");
    assert.equal(health.body.workers, 1);
  }));

Deno.test("server.ts refuses wrong bodies, naming the field, what was found and what is accepted", () =>
  withService("noise", async (service) => {
    const wrong: [path: string, body: unknown, message: RegExp][] = [
      ["/sample", "", /the body is not JSON/],
      ["/sample", "{", /the body is not JSON/],
      ["/sample", "[]", /the body: .*expected object/],
      ["/sample", {}, /n must be a whole number from 1 to 10000, found nothing/],
      ["/sample", { n: 2.5 }, /n must be a whole number from 1 to 10000, found 2\.5/],
      ["/sample", { n: 0 }, /n must be .*, found 0/],
      ["/sample", { n: 10_001 }, /n must be .*, found 10001/],
      ["/sample", { n: "5" }, /n must be .*, found "5"/],
      ["/sample", { n: 5, sede: 1 }, /Unrecognized key: "sede"/],
      ["/sample", { n: 5, seed: -1 }, /seed must be a whole number from 0 to 4294967295, found -1/],
      [
        "/log_likelihood",
        {},
        /x must be a list of 1 to 10000 points of shape \[2\], found nothing/,
      ],
      ["/log_likelihood", { x: [] }, /x must be a list of 1 to 10000 points/],
      ["/log_likelihood", { x: [[1]] }, /x\.0 must be a list of 2, found \[1\]/],
      ["/log_likelihood", { x: [[1, 2], [1, "a"]] }, /x\.1\.1 must be a number, found "a"/],
      ["/log_likelihood", { x: [[1, null]] }, /x\.0\.1 must be a number, found null/],
      ["/log_likelihood", '{"x": [[1, 1e999]]}', /x\.0\.1 must be a number/],
      ["/log_likelihood", { x: [[1, 1e39]] }, /x\.0\.1 must be a number that .*, found 1e\+39/],
    ];
    for (const [path, body, message] of wrong) {
      const { status, body: { error } } = await post(service, path, body);
      assert.equal(status, 400, JSON.stringify(body));
      assert.match(error!, message);
    }
  }));

Deno.test("server.ts refuses what is no request of its own with the status that says so", () =>
  withService("noise", async (service) => {
    const other = await ask(service, new Request(`${URL_OF}/samples`));
    assert.equal(other.status, 404);
    assert.match(
      other.body.error!,
      /no '\/samples' here; there are \/health, \/sample, \/log_likelihood/,
    );
    const method = await ask(service, new Request(`${URL_OF}/sample`));
    assert.equal(method.status, 405);
    assert.equal(method.headers.get("allow"), "POST");
    const type = await ask(
      service,
      new Request(`${URL_OF}/sample`, { method: "POST", body: `{"n": 1}` }),
    );
    assert.equal(type.status, 415);
    assert.match(type.body.error!, /must be application\/json, found 'text\/plain/);
    const patch = await ask(
      service,
      new Request(`${URL_OF}/sample`, {
        method: "POST",
        headers: { "content-type": "application/json-patch+json" },
        body: `{"n": 1}`,
      }),
    );
    assert.equal(patch.status, 415);
    const large = await post(service, "/log_likelihood", { x: Array(2_000).fill([1.25, 2.5]) });
    assert.equal(large.status, 413);
    assert.match(large.body.error!, /the body may have 10000 bytes/);
  }, { bytes: 10_000 }));

Deno.test("server.ts counts numbers, not points alone, and without a queue serves one at a time", () =>
  withService("noise", async (service) => {
    assert.equal((await post(service, "/sample", { n: 5 })).status, 200);
    const { status, body: { error } } = await post(service, "/sample", { n: 6 });
    assert.equal(status, 400);
    assert.match(error!, /n must be a whole number from 1 to 5, found 6/);
  }, { numbers: 11, queue: 0 }));

Deno.test("server.ts is not well once its last worker cannot be replaced", () =>
  withExported("noise", async (folder) => {
    await defaultSteps(folder, 5_000);
    const service = await openService(folder, { workers: 1, timeout: 0.2 });
    const said = console.error;
    console.error = () => {};
    try {
      await Deno.remove(`${folder}/sampler.onnx`);
      assert.equal((await post(service, "/sample", { n: 2_000 })).status, 504);
      for (;;) {
        const { status, body } = await ask(service, new Request(`${URL_OF}/health`));
        if (status === 200) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          continue;
        }
        assert.equal(status, 503);
        assert.match(body.error!, /no worker is left/);
        break;
      }
    } finally {
      console.error = said;
      service.close();
    }
  }));

Deno.test("server.ts refuses flags that are no counts, with exit code 2", async () => {
  for (const [flag, value] of [["timeout", "Infinity"], ["workers", "1.5"], ["port", "99999"]]) {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", SERVER, `--${flag}`, value],
    }).output();
    assert.equal(code, 2);
    assert.match(
      new TextDecoder().decode(stderr),
      new RegExp(`^error: --${flag} must be a whole number from 1 to \\d+, found '${value}'`),
    );
  }
});

Deno.test("server.ts does not wait for a body that never ends", () =>
  withService("noise", async (service) => {
    const body = new ReadableStream({ start: (c) => c.enqueue(new TextEncoder().encode("{")) });
    const headers = { "content-type": "application/json" };
    const request = new Request(`${URL_OF}/sample`, { method: "POST", headers, body });
    const { status, body: { error } } = await ask(service, request);
    assert.equal(status, 408);
    assert.match(error!, /the body did not arrive within 0\.2 s/);
  }, { timeout: 0.2 }));

/** Makes the sampler of an exported folder take this many steps where none are asked for. */
async function defaultSteps(folder: string, steps: number): Promise<void> {
  const path = `${folder}/sampler.onnx`;
  const model = proto.onnx.ModelProto.decode(await Deno.readFile(path));
  const given = model.graph!.initializer!.find(({ name }) => name === "steps")!;
  given.rawData = new Uint8Array(Int32Array.of(steps).buffer);
  await Deno.writeFile(path, proto.onnx.ModelProto.encode(model).finish());
}

Deno.test("server.ts gives up on a solve that takes too long, and goes on with another worker", () =>
  withExported("noise", async (folder) => {
    await defaultSteps(folder, 5_000);
    const service = await openService(folder, { workers: 1, timeout: 0.2, queue: 1 });
    try {
      const asked = Array.from({ length: 3 }, () => post(service, "/sample", { n: 2_000 }));
      const statuses = (await Promise.all(asked)).map(({ status }) => status).sort();
      assert.deepEqual(statuses, [503, 504, 504]); // one solves, one waits, one is too many
      for (;;) { // the new worker takes a moment
        const { body } = await ask(service, new Request(`${URL_OF}/health`));
        if (body.workers === 1 && body.busy === 0) break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    } finally {
      service.close();
    }
  }));

Deno.test("server.ts takes points of a source that it cannot draw, and says why there is no likelihood", () =>
  withService("data to data", async (service) => {
    const none = await post(service, "/sample", { n: 3 });
    assert.match(none.body.error!, /source must be a list of 1 to 10000 points of shape \[2, 2\]/);
    const { status, body } = await post(service, "/sample", {
      source: [[[1, 2], [3, 4]], [[0, 0], [0, 0]]],
    });
    assert.equal(status, 200);
    const [[[first]]] = body.samples as unknown as number[][][];
    assert.ok(Math.abs(first - (1 - 0.1 / 3) ** 3) < 1e-5);
    const likelihood = await post(service, "/log_likelihood", { x: [[[1, 2], [3, 4]]] });
    assert.equal(likelihood.status, 404);
    assert.match(
      likelihood.body.error!,
      /no likelihood: a likelihood needs a source whose density/,
    );
  }));

Deno.test("server.ts says which folder is none of exported files", async () => {
  await assert.rejects(openService("nowhere"), {
    message: /'nowhere' is no folder of exported files .* export --to model/,
  });
  const other = await Deno.makeTempDir();
  await Deno.writeTextFile(`${other}/manifest.json`, '{ "name": "x", "hash": "1", "source": {} }');
  await assert.rejects(openService(other), {
    message: /is no folder of exported files \(source\.kind in manifest\.json: Invalid input/,
  });
  await Deno.remove(other, { recursive: true });
});

Deno.test("server.ts says that a file of the folder is missing, without a trace, with exit code 2", () =>
  withExported("noise", async (folder) => {
    await Deno.remove(`${folder}/sampler.onnx`);
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", SERVER, folder, "--workers", "1"],
    }).output();
    const text = new TextDecoder().decode(stderr);
    assert.equal(code, 2);
    assert.match(text, /^error: a worker could not start: Load model from .*sampler\.onnx failed/m);
    assert.doesNotMatch(text, /\n\s+at /);
  }));

Deno.test("load_test.ts counts answers and orders their latencies", () =>
  withService("noise", async (service) => {
    const listener = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) => service.handle(request),
    );
    try {
      const url = `http://127.0.0.1:${listener.addr.port}`;
      const load = await loadTest(url, { connections: 4, seconds: 0.5, n: 4 });
      assert.ok(load.requests >= 4);
      assert.deepEqual(load.statuses, { 200: load.requests });
      const { p50, p95, p99, max } = load.latency;
      assert.ok(p50 > 0 && p50 <= p95 && p95 <= p99 && p99 <= max);
    } finally {
      await listener.shutdown();
    }
  }));

Deno.test({
  name: "server.ts that is asked to end finishes what is under way, and takes nothing new",
  ignore: Deno.build.os === "windows", // which has no signal to ask with
  fn: () =>
    withExported("noise", async (folder) => {
      const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const { port } = probe.addr as Deno.NetAddr;
      probe.close();
      const server = new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-A", "--no-check", SERVER, folder],
          ...["--port", String(port), "--workers", "1"],
        ],
        env: { NO_COLOR: "1" },
        stdout: "null",
        stderr: "piped",
      }).spawn();
      const log = server.stderr.pipeThrough(new TextDecoderStream()).getReader();
      await readUntil(log, "Listening");
      const idle = await fetch(`${URL_OF}:${port}/health`); // its connection stays open
      assert.equal((await idle.json()).status, "ok");

      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      const answer = connection.readable.pipeThrough(new TextDecoderStream()).getReader();
      const write = (text: string) => connection.write(new TextEncoder().encode(text));
      const body = '{"n": 3, "seed": 1}';
      await write(
        "POST /sample HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n" +
          `content-length: ${body.length}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n`,
      );
      await readUntil(answer, "100 Continue"); // the request is being served: it waits for its body
      server.kill("SIGTERM");
      await readUntil(log, "stopping");
      const late = await fetch(`${URL_OF}:${port}/health`);
      assert.deepEqual([late.status, await late.json()], [503, {
        error: "the server is stopping",
      }]);
      await write(body);
      assert.match(await readUntil(answer, "failed"), /200 OK[^]*"samples":\[\[/);
      const { code, signal } = await server.status;
      assert.deepEqual([code, signal], [0, null]);
      await answer.cancel();
      await log.cancel();
    }),
});

/** Reads until this text has come, and gives what came. */
async function readUntil(
  reader: ReadableStreamDefaultReader<string>,
  text: string,
): Promise<string> {
  let found = "";
  while (!found.includes(text)) found += (await reader.read()).value ?? assert.fail(found);
  return found;
}
