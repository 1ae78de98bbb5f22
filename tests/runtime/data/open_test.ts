import assert from "node:assert/strict";
import type { DataSpec } from "../../../dsl/spec.ts";
import { openData, openSource, unstandardize } from "../../../runtime/data/mod.ts";
import { array, csv, FIXTURES } from "./fixtures.ts";

const at = (step: number) => ({ seed: 0, stream: "batch", step });
const ROWS = Array.from({ length: 20 }, (_, i) => [i, 100 - 3 * i]);
const FRACTIONS = { kind: "fractions", train: 0.5, validation: 0.25, test: 0.25, seed: 7 } as const;

/** First column of a part. */
function first(table: { data: Float32Array; shape: number[] }): number[] {
  return [...table.data].filter((_, i) => i % table.shape[1] === 0);
}

Deno.test("draw() takes each row once an epoch, afresh in each part and epoch", async () => {
  const { parts } = await openData(array(ROWS));
  const epoch = (from: number) =>
    Array.from({ length: 4 }, (_, k) => first(parts.train.draw(5, at(from + k)))).flat();
  assert.deepEqual(epoch(0).sort((a, b) => a - b), first(parts.train.table!));
  assert.notDeepEqual(epoch(0), epoch(4));
  assert.deepEqual(epoch(4), epoch(4));
  assert.notDeepEqual(parts.train.draw(5, at(0)), parts.test.draw(5, at(0)));
});

Deno.test("draw() rejects more rows than a part has", async () => {
  const { parts } = await openData(array(ROWS, { split: FRACTIONS }));
  assert.throws(() => parts.validation.draw(6, at(0)), {
    name: "InputError",
    message: /Cannot draw 6 rows from the validation part as it holds 5/,
  });
});

Deno.test("draw() from a part without rows names it and says what to do", async () => {
  const split = { ...FRACTIONS, train: 0.8, validation: 0.2, test: 0 };
  const { parts } = await openData(array(ROWS, { split }));
  for (const count of [0, 3]) {
    assert.throws(() => parts.test.draw(count, at(0)), {
      name: "InputError",
      field: "split",
      message: "Cannot draw from the test part as it holds no rows: give it some in `split`",
    });
  }
});

Deno.test("openData() splits by fractions: every row in one part, the same for the same seed", async () => {
  const open = (seed: number) => openData(array(ROWS, { split: { ...FRACTIONS, seed } }));
  const { parts } = await open(7);
  assert.deepEqual([parts.train.rows, parts.validation.rows, parts.test.rows], [10, 5, 5]);
  const all = [parts.train, parts.validation, parts.test].flatMap((part) => first(part.table!));
  assert.deepEqual(all.toSorted((a, b) => a - b), ROWS.map(([i]) => i));
  assert.deepEqual((await open(7)).parts.test.table, parts.test.table);
  assert.notDeepEqual((await open(8)).parts.test.table, parts.test.table);
});

Deno.test("openData() rejects fractions that leave a part empty or exceed 1", async () => {
  const open = (changes: object) => openData(array(ROWS, { split: { ...FRACTIONS, ...changes } }));
  await assert.rejects(open({ validation: 0.5 }), {
    name: "InputError",
    field: "split",
    message: /sum to at most 1: found train 0\.5, validation 0\.5, test 0\.25/,
  });
  await assert.rejects(open({ validation: 0.01 }), {
    field: "split.validation",
    message: /validation asks for 0\.01 of 20 rows, which is none/,
  });
  await assert.rejects(open({ train: 0 }), { message: /the train part gets no rows/ });
});

