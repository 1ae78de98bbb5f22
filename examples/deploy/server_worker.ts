/**
 * One worker of `server.ts`: holds the sessions and answers one request at a time.
 *
 * @module
 */
import ort from "npm:onnxruntime-node@1.30.0";

/** A file of the folder and one input for it. */
export interface Job {
  readonly id: number;
  readonly file: "sampler" | "likelihood";
  readonly input: { readonly name: string; readonly data: Float32Array; readonly shape: number[] };
  /** Output that is wanted. */
  readonly output: string;
}

/** The answer to a job. */
export type Answer =
  | {
    readonly id: number;
    readonly data: Float32Array;
    readonly shape: number[];
    /** Rows that the solver gave up on. */
    readonly failed: number[];
  }
  | { readonly id: number; readonly error: string };

/** What a worker says when it has loaded the sampler, or cannot. */
export type Start = "ready" | { readonly refused: string };

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<string | Job>) => void) | null;
  postMessage(message: Answer | Start): void;
};
const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 } as const;
let folder = "";
const sessions = new Map<string, Promise<ort.InferenceSession>>();

scope.onmessage = async ({ data }) => {
  if (typeof data === "string") {
    folder = data;
    try {
      await session("sampler"); // so that the first request does not wait for it
      scope.postMessage("ready");
    } catch (error) {
      scope.postMessage({ refused: (error as Error).message });
    }
    return;
  }
  const { id, file, input, output } = data;
  try {
    const opened = await session(file);
    const results = await opened.run({
      [input.name]: new ort.Tensor("float32", input.data, input.shape),
    });
    const found = results[output].data as Float32Array;
    const status = results.status.data as Int32Array;
    const failed = [...status.keys()].filter((i) => status[i] !== 0);
    scope.postMessage({ id, data: found, shape: [...results[output].dims], failed });
  } catch (error) {
    scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
};

function session(file: string): Promise<ort.InferenceSession> {
  let found = sessions.get(file);
  if (found === undefined) {
    sessions.set(file, found = ort.InferenceSession.create(`${folder}/${file}.onnx`, options));
  }
  return found;
}
