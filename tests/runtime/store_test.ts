import assert from "node:assert/strict";
import { join } from "node:path";
import { openStore } from "../../runtime/store.ts";

const HASH = "ab".repeat(32);

async function inFolder(test: (root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await test(root);
  } finally {
    await Deno.chmod(root, 0o755);
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("a store finds what was put in, and what replaced it", () =>
  inFolder(async (root) => {
    const store = openStore(join(root, "deep", "store"));
    assert.equal(await store.find(HASH), null);
    const folder = await store.put(HASH, (aside) => Deno.writeTextFile(join(aside, "x"), "7"));
    assert.equal(await store.find(HASH), folder);
    assert.equal(await Deno.readTextFile(join(folder, "x")), "7");
    const write = (aside: string) => Deno.writeTextFile(join(aside, "x"), "8");
    await store.put(HASH, write, { replace: true });
    assert.equal(await Deno.readTextFile(join(folder, "x")), "8");
  }));

Deno.test("a store keeps nothing of an entry whose writing failed", () =>
  inFolder(async (root) => {
    const store = openStore(root);
    const fail = async (aside: string) => {
      await Deno.writeTextFile(join(aside, "half"), "x");
      throw new Error("stopped in the middle");
    };
    await assert.rejects(store.put(HASH, fail), /stopped in the middle/);
    assert.equal(await store.find(HASH), null);
    assert.deepEqual([...Deno.readDirSync(root)], []);
  }));

Deno.test("the first of two writers of a store's entry wins", () =>
  inFolder(async (root) => {
    const store = openStore(root);
    const writing = (text: string) => (aside: string) => Deno.writeTextFile(join(aside, "x"), text);
    const folder = await store.put(HASH, writing("first"));
    assert.equal(await store.put(HASH, writing("second")), folder);
    assert.equal(await Deno.readTextFile(join(folder, "x")), "first");
    assert.equal([...Deno.readDirSync(root)].length, 1);
  }));

Deno.test("an entry that made way when its process was killed is there again for the next who holds it", () =>
  inFolder(async (root) => {
    const store = openStore(root);
    const writing = (text: string) => (aside: string) => Deno.writeTextFile(join(aside, "x"), text);
    const folder = await store.put(HASH, writing("whole"));
    const names = { old: `${folder}.0a1b2c3d.old.tmp`, half: `${folder}.4e5f6a7b.tmp` };
    await Deno.rename(folder, names.old);
    await Deno.mkdir(names.half);
    await (await store.hold(HASH, { work: "test" })).release();
    assert.equal(await Deno.readTextFile(join((await store.find(HASH))!, "x")), "whole");
    assert.equal([...Deno.readDirSync(root)].length, 1);
    await Deno.mkdir(names.old); // the new one had just been taken in
    await (await store.hold(HASH, { work: "test" })).release();
    assert.equal(await Deno.readTextFile(join(folder, "x")), "whole");
    assert.equal([...Deno.readDirSync(root)].length, 1);
  }));

Deno.test("a store in a place that is no folder says so", () =>
  inFolder(async (root) => {
    await Deno.writeTextFile(join(root, "file"), "");
    const store = openStore(join(root, "file", "store"));
    await assert.rejects(store.put(HASH, () => Promise.resolve()), {
      name: "InputError",
      message: /Cannot make the folder '.*': a part of the path is not a folder/,
    });
  }));
