import { type DatasetContent, revive } from "../../../runtime/data/mod.ts";

/** Draws one minibatch from the data set that it is sent. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<DatasetContent>) => void;
  postMessage(message: unknown): void;
};
scope.onmessage = ({ data }) => {
  const at = { seed: 1, stream: "batch", step: 2 };
  scope.postMessage(revive(data).parts.train.draw(3, at));
};
