/** What the network predicts: the velocity, the target sample x_1 or the source sample x_0. */
export type Prediction = "velocity" | "target" | "noise";

/** Mean squared error of the prediction at a random time on the path of a random pair. */
export interface FlowMatchingObjectiveSpec {
  /** Says which kind this is. */
  readonly kind: "flowMatching";
  /** What the network predicts. */
  readonly prediction: Prediction;
}

/** What training minimises. */
export type ObjectiveSpec = FlowMatchingObjectiveSpec;
