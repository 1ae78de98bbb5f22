/**
 * Makes the page: bundles its two modules beside it.
 *
 *     deno run -A examples/browser/build.ts FOLDER
 *
 * Then serve FOLDER, for instance with `deno run -A npm:http-server@14.1.1 FOLDER`, and open it in a browser with WebGPU.
 */
import { fileURLToPath } from "node:url";

const [folder] = Deno.args;
if (folder === undefined) {
  console.error("Name a folder for the page: deno run -A examples/browser/build.ts FOLDER");
  Deno.exit(2);
}
const here = new URL("./", import.meta.url);
await Deno.mkdir(folder, { recursive: true });
for (const name of ["main", "crypto"]) {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--platform", "browser", "--minify"],
      ...["--output", `${folder}/${name}.js`, fileURLToPath(new URL(`${name}.ts`, here))],
    ],
  }).output();
  if (success) continue;
  console.error(new TextDecoder().decode(stderr));
  Deno.exit(1);
}
await Deno.copyFile(new URL("index.html", here), `${folder}/index.html`);
