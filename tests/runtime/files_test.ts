import assert from "node:assert/strict";
import { join } from "node:path";
import { writablePlace } from "../../runtime/files.ts";
import { inFolder } from "../in_folder.ts";

Deno.test("writablePlace() makes the folder of a file, and leaves nothing else", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "there"), "kept");
    await writablePlace(join(folder, "there"));
    assert.equal(await Deno.readTextFile(join(folder, "there")), "kept");
    await writablePlace(join(folder, "new", "file"));
    assert.deepEqual([...Deno.readDirSync(join(folder, "new"))], []);
  }));

Deno.test("writablePlace() says what is in the way of a file", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    const places: readonly (readonly [path: string, message: RegExp])[] = [
      [folder, /^Cannot write '.*': it is a folder, not a file$/],
      [`${folder}/new/`, /^Cannot write '.*new\/': it is a folder, not a file$/],
      ["", /^Cannot write '': it is a folder, not a file$/],
      [join(folder, "file", "x"), /^Cannot write '.*x': a file of that name is in the way$/],
    ];
    for (const [path, message] of places) {
      await assert.rejects(writablePlace(path), { name: "InputError", message });
    }
  }));
