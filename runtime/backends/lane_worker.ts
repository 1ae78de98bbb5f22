/**
 * The other end of `worker_lane.ts`: a worker that holds programs as sessions with one thread each. It lives in a
 * file of its own since a worker begins with a module.
 *
 * @module
 */
import type { Tensor } from "npm:onnxruntime-common@1.30.0";
import type { WorkerModule } from "../worker_module.ts";
import type { RunTensor } from "./backend.ts";
import { nativeOptions, nativeRuntime } from "./cpu.ts";
import type { Session } from "./session.ts";
import { elementTypeOf } from "../onnx/mod.ts";
import type { LaneMessage, LaneReply } from "./worker_lane.ts";

/** How to start it. */
export const LANE_WORKER: WorkerModule = { url: import.meta.url, name: "pushforward lane" };

const scope = self as unknown as {
  readonly name?: string;
  onmessage: (event: MessageEvent<LaneMessage>) => void;
  postMessage(reply: LaneReply, transfer: Transferable[]): void;
};

const sessions = new Map<number, Session>();

async function answer(request: LaneMessage): Promise<Record<string, RunTensor>> {
  const native = await nativeRuntime();
  if ("missing" in native) throw new Error(native.missing);
  const { runtime } = native;
  switch (request.kind) {
    case "load":
      sessions.set(
        request.program,
        await runtime.InferenceSession.create(request.model, nativeOptions(1)),
      );
      return {};
    case "release": {
      const session = sessions.get(request.program);
      sessions.delete(request.program);
      await session?.release();
      return {};
    }
    case "run": {
      const session = sessions.get(request.program);
      if (session === undefined) throw new Error("Cannot run a program that was closed");
      const feeds: Record<string, Tensor> = {};
      for (const [name, { data, shape }] of Object.entries(request.inputs)) {
        feeds[name] = new runtime.Tensor(elementTypeOf(data) as "float32", data as never, shape);
      }
      const outputs: Record<string, RunTensor> = {};
      for (const [name, value] of Object.entries(await session.run(feeds))) {
        const { data, dims } = value as Tensor;
        outputs[name] = { data: data as RunTensor["data"], shape: [...dims] };
      }
      return outputs;
    }
    default:
      return request satisfies never;
  }
}

let last: Promise<void> = Promise.resolve();

async function reply(request: LaneMessage): Promise<void> {
  const { id } = request;
  try {
    const outputs = await answer(request);
    const buffers = Object.values(outputs).map(({ data }) => data.buffer as ArrayBuffer);
    scope.postMessage({ id, outputs }, buffers);
  } catch (error) {
    scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) }, []);
  }
}

if (scope.name === LANE_WORKER.name) {
  scope.onmessage = ({ data }) => {
    last = last.then(() => reply(data));
  };
}
