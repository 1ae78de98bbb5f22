/**
 * Plans of programs over rows: one kernel, in which each workgroup takes a few rows, its tile, through the whole program.
 *
 * What belongs to a tile lies in workgroup memory; weights are read from storage. A loop is done some iterations in a
 * dispatch, so that none lasts as long as a desktop's watchdog waits.
 */
import { type Expression, type Program, rootsOfProgram } from "../../../../../graph/mod.ts";
import { splitInputs } from "../../../../../graph/loop_body.ts";
import { count } from "../../../../../graph/shape.ts";
import type { FixedTensor } from "../../../../onnx/mod.ts";
import { arenaOf, asWords, type Place, roomFor, take, WORDS } from "../../place.ts";
import type { Plan, RowsLoop, RowsStep } from "../../plan.ts";
import { sizesOf } from "../../wgsl/sizes.ts";
import { PlanParts, type Settings } from "../block.ts";
import { simplified, withSizes } from "../bound.ts";
import { hostKnows, isHostSized, nameOf } from "../program.ts";
import { compileTileBlock, type Resume } from "./block.ts";
import { TileBindings } from "./bindings.ts";
import { rowsKernel } from "./kernel.ts";
import { longestLoop, resumed } from "./resume.ts";
import { TileText } from "./text.ts";

/** What a plan is made with. */
export interface RowsOptions {
  readonly settings: Settings;
  readonly fixed: Readonly<Record<string, FixedTensor>>;
  /** The size that counts rows, see `rowsOf`. */
  readonly rows: string;
  /** How many there are. */
  readonly total: number;
}

/** Rows of a tile at least: with fewer, a workgroup reads weights for too little. */
const LEAST_ROWS = 8;

/**
 * The plan of a program that works row by row, or null if its tiles do not fit a workgroup's memory, or its tensors their
 * buffers. Tiles are as large as they can be while there are enough of them to keep the device busy.
 */
export function rowsPlan(program: Program, options: RowsOptions): Plan | null {
  const { settings: { layout: { whole, busy } }, total } = options;
  if (whole === null || total === 0) return null;
  let found: Plan | null = null;
  for (let tile = whole.rows; tile >= LEAST_ROWS; tile /= 2) {
    found = planOf(program, tile, { ...options, lanes: whole.lanes }) ?? found;
    if (found !== null && Math.ceil(total / tile) >= busy) break;
  }
  return found;
}

/** The plan for tiles of a size, if they fit. */
function planOf(
  program: Program,
  tile: number,
  { settings, fixed, rows, total, lanes }: RowsOptions & { readonly lanes: number },
): Plan | null {
  const bound = simplified(withSizes(program, { [rows]: tile }));
  const parts = new PlanParts(settings);
  const bindings = new TileBindings(tile);
  const text = new TileText(bindings, { lanes, constant: (node) => parts.constant(node) });
  const room = roomFor(total);
  const taken = { f32: 0, i32: 0 };

  /** A place in a tile, of a tensor whose other rows are elsewhere. */
  const ofAll = ({ length, dtype }: Pick<Place, "length" | "dtype">): Place => {
    const arena = bindings.all[WORDS[dtype]];
    const offset = taken[arena.type];
    taken[arena.type] += length / tile;
    return { arena, offset, length, dtype, level: null };
  };
  const onHost = (place: Place): Place => ({
    ...place,
    offset: place.offset * room,
    length: place.length / tile * total,
  });

  const leaves = new Map<Expression, Place>();
  const inputs = new Map<string, Place>();
  const fetched: { readonly from: Place; readonly to: Place }[] = [];
  bound.inputs.forEach((x, i) => {
    let place: Place;
    if (program.inputs[i].shape[0] === rows) {
      const from = ofAll(tensor(x));
      const to = takeFours(bindings.tile[from.arena.type], from);
      fetched.push({ from, to });
      leaves.set(x, to);
      place = onHost(from);
    } else leaves.set(x, place = parts.give(x));
    const name = nameOf(x);
    if (Object.hasOwn(fixed, name)) parts.filled.push({ place, data: fixed[name].data });
    else inputs.set(name, place);
  });
  const names = Object.keys(bound.outputs);
  const stores = rootsOfProgram(bound).map((node) => ({ node, place: ofAll(tensor(node)) }));
  const start = { f32: bindings.tile.f32.size, i32: bindings.tile.i32.size };

  const node = longestLoop(bound);
  let loop: RowsLoop | null = null;
  let resume: Resume | null = null;
  const alive = take(arenaOf("alive", "i32"), Math.ceil(total / tile), "i32");
  if (node !== null) {
    const { count: length } = splitInputs<Expression>(node, node.inputs);
    const known = bound.inputs.filter((x) => inputs.has(nameOf(x)) && isHostSized(x));
    if (length !== null && !hostKnows(length, known)) return null;
    resume = {
      node,
      around: (made) => {
        loop = {
          count: length,
          work: made.work * alive.length,
          alive: made.condition === null ? null : alive,
        };
        return resumed(made, { text, keep: ofAll, alive: alive.arena });
      },
    };
  }
  const fetch = text.call(
    () => null,
    (emitter) =>
      fetched.forEach(({ from, to }) =>
        text.each(
          emitter,
          to.length,
          (i) => emitter.line(bindings.store(asWords(to), i, bindings.loadOfAll(asWords(from), i))),
        )
      ),
  );
  const block = compileTileBlock({
    text,
    leaf: (x) => {
      const place = leaves.get(x);
      return place === undefined ? null : { kind: "place", place };
    },
    stores,
    level: 0,
    start,
    resume,
  });
  if (bindings.sharedBytes > settings.mostShared) return null;
  const kernel = rowsKernel(text, [fetch, "workgroupBarrier();", ...block.lines], {
    title: `${program.name} [${tile}]`,
    tiles: alive.length,
    mostWorkgroups: settings.mostWorkgroups,
    work: block.work * alive.length,
  });
  for (const type of ["f32", "i32"] as const) bindings.all[type].size = taken[type] * room;
  const outputs = stores.map(({ node, place }, i) => ({
    name: names[i],
    place: onHost(place),
    shape: [total, ...node.shape.slice(1)],
  }));
  const arenas = new Set(kernel.bindings.map(({ arena }) => arena));
  for (const place of [...outputs, ...parts.filled].map(({ place }) => place)) {
    arenas.add(place.arena);
  }
  for (const place of inputs.values()) arenas.add(place.arena);
  const fits = kernel.bindings.length <= settings.mostBindings &&
    [...arenas].every(({ size }) => size <= settings.mostWords);
  if (!fits) return null;
  const step: RowsStep = { kind: "rows", kernel, tile, total, room, loop };
  return {
    steps: [step],
    arenas: [...arenas],
    filled: parts.filled,
    inputs,
    outputs,
    copies: [],
  };
}

/** A place in workgroup memory that can be read by fours. */
function takeFours(arena: Place["arena"], { length, dtype }: Place): Place {
  const offset = arena.size;
  arena.size += Math.ceil(length / 4) * 4;
  return { arena, offset, length, dtype, level: null };
}

function tensor(node: Expression): Pick<Place, "length" | "dtype"> {
  return { length: count(sizesOf(node)), dtype: node.dtype };
}
