/** @jsxRuntime automatic */
/** @jsxImportSource npm:hono@4.13.19/jsx */
import type { Html } from "../html.ts";
import { stringify } from "../../dsl/mod.ts";
import type { RunRecord } from "../../runtime/record.ts";

/** How to make the run again: commands, settings, versions and digests. */
export function ReproduceView({ record }: { record: RunRecord }): Html {
  const { spec, backend, software, machine, digests, hash, program, origin } = record;
  const { name } = backend;
  const versions = Object.entries(software).map(([what, version]) => `${what} ${version}`);
  const facts: readonly (readonly [string, string])[] = [
    ["spec", hash],
    ...Object.entries(digests),
  ];
  return (
    <>
      <p>The numbers are a function of the settings, the data and the backend.</p>
      {origin === undefined ? null : (
        <>
          <p>
            Run the pipeline file <code>{origin.file}</code>, from the folder where it was run:
          </p>
          <pre>{`${origin.command} --backend ${name}\n`}</pre>
        </>
      )}
      <p>
        {origin === undefined ? "Save" : "Or save"} the settings below as <code>spec.json</code>
        {" "}
        (the run folder holds them too), and run them:
      </p>
      <pre>{`deno run -A ${program} run spec.json --backend ${name}\n`}</pre>
      <table>
        <tbody>
          <Row name="Seed" value={String(spec.seed)} />
          <Row name="Versions" value={versions.join(", ")} />
          <Row name="Backend" value={`${backend.identity} (${backend.reason})`} />
          <Row
            name="Machine"
            value={`${machine.os}, ${machine.architecture}, ${machine.cores} cores`}
          />
          <Row name="Finished" value={record.finished} />
        </tbody>
      </table>
      <h3>Digests (SHA-256)</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Of</th>
            <th scope="col">Digest</th>
          </tr>
        </thead>
        <tbody>
          {facts.map(([what, digest]) => (
            <tr>
              <th scope="row">{what}</th>
              <td class="digest">
                <code>{digest}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <details>
        <summary>Settings: spec.json</summary>
        <pre>{shortened(stringify(spec, { indent: 2 }))}</pre>
      </details>
    </>
  );
}

/** Settings of this length are printed; longer ones, with data or traced functions in them, are in the run folder. */
const LONGEST = 60_000;

function shortened(text: string): string {
  return text.length <= LONGEST
    ? text
    : `${text.slice(0, LONGEST)}\n… ${text.length - LONGEST} more characters: see spec.json`;
}

function Row({ name, value }: { name: string; value: string }): Html {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="digest">{value}</td>
    </tr>
  );
}
