import assert from "node:assert/strict";
import { parseCsv } from "../../../../runtime/data/files/csv.ts";
import { openData } from "../../../../runtime/data/mod.ts";
import { csv, FIXTURES } from "../fixtures.ts";

const open = (name: string, changes: Parameters<typeof csv>[1] = {}) =>
  openData(csv(name, changes), { base: FIXTURES });
const rows = async (...args: Parameters<typeof open>) => [
  ...(await open(...args)).parts.train.table!.data,
];

Deno.test("openData() reads columns by name, in the order asked for", async () => {
  const data = await open("weather.csv", { columns: ["rain", "wind, m/s"] });
  assert.deepEqual([data.dim, data.columns], [2, ["rain", "wind, m/s"]]);
  assert.deepEqual([...data.parts.train.table!.data], [0, 3.5, 10, 4.5, 20, 5.5, 30, 6.5]);
});

Deno.test("openData() takes all columns but those that rows are selected and split by", async () => {
  const data = await open("weather.csv", {
    select: [{ column: "city", equals: "Bergen" }],
    split: { kind: "column", column: "day", train: [3], validation: [], test: ["4"] },
  });
  assert.deepEqual(data.columns, ["wind, m/s", "rain"]);
  assert.deepEqual([...data.parts.train.table!.data], [5.5, 20]);
  assert.deepEqual([...data.parts.test.table!.data], [6.5, 30]);
});

Deno.test("openData() reads a file without a header, columns by position", async () => {
  assert.deepEqual(await rows("no_header.csv", { header: false }), [1, 2, 3, 4]);
  assert.deepEqual(await rows("no_header.csv", { header: false, columns: ["1"] }), [2, 4]);
});

Deno.test("openData() drops rows with missing values, or puts the mean of train", async () => {
  const gaps = { delimiter: ";" };
  assert.deepEqual(await rows("gaps.csv", { ...gaps, missing: "drop" }), [1, 10, 5, 40]);
  assert.deepEqual(
    await rows("gaps.csv", { ...gaps, missing: "mean" }),
    [1, 10, 3, 20, 3, Math.fround(70 / 3), 5, 40],
  );
  assert.deepEqual(await rows("gaps.csv", { ...gaps, columns: ["b"], missing: "drop" }), [
    10,
    20,
    40,
  ]);
  await assert.rejects(open("gaps.csv", gaps), {
    name: "InputError",
    message:
      "Cannot read 'gaps.csv': line 3, column \"a\" must be a finite number: found a missing value or NaN",
  });
});

Deno.test("openData() puts the mean of the train part alone", async () => {
  const data = await open("gaps.csv", {
    delimiter: ";",
    columns: ["a"],
    missing: "mean",
    split: { kind: "column", column: "b", train: [10], validation: [], test: [20] },
  });
  assert.deepEqual([...data.parts.test.table!.data], [1]);
  const unknown = open("gaps.csv", {
    delimiter: ";",
    columns: ["a"],
    missing: "mean",
    split: { kind: "column", column: "b", train: [20], validation: [], test: [10] },
  });
  await assert.rejects(unknown, {
    name: "InputError",
    message: /column "a" has no value at all in the train part/,
  });
});

Deno.test("openData() names the line of a fault in a CSV file", async () => {
  const rejects = (name: string, message: string | RegExp) =>
    assert.rejects(open(name), { name: "InputError", message });
  await rejects(
    "ragged.csv",
    "Cannot read 'ragged.csv' as CSV: line 3 has 1 values, and the first line has 2: is the " +
      'delimiter "," right, and are values that hold it quoted?',
  );
  await rejects(
    "text.csv",
    /line 3, column "b" must hold a number: found "four"; name the columns/,
  );
  await rejects("weather.csv", /line 2, column "city" must hold a number: found "Oslo"/);
  await rejects("infinity.csv", /line 3, column "b" must be a finite number: found Infinity/);
  await rejects("open_quote.csv", /as CSV: Quote Not Closed/);
  await rejects("no_rows.csv", "Cannot read 'no_rows.csv': it holds no rows");
  await rejects("twice.csv", /the name "a" stands above two columns/);
  await rejects("not_utf8.csv", /it is not text in UTF-8/);
});

Deno.test("openData() suggests the name of a misspelt column", async () => {
  await assert.rejects(open("weather.csv", { columns: ["rain", "dya"] }), {
    name: "InputError",
    field: "columns[1]",
    message: 'Cannot read \'weather.csv\': there is no column "dya", only "day", "city", ' +
      '"wind, m/s", "rain"; did you mean "day"?',
  });
  await assert.rejects(open("weather.csv", { select: [{ column: "town", equals: 1 }] }), {
    field: "select[0].column",
  });
});

Deno.test("a blank line is a missing value in a file of one column, and nothing in a wider one", async () => {
  const folder = await Deno.makeTempDir();
  const values = async (text: string, changes: Parameters<typeof csv>[1] = {}) => {
    const path = `${folder}/blank.csv`;
    await Deno.writeTextFile(path, text);
    return [...(await openData(csv(path, changes))).parts.train.table!.data];
  };
  for (const end of ["\n", "\r\n"]) {
    const one = ["", "a", "1", "", "3", ""].join(end);
    await assert.rejects(values(one), {
      name: "InputError",
      message: /line 4, column "a" must be a finite number: found a missing value or NaN/,
    });
    assert.deepEqual(await values(one, { missing: "drop" }), [1, 3]);
    assert.deepEqual(await values(one, { missing: "mean" }), [1, 2, 3]);
    const bare = ["1", "", "3"].join(end);
    assert.deepEqual(await values(bare, { missing: "mean", header: false }), [1, 2, 3]);
    assert.deepEqual(await values(["a,b", "1,2", "", "3,4", "", ""].join(end)), [1, 2, 3, 4]);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("parseCsv() counts lines as an editor does, through blank and quoted line ends", () => {
  const text = 'a,b\r\n\r\n1,"2"\r\n"3\r\n",4\r\n5,six\r\n';
  const file = parseCsv(new TextEncoder().encode(text), "it", { delimiter: ",", header: true });
  assert.deepEqual([file.rows, file.cell(1, 0), file.place(0)], [3, "3\n", "line 3"]);
  assert.deepEqual([file.place(2), file.cell(2, 1)], ["line 6", "six"]);
});
