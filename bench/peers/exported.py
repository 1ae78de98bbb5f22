"""Checks exported files and compares what they give in onnxruntime with what the backend gave: see ../export.ts."""

import json
import sys

import numpy as np
import onnx
import onnxruntime


def checked(path):
    """The checks of the format: every node by its schema, every shape and type as it is declared."""
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    assert {opset.domain for opset in model.opset_import} == {""}, "operators that are not standard"
    values = [*model.graph.input, *model.graph.output]
    assert all(value.doc_string for value in values), "an input or output without its text"
    batched = [value for value in values if value.name not in ("steps", "draw", "times")]
    for value in batched:
        dims = [dim.dim_param or dim.dim_value for dim in value.type.tensor_type.shape.dim]
        assert "n" in dims, f"{value.name} has no batch axis: {dims}"
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def main():
    print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}")
    with open(sys.argv[1]) as file:
        cases = json.load(file)
    sessions = {}
    failed = 0
    for case in cases:
        session = sessions.setdefault(case["file"], None) or checked(case["file"])
        sessions[case["file"]] = session
        feeds = {name: np.load(path) for name, path in case["inputs"].items()}
        n = len(next(iter(feeds.values())))
        if case["steps"] is not None:
            feeds["steps"] = np.array(case["steps"], dtype=np.int32)
        for name, found in zip(case["outputs"], session.run(list(case["outputs"]), feeds)):
            expected = np.load(case["outputs"][name])
            assert found.shape == expected.shape, (case["file"], name, found.shape, expected.shape)
            absolute = np.abs(found - expected).max()
            relative = absolute / np.abs(expected).max()
            passed = relative <= case["tolerance"]
            failed += not passed
            label = "/".join(case["file"].split("/")[-2:]) + ("" if case["steps"] is None else f" steps={case['steps']}")
            print(
                f"{label:48} {name:15} n={n:<4} absolute {absolute:.1e} relative {relative:.1e} "
                f"{'ok' if passed else 'DIFFERS'}"
            )
    print(f"{len(sessions)} files, {len(cases)} comparisons, {failed} failed")
    sys.exit(1 if failed else 0)


main()
