import assert from "node:assert/strict";
import circles from "../../examples/circles.ts";
import { hash, readLock, verify } from "../../mod.ts";
import { fileURLToPath } from "node:url";
import { inFolder } from "../in_folder.ts";

const LOCK = fileURLToPath(new URL("../../examples/circles.lock.json", import.meta.url));

Deno.test("the example's lock is that of its pipeline, and a replay from the first step passes it", () =>
  inFolder(async (folder) => {
    const lock = await readLock(LOCK);
    assert.deepEqual([lock.hash, lock.backend], [hash(circles), "wasm"]);
    const { passed, rows } = await verify(circles, lock, { folder });
    const moved = rows.filter(({ verdict }) => verdict === "moved");
    assert.ok(passed, JSON.stringify(moved));
    assert.equal(rows.length, 7);
  }));
