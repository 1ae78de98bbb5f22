/**
 * Float16 in kernels, where the user allows it: the factors of a matrix product lie in workgroup memory as float16, and are
 * multiplied and added up as float32. Programs with a state, which train, keep float32: slopes may be too small for less.
 */
import type { Program } from "../../../graph/mod.ts";
import type { Settings } from "./compile/block.ts";
import type { Layout } from "./compile/part.ts";
import type { Gpu } from "./device.ts";

/** Bytes of workgroup memory that a tile takes whose factors lie beside its results. */
const BYTES = 20_480;

/** Why factors cannot be float16; null if they can. */
export function missingForHalf({ half, limits }: Gpu, { tiled }: Layout): string | null {
  if (!half) return "this GPU has no float16 in its kernels (shader-f16)";
  if (limits.workgroupBytes < BYTES) return "this GPU's workgroups have too little memory";
  return tiled ? null : "products are not made through workgroup memory in software";
}

/** What a program is compiled with. */
export function settingsFor({ state }: Program, settings: Settings): Settings {
  if (!settings.layout.half || state.length === 0) return settings;
  return { ...settings, layout: { ...settings.layout, half: false } };
}
