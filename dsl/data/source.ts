import type { Dimension } from "../dimension.ts";
import type { DataSpec } from "../spec/data.ts";

/** Where samples of one kind come from, in D coordinates. */
export type Data<T extends DataSpec, D extends number = number> = T & Dimension<D>;

/** Where samples come from, in D coordinates. */
export type DataSource<D extends number = number> = Data<DataSpec, D>;
