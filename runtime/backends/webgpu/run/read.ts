import type { DType } from "../../../../graph/mod.ts";
import type { RunTensor } from "../../backend.ts";
import { WORD } from "./buffers.ts";

/** Words of a buffer that are wanted on the host. */
export interface Wanted {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly length: number;
  readonly dtype: DType;
}

/** Something on its way to the host, which is either read, once, or dropped. */
export interface Coming<T> {
  /** Waits for it. */
  read(): Promise<T>;
  /** Frees what holds it. */
  drop(): void;
}

/** Copies parts of buffers aside, all in one go, after everything submitted so far. */
export function copyAside(
  device: GPUDevice,
  wanted: readonly Wanted[],
): Coming<RunTensor["data"][]> {
  const total = wanted.reduce((n, { length }) => n + length, 0);
  if (total === 0) {
    const empty = wanted.map(({ dtype }) => elementsOf(new ArrayBuffer(0), dtype));
    return { read: () => Promise.resolve(empty), drop: () => {} };
  }
  const staging = device.createBuffer({
    size: total * WORD,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const commands = device.createCommandEncoder();
  let end = 0;
  for (const { buffer, offset, length } of wanted) {
    if (length === 0) continue;
    commands.copyBufferToBuffer(buffer, offset * WORD, staging, end * WORD, length * WORD);
    end += length;
  }
  device.queue.submit([commands.finish()]);
  const read = async (): Promise<RunTensor["data"][]> => {
    try {
      await staging.mapAsync(GPUMapMode.READ);
      const bytes = staging.getMappedRange().slice(0);
      let at = 0;
      return wanted.map(({ length, dtype }) => {
        const part = bytes.slice(at * WORD, (at + length) * WORD);
        at += length;
        return elementsOf(part, dtype);
      });
    } finally {
      staging.destroy();
    }
  };
  return { read, drop: () => staging.destroy() };
}

/** Reads parts of buffers back. */
export function readBack(
  device: GPUDevice,
  wanted: readonly Wanted[],
): Promise<RunTensor["data"][]> {
  return copyAside(device, wanted).read();
}

function elementsOf(bytes: ArrayBuffer, dtype: DType): RunTensor["data"] {
  switch (dtype) {
    case "f32":
      return new Float32Array(bytes);
    case "i32":
      return new Int32Array(bytes);
    case "bool":
      return Uint8Array.from(new Int32Array(bytes));
    default:
      return dtype satisfies never;
  }
}
