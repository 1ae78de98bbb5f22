/** Runs kernels over rows: as many tiles and iterations of their loop in a dispatch as a submission may take. */
import { evaluate } from "../../../../graph/mod.ts";
import { FRAME } from "../compile/rows/frame.ts";
import type { Place } from "../place.ts";
import type { RowsStep } from "../plan.ts";
import { readBack } from "./read.ts";
import type { RunnerOptions } from "./runner.ts";

/** Rounds of dispatches between two looks at whether all rows have ended: one at first, then more. */
const LAST_LOOK = 32;

/** Iterations in a dispatch at most, however short they are. */
const MOST_STEPS = 2 ** 20;

/**
 * Encodes a kernel over rows until its loop has ended; where rows say when, the host looks now and then.
 *
 * @throws What `signal` was aborted with.
 */
export async function runRows(
  { kernel, total, room, loop }: RowsStep,
  options: RunnerOptions,
): Promise<void> {
  const { encoder, host, pace, signal } = options;
  const tiles = kernel.workgroups;
  const iteration = loop?.work ?? 0;
  const together = Math.max(1, Math.floor(tiles * pace.mostWork / (kernel.work + iteration)));
  const stride = together < tiles
    ? 1
    : Math.max(1, Math.min(MOST_STEPS, Math.floor((pace.mostWork - kernel.work) / iteration)));
  encoder.setIndex(FRAME.total, total);
  encoder.setIndex(FRAME.room, room);
  const round = async (first: number, until: number, last: boolean): Promise<void> => {
    encoder.setIndex(FRAME.first, first);
    encoder.setIndex(FRAME.until, until);
    encoder.setIndex(FRAME.last, Number(last));
    const work = kernel.work + (until - first) * iteration;
    for (let tile = 0; tile < tiles; tile += together) {
      await encoder.keepUp();
      signal.throwIfAborted();
      const beyond = Math.min(tiles, tile + together);
      encoder.setIndex(FRAME.tile, tile);
      encoder.setIndex(FRAME.beyond, beyond);
      const workgroups = beyond - tile;
      encoder.dispatch(kernel, { workgroups, work: work * workgroups / tiles });
    }
  };
  if (loop === null) return await round(0, 0, true);
  const most = loop.count === null ? Infinity : evaluate([loop.count], host)[0].data[0];
  let look = 1;
  let unseen = 0;
  for (let first = 0;;) {
    const until = Math.max(0, Math.min(most, first + stride));
    await round(first, until, until >= most);
    if (until >= most) return;
    first = until;
    if (loop.alive === null || ++unseen < look) continue;
    if (!await anyAlive(loop.alive, options)) return;
    unseen = 0;
    look = Math.min(LAST_LOOK, 2 * look);
  }
}

/** Whether some workgroup is still on its way. */
async function anyAlive(
  { arena, offset, length, dtype }: Place,
  { device, buffers, encoder }: RunnerOptions,
): Promise<boolean> {
  encoder.submit();
  const [words] = await readBack(device, [{ buffer: buffers.of(arena), offset, length, dtype }]);
  return words.some((word) => word !== 0);
}
