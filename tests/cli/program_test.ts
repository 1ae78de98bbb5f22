import assert from "node:assert/strict";
import { COMMANDS } from "../../cli/commands/mod.ts";
import { addCompletions } from "../../cli/completions.ts";
import { buildProgram, dispatch } from "../../cli/program.ts";
import { CLI, deno, inFolder, pipelineFile } from "./command_line.ts";

const standalone = { file: null, read: () => Promise.reject(new Error("not asked for")) };

for (const definition of COMMANDS) {
  Deno.test(`help of ${definition.name} shows what it does, its flags and examples that it accepts`, () => {
    const program = buildProgram(standalone, "deno run -A cli/main.ts");
    const command = program.commands.find((one) => one.name() === definition.name)!;
    let help = "";
    command.configureOutput({ writeOut: (text) => help += text });
    command.outputHelp();
    assert.ok(help.includes(definition.description.slice(0, 40)));
    assert.match(help, /--json[^]*--quiet[^]*Examples:\n {2}# /);
    assert.ok(definition.examples.length > 0);
    for (const [args, does] of definition.examples) {
      assert.ok(help.includes(`# ${does}\n`), does);
      const words = args.split(/[>|]/)[0].split(" ").filter((word) => word !== "");
      const pipeline = definition.on === "pipeline" ? ["moons.ts"] : [];
      command.action(() => {});
      program.exitOverride().configureOutput({ writeErr: (text) => assert.fail(text) });
      program.parse([definition.name, ...pipeline, ...words], { from: "user" });
    }
  });
}

Deno.test("dispatch() names the nearest to a command that there is not, also after help", async () => {
  for (
    const [args, message] of [
      [["trian"], /^unknown command 'trian'; did you mean 'train'\? There are run, /],
      [["help", "trian"], /^unknown command 'trian'; did you mean 'train'\? There are run, /],
      [["help", "xyzzy"], /^unknown command 'xyzzy': there are run, /],
      [["moons.ts"], /^'moons\.ts' is a file, and a command comes before it: there are run, /],
    ] as const
  ) {
    const program = buildProgram(standalone, "deno run -A cli/main.ts");
    await assert.rejects(dispatch(program, args), { name: "InputError", message });
  }
});

Deno.test("completions name commands, flags, their choices, and the pipelines here", async () => {
  const program = buildProgram(standalone, "pushforward");
  await addCompletions(program);
  const names = program.commands.map((command) => command.name());
  assert.ok(names.includes("complete"));
  await inFolder(pipelineFile(), async (folder) => {
    const asked = async (...words: string[]) =>
      (await deno(folder, CLI, "complete", "--", ...words)).out.split("\n");
    assert.ok(
      (await asked("tr")).includes("train\ttrain the velocity, or say that it is trained already"),
    );
    assert.ok((await asked("train", "")).includes("tiny.ts\tpipeline"));
    assert.deepEqual(
      (await asked("train", "--backend", "c")).filter((line) => /^cpu/.test(line)).length,
      1,
    );
    for (const shell of ["bash", "zsh", "fish"]) {
      const { code, out } = await deno(folder, CLI, "complete", shell);
      assert.equal(code, 0);
      assert.match(out, /pushforward complete --/);
    }
  });
});

Deno.test("--json prints one document on stdout whatever the command, and --quiet nothing for people", () =>
  inFolder(pipelineFile({ metrics: "[]" }), async (folder) => {
    const commands: readonly (readonly [args: string[], keys: string[]])[] = [
      [["train"], [
        "name",
        "hash",
        "seed",
        "backend",
        "folder",
        "metrics",
        "timings",
        "files",
        "loss",
      ]],
      [["sample", "-n", "10"], [
        "name",
        "hash",
        "seed",
        "backend",
        "folder",
        "metrics",
        "timings",
        "files",
        "loss",
      ]],
      [["graph"], ["spec", "hash", "dim", "nodes"]],
      [["status"], ["name", "hash", "seed", "backend", "folder", "nodes"]],
      [["schema"], ["$schema", "title"]],
      [["init", "new.ts"], ["file", "template"]],
      [["doctor"], ["versions", "backends", "gpu", "permissions", "disk"]],
    ];
    for (const [args, keys] of commands) {
      const { code, out, err } = await deno(folder, "tiny.ts", ...args, "--json", "--quiet");
      assert.equal(code, 0, err);
      const document = JSON.parse(out) as Record<string, unknown>;
      assert.deepEqual(Object.keys(document).slice(0, keys.length), keys, args.join(" "));
      assert.doesNotMatch(err, /training|wrote|ready/);
    }
    const quiet = await deno(folder, "tiny.ts", "train", "--quiet");
    assert.deepEqual(quiet, { code: 0, out: "", err: "" });
  }));
