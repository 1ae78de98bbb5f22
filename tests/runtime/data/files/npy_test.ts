import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeNpy, openData, readNpy, writeNpy } from "../../../../runtime/data/mod.ts";
import { parseNpy } from "../../../../runtime/data/files/npy.ts";
import { FIXTURES, npy } from "../fixtures.ts";

const read = async (name: string) => parseNpy(await Deno.readFile(join(FIXTURES, name)), name);
const COUNT = Array.from({ length: 12 }, (_, i) => i);

for (const type of ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]) {
  Deno.test(`parseNpy() reads NumPy's ${type}`, async () => {
    const { shape, values } = await read(`${type}.npy`);
    assert.deepEqual([shape, [...values]], [[4, 3], COUNT]);
  });
}

for (const type of ["i2", "u4", "i8", "f2", "f4", "f8"]) {
  Deno.test(`parseNpy() reads NumPy's ${type} in big-endian order`, async () => {
    assert.deepEqual([...(await read(`big_endian_${type}.npy`)).values], COUNT);
  });
}

Deno.test("parseNpy() reads booleans as 0 and 1", async () => {
  assert.deepEqual([...(await read("b1.npy")).values], COUNT.map((i) => i % 2));
});

Deno.test("parseNpy() reads format versions 2 and 3", async () => {
  for (const version of [2, 3]) {
    assert.deepEqual([...(await read(`version_${version}.npy`)).values], COUNT);
  }
});

Deno.test("parseNpy() turns Fortran order into row-major order", async () => {
  const { shape, values } = await read("fortran.npy");
  assert.deepEqual([shape, [...values]], [[2, 3, 4], Array.from({ length: 24 }, (_, i) => i)]);
});

Deno.test("parseNpy() reads from within a larger buffer", () => {
  const bytes = encodeNpy({ data: Float32Array.of(1, 2), shape: [2] });
  const larger = new Uint8Array(bytes.length + 3);
  larger.set(bytes, 3);
  assert.deepEqual([...parseNpy(larger.subarray(3), "it").values], [1, 2]);
});

Deno.test("parseNpy() names what is wrong with the bytes", async () => {
  const good = await Deno.readFile(join(FIXTURES, "f4.npy"));
  const rejects = (bytes: Uint8Array, message: RegExp) =>
    assert.throws(() => parseNpy(bytes, "'it'"), { name: "InputError", field: "path", message });
  rejects(new Uint8Array(0), /'it' as an \.npy file: it does not begin with the bytes \\x93NUMPY/);
  rejects(new TextEncoder().encode("a,b\n1,2"), /does not begin with the bytes/);
  rejects(good.with(6, 9), /format version is 9, and 1 to 3 are known/);
  rejects(good.subarray(0, 40), /ends within its header/);
  rejects(good.subarray(0, 8), /ends within its header/);
  rejects(good.subarray(0, -1), /truncated: \[4,3\] elements of type '<f4' take 48 bytes, and 47/);
  rejects(good.with(11, 0), /header is not understood/);
  await assert.rejects(read("complex.npy"), /type '<c8', and booleans, integers and real numbers/);
  await assert.rejects(read("records.npy"), /elements are records/);
});

Deno.test("openData() flattens the axes of an .npy file after the first", async () => {
  const data = await openData(npy("fortran.npy"), { base: FIXTURES });
  assert.deepEqual([data.dim, data.eventShape, data.columns], [12, [3, 4], null]);
  assert.deepEqual(data.parts.train.table!.shape, [2, 12]);
  const vector = await openData(npy("vector.npy"), { base: FIXTURES });
  assert.deepEqual([vector.dim, vector.eventShape, vector.parts.train.rows], [1, [1], 4]);
});

Deno.test("openData() rejects an .npy file without rows, and values that are not finite", async () => {
  const rejects = (name: string, message: RegExp) =>
    assert.rejects(openData(npy(name), { base: FIXTURES }), { name: "InputError", message });
  await rejects("scalar.npy", /holds a single number, and rows are needed/);
  await rejects(
    "not_a_number.npy",
    /row 2 \(counted from 0\), column 1 must be a finite number.*NaN/,
  );
  await rejects("infinity.npy", /row 2 \(counted from 0\), column 1 must be.*found -Infinity/);
});

Deno.test("writeNpy() writes what readNpy() reads, for any shape", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const shape of [[6], [2, 3], [1, 2, 3], []]) {
      const data = Float32Array.from({ length: shape.length ? 6 : 1 }, (_, i) => i / 4);
      const path = join(folder, "samples.npy");
      await writeNpy(path, { data, shape });
      assert.deepEqual(await readNpy(path), { data, shape });
      assert.equal(((await Deno.stat(path)).size - 4 * data.length) % 64, 0);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeNpy() and readNpy() name a file that they cannot reach", async () => {
  const path = join(FIXTURES, "f4.npy", "inside");
  await assert.rejects(writeNpy(path, { data: new Float32Array(1), shape: [1] }), {
    name: "InputError",
    message: /^Cannot write '.*inside': /,
  });
  await assert.rejects(readNpy(join(FIXTURES, "none.npy")), {
    name: "InputError",
    message: /^Cannot read '.*none\.npy': no such file or folder$/,
  });
});

Deno.test("encodeNpy() writes the bytes that numpy.save writes", async () => {
  const bytes = encodeNpy({ data: Float32Array.from(COUNT), shape: [4, 3] });
  assert.deepEqual(bytes, await Deno.readFile(join(FIXTURES, "f4.npy")));
});
