/** Runs kernels over rows: as many iterations of their loop in a dispatch as a submission may take. */
import { evaluate } from "../../../../graph/mod.ts";
import { FRAME } from "../compile/rows/frame.ts";
import type { Place } from "../place.ts";
import type { RowsStep } from "../plan.ts";
import { readBack } from "./read.ts";
import type { RunnerOptions } from "./runner.ts";

/** Dispatches between two looks at whether all rows have ended: one at first, then more. */
const LAST_LOOK = 32;

/** Encodes a kernel over rows until its loop has ended; where rows say when, the host looks now and then. */
export async function runRows(
  { kernel, total, room, loop }: RowsStep,
  options: RunnerOptions,
): Promise<void> {
  const { encoder, host, pace } = options;
  encoder.setIndex(FRAME.total, total);
  encoder.setIndex(FRAME.room, room);
  const dispatch = (first: number, until: number, last: boolean): void => {
    encoder.setIndex(FRAME.first, first);
    encoder.setIndex(FRAME.until, until);
    encoder.setIndex(FRAME.last, Number(last));
    encoder.dispatch(kernel, kernel.work + (loop === null ? 0 : (until - first) * loop.work));
  };
  if (loop === null) return dispatch(0, 0, true);
  const most = loop.count === null ? Infinity : evaluate([loop.count], host)[0].data[0];
  const stride = Math.max(1, Math.floor((pace.mostWork - kernel.work) / Math.max(1, loop.work)));
  let look = 1;
  let unseen = 0;
  for (let first = 0;;) {
    const until = Math.max(0, Math.min(most, first + stride));
    dispatch(first, until, until >= most);
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
