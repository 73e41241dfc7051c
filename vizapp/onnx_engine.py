"""The same network in an engine that shares no code with ours: ONNX Runtime."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from vizapp.nets import Network
from vizapp.nets.layers import Conv, Dense, Input, Pool

_OPERATORS = {
    "relu": "Relu",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "softmax": "Softmax",
    "identity": "Identity",
}


def export(network: Network, every_value: bool = True) -> bytes:
    """The network as an ONNX model; outputs "NAME.pre" and "NAME" per layer, or the last one's alone."""
    nodes, constants, outputs = [], [], []

    def constant(name: str, value: NDArray[Any]) -> str:
        constants.append(numpy_helper.from_array(value, name))
        return name

    current = "image"
    for layer in network.layers:
        if isinstance(layer, Input):
            rows, columns = layer.image_shape
            image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 1, rows, columns])
            pads = constant("pads", np.array([0, 0, layer.pad, layer.pad] * 2))
            nodes.append(helper.make_node("Pad", [current, pads], [layer.name]))
            current = layer.name
            continue
        if isinstance(layer, Pool):
            square = [layer.size] * 2
            nodes.append(
                helper.make_node("MaxPool", [current], [layer.name], kernel_shape=square, strides=square)
            )
        else:
            weight = constant(f"{layer.name}.weight", np.asarray(layer.weight))
            bias = constant(f"{layer.name}.bias", np.asarray(layer.bias))
            pre = f"{layer.name}.pre"
            if isinstance(layer, Conv):
                nodes.append(helper.make_node("Conv", [current, weight, bias], [pre]))
            else:
                assert isinstance(layer, Dense)
                nodes.append(helper.make_node("Flatten", [current], [f"{layer.name}.flat"]))
                nodes.append(helper.make_node("Gemm", [f"{layer.name}.flat", weight, bias], [pre], transB=1))
            nodes.append(helper.make_node(_OPERATORS[layer.activation], [pre], [layer.name]))
            outputs.append(pre)
        outputs.append(layer.name)
        current = layer.name
    shapes: dict[str, list[str | int | None]] = {
        layer.name: ["batch", *layer.shape] for layer in network.layers
    }
    infos = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shapes[name.removesuffix(".pre")])
        for name in (outputs if every_value else [current])
    ]
    graph = helper.make_graph(nodes, network.name, [image], infos, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def session(network: Network, every_value: bool = True) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        export(network, every_value), options, providers=["CPUExecutionProvider"]
    )


def run(network: Network, images: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Name → values of every layer, "NAME.pre" → its pre-activations, each with the batch first."""
    engine = session(network)
    names = [output.name for output in engine.get_outputs()]
    return dict(zip(names, engine.run(names, {"image": images[:, None]}), strict=True))