Deno.test("openData() standardises by the train part alone", async () => {
  const { parts, standardization } = await openData(
    array(ROWS, { standardize: true, split: FRACTIONS }),
  );
  const raw = (await openData(array(ROWS, { split: FRACTIONS }))).parts;
  for (const j of [0, 1]) {
    const train = [...parts.train.table!.data].filter((_, i) => i % 2 === j);
    const mean = train.reduce((sum, z) => sum + z, 0) / train.length;
    const variance = train.reduce((sum, z) => sum + z * z, 0) / train.length;
    assert.ok(Math.abs(mean) < 1e-6 && Math.abs(variance - 1) < 1e-6);
  }
  for (const part of ["train", "validation", "test"] as const) {
    const back = unstandardize(parts[part].table!, standardization).data;
    back.forEach((x, i) => assert.ok(Math.abs(x - raw[part].table!.data[i]) < 1e-4));
  }
});

Deno.test("openData() standardises columns with large offsets", async () => {
  const far = Array.from({ length: 100 }, (_, i) => [2 ** 23 + i]); // exact in float32
  const { standardization } = await openData(array(far, { standardize: true }));
  const exact = Math.sqrt((100 * 100 - 1) / 12);
  assert.ok(Math.abs(standardization!.scale[0] / exact - 1) < 1e-12);
});

Deno.test("openData() standardises columns of any size that float32 can hold", async () => {
  for (const unit of [2 ** -120, 1, 2 ** 120]) {
    const rows = [0, 1, 2, 3].map((i) => [i * unit]);
    const { standardization } = await openData(array(rows, { standardize: true }));
    assert.equal(standardization!.mean[0], 1.5 * unit);
    assert.ok(Math.abs(standardization!.scale[0] / unit - Math.sqrt(1.25)) < 1e-15);
  }
});

Deno.test("openData() names a value that is finite as it stands and not in float32", async () => {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  const file = `a,part\n1,x\n2,x\nBIG,y\n`;
  const open = async (big: string, changes: Parameters<typeof csv>[1] = {}) => {
    await Deno.writeTextFile(path, file.replace("BIG", big));
    return await openData(csv(path, { columns: ["a"], ...changes }));
  };
  for (const [big, standardize] of [["1e39", false], ["-1e39", true], ["1e200", true]] as const) {
    await assert.rejects(open(big, { standardize }), {
      name: "InputError",
      message: new RegExp(
        `line 4, column "a" must be at most 3.4e38 in size, .*: found ${
          `${Number(big)}`.replace("+", "\\+")
        }$`,
      ),
    });
  }
  assert.equal((await open("3.4028234e38")).parts.train.rows, 3);
  const split = {
    kind: "column",
    column: "part",
    train: ["x"],
    validation: [],
    test: ["y"],
  } as const;
  await Deno.writeTextFile(path, "a,part\n1,x\n1.0000001,x\n3e38,y\n");
  await assert.rejects(openData(csv(path, { columns: ["a"], standardize: true, split })), {
    name: "InputError",
    message: /line 4, column "a" holds 3e\+38, too far from the train part/,
  });
  await Deno.remove(path);
});

Deno.test("openData() rejects a column without variance when standardising", async () => {
  await assert.rejects(openData(array([[1, 5], [2, 5]], { standardize: true })), {
    name: "InputError",
    field: "standardize",
    message:
      /column 1 has zero variance, every one of its 2 train rows is 5; leave it out, or set `dequantize`/,
  });
});

Deno.test("dequantisation adds uniform noise to draws, accounted for when standardising", async () => {
  const levels = Array.from({ length: 2000 }, (_, i) => [i % 3, 4]);
  const plain = await openData(array(levels, { dequantize: 1 }));
  const { data } = plain.parts.train.draw(2000, at(0));
  assert.deepEqual(plain.parts.train.table!.data.slice(0, 6), Float32Array.of(0, 4, 1, 4, 2, 4));
  assert.ok(data.every((x, i) => i % 2 === 0 ? x > 0 && x < 3 : x > 4 && x < 5));
  const { standardization, parts } = await openData(
    array(levels, { dequantize: 1, standardize: true }),
  );
  assert.deepEqual(
    [standardization!.mean[1], standardization!.scale[1]],
    [4.5, Math.sqrt(1 / 12)],
  );
  const z = parts.train.draw(2000, at(0)).data;
  for (const j of [0, 1]) {
    const column = [...z].filter((_, i) => i % 2 === j);
    const variance = column.reduce((sum, x) => sum + x * x, 0) / column.length;
    // Five standard errors of the mean square of a uniform: 5 sqrt(0.8 / 2000).
    assert.ok(Math.abs(variance - 1) < 0.1, `${variance}`);
  }
});

