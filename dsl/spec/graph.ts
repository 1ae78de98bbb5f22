/**
 * A tensor graph as plain data: what `toJSON` of the tensor graph writes and `fromJSON` reads.
 * A user's own function is traced into one of these, so that it is stored and hashed like the rest.
 */
export interface GraphJSON {
  readonly [key: string]: unknown;
}
