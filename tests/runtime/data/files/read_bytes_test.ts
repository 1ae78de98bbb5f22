import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readBytes } from "../../../../runtime/data/files/read_bytes.ts";
import { FIXTURES } from "../fixtures.ts";

const expected = await Deno.readFile(join(FIXTURES, "gaps.csv"));

Deno.test("readBytes() takes paths and file URLs, relative to a folder or its URL", async () => {
  const url = pathToFileURL(FIXTURES).href;
  assert.deepEqual(await readBytes(join(FIXTURES, "gaps.csv")), expected);
  assert.deepEqual(await readBytes(join(FIXTURES, "gaps.csv"), "/nowhere"), expected);
  assert.deepEqual(await readBytes("gaps.csv", FIXTURES), expected);
  assert.deepEqual(await readBytes(new URL("gaps.csv", url).href), expected);
  assert.deepEqual(await readBytes("gaps.csv", url.replace(/\/$/, "")), expected);
});

Deno.test("readBytes() downloads from a server, and says what it answered", async () => {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const found = new URL(request.url).pathname === "/data/gaps.csv";
    return found ? new Response(expected) : new Response("no", { status: 404 });
  });
  const base = `http://127.0.0.1:${server.addr.port}/data`;
  try {
    assert.deepEqual(await readBytes("gaps.csv", base), expected);
    assert.deepEqual(await readBytes(`${base}/gaps.csv`), expected);
    await assert.rejects(readBytes("other.csv", base), {
      name: "InputError",
      message: /^Cannot download 'http:.*other\.csv': the server answered 404 Not Found$/,
    });
  } finally {
    await server.shutdown();
  }
  await assert.rejects(readBytes("gaps.csv", base), {
    name: "InputError",
    message: /^Cannot download 'http:/,
  });
});

Deno.test("readBytes() names a file that is missing, a folder, or not allowed", async () => {
  await assert.rejects(readBytes("none.csv", FIXTURES), {
    name: "InputError",
    message: /^Cannot read '.*none\.csv': no such file or folder$/,
  });
  await assert.rejects(readBytes(FIXTURES), {
    name: "InputError",
    message: /^Cannot read '.*': it is a folder, not a file$/,
  });
});

Deno.test({
  name: "readBytes() says when reading is not permitted",
  permissions: { read: false },
  fn: async () => {
    await assert.rejects(readBytes(join(FIXTURES, "gaps.csv")), {
      name: "InputError",
      message: /is not permitted: run again with --allow-/,
    });
  },
});
