import assert from "node:assert/strict";
import { join } from "node:path";
import { openData } from "../../../../runtime/data/mod.ts";
import { parseParquet } from "../../../../runtime/data/files/parquet.ts";
import { FIXTURES, parquet } from "../fixtures.ts";

const open = (name: string, changes: Parameters<typeof parquet>[1] = {}) =>
  openData(parquet(name, changes), { base: FIXTURES });

for (const compression of ["none", "snappy", "gzip", "zstd"]) {
  Deno.test(`openData() reads Parquet with compression ${compression}`, async () => {
    const data = await open(`${compression}.parquet`, { columns: ["count", "height"] });
    assert.deepEqual(data.columns, ["count", "height"]);
    assert.deepEqual([...data.parts.train.table!.data], [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5]);
  });
}

Deno.test("openData() treats nulls in Parquet as missing values", async () => {
  const columns = ["grams"];
  await assert.rejects(open("snappy.parquet", { columns }), {
    name: "InputError",
    message: /row 1 \(counted from 0\), column "grams" must be a finite number: found a missing/,
  });
  const dropped = await open("snappy.parquet", { columns, missing: "drop" });
  assert.deepEqual([...dropped.parts.train.table!.data], [10, 30, 40]);
});

Deno.test("openData() selects and splits Parquet rows by columns that are not read", async () => {
  const data = await open("snappy.parquet", {
    columns: ["height"],
    select: [{ column: "kind", equals: "b" }],
    split: { kind: "column", column: "count", train: [2], validation: [], test: [4] },
  });
  assert.deepEqual([...data.parts.train.table!.data, ...data.parts.test.table!.data], [2.5, 4.5]);
});

Deno.test("openData() names text and unknown columns in Parquet", async () => {
  await assert.rejects(open("snappy.parquet", { missing: "drop" }), {
    message: /row 0 \(counted from 0\), column "kind" must hold a number: found "a"/,
  });
  await assert.rejects(open("snappy.parquet", { columns: ["heigth"] }), {
    field: "columns[0]",
    message: /there is no column "heigth".*did you mean "height"\?/,
  });
});

Deno.test("parseParquet() names what is wrong with the bytes", async () => {
  const good = await Deno.readFile(join(FIXTURES, "snappy.parquet"));
  const rejects = (bytes: Uint8Array<ArrayBuffer>, message: RegExp) =>
    assert.rejects(parseParquet(bytes, "'it'", null), { name: "InputError", message });
  await rejects(new Uint8Array(0), /'it' as Parquet: it does not begin with the bytes PAR1/);
  await rejects(good.slice(0, -9), /it is truncated: it does not end with the bytes PAR1/);
  const damaged = good.slice();
  damaged.fill(0xff, 4, -8); // pages and metadata
  await rejects(damaged, /it is damaged, or of a kind not known here/);
});
