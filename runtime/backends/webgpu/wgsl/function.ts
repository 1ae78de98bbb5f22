/** A function of WGSL. */
export interface WgslFunction {
  /** Names of the functions it calls. */
  readonly uses: readonly string[];
  readonly code: string;
}
