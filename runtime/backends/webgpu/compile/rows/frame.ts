/** Numbers that a kernel over rows is told at each dispatch. */

/** Where they stand in its frame. */
export const FRAME = {
  /** The iteration to begin with, of the loop that is done some at a time. */
  first: 0,
  /** The iteration to stop before. */
  until: 1,
  /** Rows. */
  total: 2,
  /** 1 if the loop's count is reached then. */
  last: 3,
  /** Rows that tensors of all rows have room for. */
  room: 4,
  /** The first tile of this dispatch. */
  tile: 5,
  /** The tile to stop before. */
  beyond: 6,
} as const;

/** A number as the kernel reads it. */
export function told(name: keyof typeof FRAME): string {
  return `frame.at[${FRAME[name] >> 2}u][${FRAME[name] & 3}u]`;
}
