import type { z } from "npm:zod@4.6.7";
import type { DataSpec } from "../spec/data.ts";
import { dataSetRecords } from "./data_sets.ts";
import { kinds } from "./record.ts";
import { toyRecords } from "./toys.ts";

/** Schemas of everything that samples come from. */
export const dataRecords: readonly z.ZodObject[] = [...toyRecords, ...dataSetRecords];

/** Schema of a toy distribution or a data set. */
export const dataSchema: z.ZodType<DataSpec> = kinds(dataRecords);
