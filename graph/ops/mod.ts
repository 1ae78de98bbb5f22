/** The table of all ops. */
import { install } from "../expression.ts";
import type { OpTable } from "../types.ts";
import * as convolution from "./convolution.ts";
import * as elementwise from "./elementwise.ts";
import * as layout from "./layout.ts";
import * as leaf from "./leaf.ts";
import * as loop from "./loop.ts";
import * as matmul from "./matmul.ts";
import * as random from "./random.ts";
import * as reduction from "./reduction.ts";

/** Every op by name. */
export const OPS: OpTable = {
  input: leaf.input,
  constant: leaf.constant,
  variable: leaf.variable,
  iota: leaf.iota,
  size: leaf.size,

  negate: elementwise.negateOp,
  exp: elementwise.expOp,
  log: elementwise.logOp,
  log1p: elementwise.log1pOp,
  sqrt: elementwise.sqrtOp,
  reciprocal: elementwise.reciprocalOp,
  sin: elementwise.sinOp,
  cos: elementwise.cosOp,
  tanh: elementwise.tanhOp,
  sigmoid: elementwise.sigmoidOp,
  softplus: elementwise.softplusOp,
  erf: elementwise.erfOp,
  abs: elementwise.absOp,
  sign: elementwise.signOp,
  floor: elementwise.floorOp,
  not: elementwise.not,
  stopGradient: leaf.stopGradient,
  cast: elementwise.cast,

  add: elementwise.add,
  sub: elementwise.sub,
  mul: elementwise.mul,
  div: elementwise.div,
  pow: elementwise.pow,
  max: elementwise.max,
  min: elementwise.min,
  equal: elementwise.equalOp,
  less: elementwise.lessOp,
  lessEqual: elementwise.lessEqual,
  and: elementwise.and,
  or: elementwise.or,
  select: elementwise.selectOp,

  sum: reduction.sum,
  reduceMax: reduction.reduceMax,
  argMax: reduction.argMax,
  cumulativeSum: reduction.cumulativeSum,

  matmul: matmul.matmul,
  convolution: convolution.convolution,
  convolutionInput: convolution.convolutionInput,
  convolutionWeight: convolution.convolutionWeight,

  reshape: layout.reshape,
  transpose: layout.transpose,
  broadcast: layout.broadcast,
  concat: layout.concat,
  slice: layout.slice,
  pad: layout.pad,
  reverse: layout.reverse,
  gather: layout.gather,
  scatterAdd: layout.scatterAdd,

  loop: loop.loop,
  item: loop.item,
  random: random.random,
};

install(OPS);
