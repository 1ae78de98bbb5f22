import assert from "node:assert/strict";
import { join } from "node:path";
import { type Lock, lockOf, readLock, writeLock } from "../../../runtime/replay/lock.ts";
import { outcomeWith } from "./outcomes.ts";

async function inFile(test: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "moons.lock.json"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a lock is read as it was written", () =>
  inFile(async (path) => {
    const lock = lockOf(outcomeWith());
    await writeLock(path, lock);
    assert.deepEqual(await readLock(path), lock);
    assert.deepEqual(lock.metrics.map(({ tolerance }) => tolerance), [0.01, 0.02]);
  }));

Deno.test("a lock keeps metrics that are not finite", () =>
  inFile(async (path) => {
    const metrics = [NaN, Infinity, -Infinity].map((value) => ({
      ...{ name: "w", value, standardError: NaN, unit: "x", lowerIsBetter: true },
    }));
    const lock = lockOf(outcomeWith({ metrics }));
    await writeLock(path, lock);
    assert.deepEqual(await readLock(path), lock);
  }));

Deno.test("a lock is read with other line ends, order of keys and spaces", () =>
  inFile(async (path) => {
    const lock = lockOf(outcomeWith());
    const { seal, ...rest } = lock;
    await Deno.writeTextFile(
      path,
      JSON.stringify({ seal, ...rest }, null, 7).replaceAll("\n", "\r\n"),
    );
    assert.deepEqual(await readLock(path), lock);
  }));

/** What may become of a lock file, and what is said of it. */
const TROUBLES: Readonly<Record<string, [(lock: Lock) => unknown, RegExp]>> = {
  "another schema version": [
    (lock) => ({ ...lock, schema: 2 }),
    /has schema 2, and this version of pushforward reads schema 1: use the version that wrote it, or accept what the pipeline gives now with `verify --update`/,
  ],
  "an edited metric": [
    (lock) => ({ ...lock, metrics: [{ ...lock.metrics[0], value: 0.1 }, lock.metrics[1]] }),
    /was edited: its seal is \w{12}, and its content gives \w{12}\. Take the edit back, or accept what the pipeline gives now with `verify --update`/,
  ],
  "an edited tolerance": [
    (lock) => ({ ...lock, metrics: [{ ...lock.metrics[0], tolerance: 9 }, lock.metrics[1]] }),
    /was edited/,
  ],
  "an edited setting": [(lock) => ({ ...lock, settings: {} }), /was edited/],
  "no seal": [
    ({ seal: _, ...rest }) => rest,
    /is damaged: seal is missing: it must be a SHA-256 of 64 hexadecimal digits\. Restore it, or accept/,
  ],
  "a text for a number": [
    (lock) => ({ ...lock, metrics: [lock.metrics[0], { ...lock.metrics[1], value: "0.2" }] }),
    /is damaged: metrics\[1\]\.value must be a number: found "0\.2"\. Restore it/,
  ],
  "a short digest": [
    (lock) => ({ ...lock, digests: { ...lock.digests, weights: "abc" } }),
    /is damaged: digests\.weights must be a SHA-256 of 64 hexadecimal digits: found "abc"/,
  ],
  "a misspelt backend": [
    (lock) => ({ ...lock, backend: "wasn" }),
    /is damaged: backend must be one of "cpu", .*: found "wasn"; did you mean "wasm"\?/,
  ],
  "lists for objects": [
    (lock) => ({ ...lock, versions: [], settings: null }),
    /is damaged: versions must be an object: found \[\] \(and 1 more\)\. Restore/,
  ],
  "fields that are gone": [
    ({ schema, seal }) => ({ schema, seal }),
    /is damaged: pipeline is missing: it must be a text \(and 7 more\)/,
  ],
  "a conflict": [() => "<<<<<<< HEAD\n{}\n=======\n", /has the marks of a merge conflict/],
  "half its text": [() => '{ "schema": 1,', /is not JSON \(.*\): restore it, or accept/],
  "other JSON": [() => ({ version: "5" }), /is no lock, as it has no field 'schema'/],
  "a list": [() => [], /is no lock/],
};

for (const [trouble, [make, message]] of Object.entries(TROUBLES)) {
  Deno.test(`a lock with ${trouble} is refused, with what to do`, () =>
    inFile(async (path) => {
      const content = make(lockOf(outcomeWith()));
      await Deno.writeTextFile(
        path,
        typeof content === "string" ? content : JSON.stringify(content),
      );
      await assert.rejects(readLock(path), { name: "InputError", message });
    }));
}

Deno.test("a lock that is not there is said to be so", () =>
  inFile(async (path) => {
    await assert.rejects(readLock(path), {
      name: "InputError",
      message: /Cannot read the lock '.*moons\.lock\.json': no such file or folder/,
    });
  }));
