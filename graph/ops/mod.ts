/** The table of all ops. */
import { install } from "../expression.ts";
import type { OpTable } from "../op.ts";
import * as arithmetic from "./arithmetic.ts";
import * as comparison from "./comparison.ts";
import * as convolution from "./convolution.ts";
import * as indexing from "./indexing.ts";
import * as layout from "./layout.ts";
import * as leaf from "./leaf.ts";
import * as loop from "./loop.ts";
import * as matmul from "./matmul.ts";
import * as random from "./random.ts";
import * as reduction from "./reduction.ts";
import * as unary from "./unary.ts";

/** Every op by name. */
export const OPS: OpTable = {
  input: leaf.input,
  constant: leaf.constant,
  variable: leaf.variable,
  iota: leaf.iota,
  size: leaf.size,

  negate: unary.negateOp,
  exp: unary.expOp,
  log: unary.logOp,
  log1p: unary.log1pOp,
  sqrt: unary.sqrtOp,
  reciprocal: unary.reciprocalOp,
  sin: unary.sinOp,
  cos: unary.cosOp,
  tanh: unary.tanhOp,
  sigmoid: unary.sigmoidOp,
  softplus: unary.softplusOp,
  erf: unary.erfOp,
  abs: unary.absOp,
  sign: unary.signOp,
  floor: unary.floorOp,
  not: comparison.not,
  stopGradient: leaf.stopGradient,
  cast: comparison.cast,

  add: arithmetic.add,
  sub: arithmetic.sub,
  mul: arithmetic.mul,
  div: arithmetic.div,
  pow: arithmetic.pow,
  max: arithmetic.max,
  min: arithmetic.min,
  equal: comparison.equalOp,
  less: comparison.lessOp,
  lessEqual: comparison.lessEqual,
  and: comparison.and,
  or: comparison.or,
  select: comparison.selectOp,

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
  gather: indexing.gather,
  scatterAdd: indexing.scatterAdd,

  loop: loop.loop,
  item: loop.item,
  random: random.random,
};

install(OPS);
