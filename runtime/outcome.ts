/** A check of ours that failed on the user's run: exit code 1, no stack trace. */
export class CheckFailed extends Error {
  /** Always `"CheckFailed"`. */
  override readonly name: string = "CheckFailed";
}

/** The run was stopped from outside; what was done is kept, and the same command goes on from there. */
export class Interrupted extends Error {
  /** Always `"Interrupted"`. */
  override readonly name: string = "Interrupted";
}
