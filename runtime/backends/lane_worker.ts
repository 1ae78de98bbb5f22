/**
 * The other end of `worker_lane.ts`: a worker that holds one program as a session with one thread. It lives in a file of its
 * own since a worker begins with a module.
 *
 * @module
 */
import type { InferenceSession, Tensor } from "npm:onnxruntime-common@1.30.0";
import type { RunTensor } from "./backend.ts";
import { nativeOptions, nativeRuntime } from "./cpu.ts";
import { elementTypeOf } from "../onnx/mod.ts";
import type { LaneReply, LaneRequest } from "./worker_lane.ts";

const scope = self as unknown as {
  onmessage: (event: MessageEvent<LaneRequest>) => void;
  postMessage(reply: LaneReply, transfer: Transferable[]): void;
};

let session: InferenceSession;

async function answer(request: LaneRequest): Promise<Record<string, RunTensor>> {
  const native = await nativeRuntime();
  if ("missing" in native) throw new Error(native.missing);
  const { runtime } = native;
  if (request.kind === "load") {
    session = await runtime.InferenceSession.create(request.model, nativeOptions(1));
    return {};
  }
  const feeds: Record<string, Tensor> = {};
  for (const [name, { data, shape }] of Object.entries(request.inputs)) {
    feeds[name] = new runtime.Tensor(elementTypeOf(data) as "float32", data as never, shape);
  }
  const results = await session.run(feeds);
  const outputs: Record<string, RunTensor> = {};
  for (const [name, value] of Object.entries(results)) {
    const { data, dims } = value as Tensor;
    outputs[name] = { data: data as RunTensor["data"], shape: [...dims] };
  }
  return outputs;
}

scope.onmessage = async ({ data: request }) => {
  const { id } = request;
  try {
    const outputs = await answer(request);
    const buffers = Object.values(outputs).map(({ data }) => data.buffer as ArrayBuffer);
    scope.postMessage({ id, outputs }, buffers);
  } catch (error) {
    scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) }, []);
  }
};
