import assert from "node:assert/strict";
import { join } from "node:path";
import { openData } from "../../../../runtime/data/mod.ts";
import { openNpz } from "../../../../runtime/data/files/npz.ts";
import { FIXTURES, npz } from "../fixtures.ts";

const open = (changes: Parameters<typeof npz>[1]) =>
  openData(npz("plain.npz", changes), { base: FIXTURES });

for (const name of ["plain.npz", "compressed.npz"]) {
  Deno.test(`openNpz() reads the arrays of a ${name.slice(0, -4)} archive`, async () => {
    const archive = openNpz(await Deno.readFile(join(FIXTURES, name)), name);
    assert.deepEqual([...archive.array("day", "array").values], [0, 0, 1, 1]);
    assert.deepEqual(archive.array("x", "array").shape, [4, 3]);
  });
}

Deno.test("openData() selects and splits the rows of one array by another", async () => {
  const selected = await open({ select: [{ column: "day", equals: 1 }] });
  assert.deepEqual([...selected.parts.train.table!.data], [6, 7, 8, 9, 10, 11]);
  const split = await open({
    split: { kind: "column", column: "day", train: [0], validation: [], test: [1] },
  });
  assert.deepEqual([split.parts.train.rows, split.parts.validation.rows], [2, 0]);
  assert.deepEqual([...split.parts.test.table!.data], [6, 7, 8, 9, 10, 11]);
});

Deno.test("openNpz() names what is wrong", async () => {
  await assert.rejects(open({ array: "X1" }), {
    name: "InputError",
    field: "array",
    message:
      'Cannot read \'plain.npz\': there is no array "X1", only "x", "day", "wrong"; did you mean "x"?',
  });
  await assert.rejects(open({ select: [{ column: "wrong", equals: 1 }] }), {
    name: "InputError",
    field: "select[0].column",
    message: /"wrong", which must have one value for each of the 4 rows: its shape is \[3\]/,
  });
  const bytes = await Deno.readFile(join(FIXTURES, "plain.npz"));
  for (const bad of [bytes.subarray(0, 300), bytes.subarray(0, 3), new Uint8Array(100)]) {
    assert.throws(() => openNpz(bad, "'it'"), {
      name: "InputError",
      message: /'it' as an \.npz file: it is not a zip archive, or it is truncated/,
    });
  }
});