Deno.test("openData() rejects another dimension than the spec says", async () => {
  await assert.rejects(
    openData(csv("weather.csv", { dim: 3, columns: ["day", "rain"] }), { base: FIXTURES }),
    {
      name: "InputError",
      field: "dim",
      message: "Cannot read 'weather.csv' as rows of dim 3: its rows hold 2 values (day, rain)",
    },
  );
  await assert.rejects(openData(array(ROWS, { dim: 3 })), { message: /hold 2 values \(\[2\]\)/ });
});

Deno.test("openData() names a condition or a split that no row meets", async () => {
  const open = (changes: Parameters<typeof csv>[1]) =>
    openData(csv("weather.csv", { columns: ["rain"], ...changes }), { base: FIXTURES });
  await assert.rejects(
    open({ select: [{ column: "city", equals: "Oslo" }, { column: "day", equals: 3 }] }),
    {
      field: "select[1].equals",
      message:
        "Cannot read 'weather.csv': no row has 3 in column \"day\" and meets the conditions before it",
    },
  );
  const split = { kind: "column", column: "day", train: [1], validation: [2], test: [9] } as const;
  await assert.rejects(open({ split }), {
    name: "InputError",
    field: "split.test",
    message: "Cannot split 'weather.csv': no row has 9 in column \"day\"",
  });
  await assert.rejects(open({ split: { ...split, column: "days", test: [] } }), {
    field: "split.column",
    message: /did you mean "day"/,
  });
});

Deno.test("the digest changes with the rows, the split and the spec, and with nothing else", async () => {
  const digest = async (spec: DataSpec) => (await openData(spec)).digest;
  const same = await digest(array(ROWS));
  assert.equal(await digest(array(ROWS)), same);
  const others = [
    await digest(array(ROWS.with(3, [3, 0]))),
    await digest(array(ROWS, { standardize: true })),
    await digest(array(ROWS, { dequantize: 1 })),
    await digest(array(ROWS, { split: FRACTIONS })),
    await digest({ kind: "circles", noise: 0.1, factor: 0.5 }),
    await digest({ kind: "circles", noise: 0.1, factor: 0.6 }),
  ];
  assert.equal(new Set([same, ...others]).size, others.length + 1);
  assert.equal(
    await digest({ factor: 0.5, noise: 0.1, kind: "circles" }),
    others[4],
  );
});

Deno.test("the parts of a toy are distinct streams without an end", async () => {
  const { parts } = await openData({
    kind: "pinwheel",
    arms: 5,
    radial: 0.3,
    tangential: 0.1,
    rate: 0.25,
  });
  assert.equal(parts.train.rows, Infinity);
  assert.equal(parts.train.table, null);
  const drawn = [parts.train, parts.validation, parts.test].map((part) =>
    part.draw(2, at(0)).data.join()
  );
  assert.equal(new Set(drawn).size, 3);
});

Deno.test("openSource() takes the dimension of the target, and rejects another", async () => {
  const spec = { kind: "uniform", dim: null, low: 0, high: 1 } as const;
  assert.equal((await openSource(spec, { dim: 5 })).dim, 5);
  assert.equal((await openSource(array(ROWS), { dim: 2 })).parts.train.rows, 20);
  await assert.rejects(openSource(spec), {
    name: "InputError",
    field: "source.dim",
    message: "The dimension of the source (uniform) is not known: set its dim",
  });
  await assert.rejects(openSource({ ...spec, dim: 3 }, { dim: 2 }), {
    message: /the source \(uniform\) has 3, the target 2/,
  });
});
