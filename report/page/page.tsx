// deno-lint-ignore-file jsx-key -- rendered once, never updated
/** @jsxRuntime automatic */
/** @jsxImportSource npm:hono@4.13.19/jsx */
import { createHash } from "node:crypto";
import { type Html, raw, textOf } from "../html.ts";
import type { DataSpec, SourceSpec } from "../../dsl/mod.ts";
import type { RunRecord } from "../../runtime/record.ts";
import { densityFacts, densityPicture } from "../density_plot.ts";
import { formatNumber } from "../format.ts";
import { graphPicture } from "../graph_picture.tsx";
import { imageSizeOf } from "../image_grid.ts";
import { lossPicture } from "../loss_plot.ts";
import { marginalsPicture } from "../marginals_plot.ts";
import { samplesPicture } from "../samples_plot.ts";
import flowScript from "./flow.js" with { type: "text" };
import { FlowView } from "./flow_view.tsx";
import { MetricsView } from "./metrics_view.tsx";
import { paletteCss } from "./palette.ts";
import { pathsOf } from "./paths.ts";
import { PictureView } from "./picture_view.tsx";
import { ReproduceView } from "./reproduce_view.tsx";
import style from "./style.css" with { type: "text" };
import themeScript from "./theme_switch.js" with { type: "text" };
import { TimingsView } from "./timings_view.tsx";

/**
 * The report of a finished run: one HTML file that needs nothing beside it. A policy in its head forbids it to load
 * anything, and to run any script but its own two.
 *
 * @returns The text of the file, equal for equal records.
 */
export function reportPage(record: RunRecord): string {
  const scripts = [themeScript, flowScript].map((script) => `{${script}}`);
  const hashes = scripts.map((script) =>
    `'sha256-${createHash("sha256").update(script).digest("base64")}'`
  );
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; " +
    `script-src ${hashes.join(" ")}; base-uri 'none'; form-action 'none'`;
  const html = textOf(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content={`Pushforward ${record.software.pushforward}`} />
        <title>{record.spec.name}</title>
        <link rel="icon" href="data:," />
        <style>{raw(paletteCss() + style)}</style>
      </head>
      <body>
        <Body record={record} />
        {scripts.map((script) => <script type="module">{raw(script)}</script>)}
      </body>
    </html>,
  );
  return `<!doctype html>\n${html}\n`;
}

function Body({ record }: { record: RunRecord }): Html {
  const { spec, target, loss, density, nodes, timings, solve, dim } = record;
  const columns = record.columns === null ? {} : { columns: record.columns };
  const seconds = new Map(timings.map(({ node, made, seconds }) => [node, made ?? seconds]));
  const graph = (direction: "right" | "down") => graphPicture({ nodes, seconds, direction });
  const lossOver = (width: number) =>
    lossPicture({ steps: Array.from(loss!, (_, i) => i + 1), loss: loss!, width });
  const sections: readonly (readonly [id: string, title: string, Html])[] = [
    ["samples", "Target and samples", <Samples record={record} />],
    ["metrics", "Metrics", <MetricsView metrics={record.metrics} />],
    ["flow", "From source to target", <Flow record={record} />],
    ...(density === null ? [] : [
      [
        "density",
        "Density",
        <>
          <PictureView picture={densityPicture({ density, target, ...columns })} />
          <DensityFactsView record={record} />
        </>,
      ] as const,
    ]),
    ...(loss === null ? [] : [
      [
        "training",
        "Training",
        <Wide
          wide={<PictureView picture={lossOver(960)} />}
          narrow={<PictureView picture={lossOver(380)} />}
        />,
      ] as const,
    ]),
    [
      "pipeline",
      "The pipeline",
      <>
        <p>
          What is done, in the order of the arrows; on each arrow stands what flows along it. Framed
          in blue is what takes time.
        </p>
        <Wide
          wide={<PictureView picture={graph("right")} />}
          narrow={<PictureView picture={graph("down")} />}
        />
      </>,
    ],
    ["timings", "Timings", <TimingsView timings={timings} />],
    ["reproduce", "Run it again", <ReproduceView record={record} />],
  ];
  const parameters = nodes.find((node) => node.parameters !== null)?.parameters;
  return (
    <>
      <header>
        <h1>{spec.name}</h1>
        <p>
          A flow from {nameOf(spec.source)} to {nameOf(spec.target)} in {dim}{" "}
          {dim === 1 ? "dimension" : "dimensions"}
          {parameters != null && `, a network of ${formatNumber(parameters)} parameters`}, solved by
          {" "}
          {spec.solver.kind} with {formatNumber(solve.evaluations.mean, 3)}{" "}
          evaluations a sample (at most {solve.evaluations.max}).
        </p>
        {solve.failures.length > 0 && (
          <p class="warning">
            Warning: the solver gave up on {formatNumber(solve.failures.length)} of{" "}
            {formatNumber(solve.samples)} samples; the first: {solve.failures[0].reason}
          </p>
        )}
        <nav aria-label="Sections">
          {sections.map(([id, title]) => <a href={`#${id}`}>{title}</a>)}
        </nav>
        <button id="theme" type="button" hidden></button>
      </header>
      <main>
        {sections.map(([id, title, content]) => (
          <section aria-labelledby={id}>
            <h2 id={id}>{title}</h2>
            {content}
          </section>
        ))}
      </main>
    </>
  );
}

/** The kind of a distribution, or the name of a data file. */
function nameOf(data: SourceSpec | DataSpec): string {
  return "path" in data ? data.path.split(/[\\/]/).at(-1)! : data.kind;
}

/** Shows one thing on a wide screen, and another on a narrow one. */
function Wide({ wide, narrow }: { wide: Html; narrow: Html }): Html {
  return (
    <>
      <div class="wide">{wide}</div>
      <div class="narrow">{narrow}</div>
    </>
  );
}

function Samples({ record }: { record: RunRecord }): Html {
  const { samples, target, eventShape, dim } = record;
  const columns = record.columns === null ? {} : { columns: record.columns };
  const caption = `${formatNumber(samples.shape[0])} samples of the model, and ${
    formatNumber(target.shape[0])
  } points of the target (of a data set: its test part); shown are as many as can be told apart.`;
  const apart = imageSizeOf(eventShape) === null && dim > 2 && dim <= 6;
  return (
    <>
      <PictureView picture={samplesPicture({ samples, target, ...columns })} caption={caption} />
      {apart && (
        <>
          <h3>Column by column</h3>
          <PictureView picture={marginalsPicture({ samples, target, ...columns })} />
        </>
      )}
    </>
  );
}

function Flow({ record }: { record: RunRecord }): Html {
  return (
    <div class="beside">
      <div>
        <h3>On their way</h3>
        <FlowView record={record} />
      </div>
      <div>
        <h3>Paths</h3>
        <PictureView {...pathsOf(record)} />
      </div>
    </div>
  );
}

function DensityFactsView({ record }: { record: RunRecord }): Html {
  const { mass, coverage } = densityFacts({ density: record.density!, target: record.target });
  const percent = (share: number): string => `${formatNumber(100 * share, 3)} %`;
  return (
    <>
      <p class="quiet">
        Each shade is the smallest region that holds ten more percent of the model's probability,
        the lightest 99 %. The density integrates to {formatNumber(mass, 4)}{" "}
        over this frame, where 1 is right.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Region that should hold</th>
            <th scope="col">holds of the target's points</th>
          </tr>
        </thead>
        <tbody>
          {coverage.map(({ share, found }) => (
            <tr>
              <th scope="row">{percent(share)}</th>
              <td>{percent(found)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
