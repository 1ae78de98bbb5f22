/** What flows along an edge of the execution graph. Two ports join only when their types are equal. */
export type PortType =
  | "x_0" // samples of the source, [n, d]
  | "x_1" // samples of the target, [n, d]
  | "pairs" // coupled samples (x_0, x_1), [batch, d] each
  | "path" // the interpolant: weights a(t), b(t)
  | "network" // a velocity with its parameters unset
  | "loss" // a scalar to minimise
  | "field" // a velocity ready to be integrated
  | "flow" // the flow map: samples, trajectories and densities
  | "value"; // a measured number

/** The kinds of node that an execution graph has. */
export type NodeKind =
  | "source"
  | "data"
  | "coupling"
  | "interpolant"
  | "velocity"
  | "closedForm"
  | "objective"
  | "training"
  | "solver"
  | "metric";

/** What each kind of node takes in, and what it gives out. */
export interface PortTable {
  readonly inputs: Readonly<Record<string, PortType>>;
  readonly outputs: Readonly<Record<string, PortType>>;
}

/** The ports of every kind of node: the type system of the execution graph. */
export const PORTS: { readonly [K in NodeKind]: PortTable } = {
  source: { inputs: {}, outputs: { samples: "x_0" } },
  data: { inputs: {}, outputs: { samples: "x_1" } },
  coupling: { inputs: { source: "x_0", target: "x_1" }, outputs: { pairs: "pairs" } },
  interpolant: { inputs: {}, outputs: { path: "path" } },
  velocity: { inputs: {}, outputs: { network: "network" } },
  closedForm: {
    inputs: { path: "path", source: "x_0", target: "x_1" },
    outputs: { field: "field" },
  },
  objective: { inputs: { path: "path", network: "network" }, outputs: { loss: "loss" } },
  training: { inputs: { pairs: "pairs", loss: "loss" }, outputs: { field: "field" } },
  solver: { inputs: { field: "field", source: "x_0" }, outputs: { flow: "flow" } },
  metric: { inputs: { flow: "flow", target: "x_1" }, outputs: { value: "value" } },
};
