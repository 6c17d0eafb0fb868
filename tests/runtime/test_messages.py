"""The declared fields of TensorFlow's messages are TensorFlow's own."""

import pytest
from tensorflow.core.framework import (
    attr_value_pb2,
    function_pb2,
    graph_pb2,
    node_def_pb2,
    op_def_pb2,
    tensor_shape_pb2,
)
from tensorflow.core.protobuf import (
    config_pb2,
    meta_graph_pb2,
    saved_model_pb2,
    saved_object_graph_pb2,
    saver_pb2,
    tensor_bundle_pb2,
)

from yt8m.runtime.messages import CLASSES

THEIRS = {
    "SavedModel": saved_model_pb2.SavedModel,
    "MetaGraph": meta_graph_pb2.MetaGraphDef,
    "Collections": meta_graph_pb2.MetaGraphDef.CollectionDefEntry,
    "Graph": graph_pb2.GraphDef,
    "Node": node_def_pb2.NodeDef,
    "Attributes": node_def_pb2.NodeDef.AttrEntry,
    "Attribute": attr_value_pb2.AttrValue,
    "Attribute.List": attr_value_pb2.AttrValue.ListValue,
    "Called": attr_value_pb2.NameAttrList,
    "Functions": function_pb2.FunctionDefLibrary,
    "Function": function_pb2.FunctionDef,
    "Named": op_def_pb2.OpDef,
    "Argument": op_def_pb2.OpDef.ArgDef,
    "Saver": saver_pb2.SaverDef,
    "Signatures": meta_graph_pb2.MetaGraphDef.SignatureDefEntry,
    "Signature": meta_graph_pb2.SignatureDef,
    "Tensors": meta_graph_pb2.SignatureDef.InputsEntry,
    "Tensor": meta_graph_pb2.TensorInfo,
    "Shape": tensor_shape_pb2.TensorShapeProto,
    "Dimension": tensor_shape_pb2.TensorShapeProto.Dim,
    "Objects": saved_object_graph_pb2.SavedObjectGraph,
    "Object": saved_object_graph_pb2.SavedObject,
    "Config": config_pb2.ConfigProto,
    "Devices": config_pb2.ConfigProto.DeviceCountEntry,
    "BundleEntry": tensor_bundle_pb2.BundleEntryProto,
}


def test_all_messages_are_compared():
    assert THEIRS.keys() == CLASSES.keys()


@pytest.mark.parametrize("name", THEIRS)
def test_fields_have_the_names_and_numbers_of_tensorflow(name):
    theirs = {field.name: field for field in THEIRS[name].DESCRIPTOR.fields}
    for field in CLASSES[name].DESCRIPTOR.fields:
        other = theirs[field.name]
        assert field.number == other.number
        enum = other.type == other.TYPE_ENUM  # on the wire as int32
        assert field.type == (field.TYPE_INT32 if enum else other.type)
        assert field.is_repeated == other.is_repeated
        if field.message_type:
            (name_here,) = [n for n, c in CLASSES.items() if c.DESCRIPTOR is field.message_type]
            mine = [f.name for f in THEIRS[name_here].DESCRIPTOR.fields]
            assert mine == [f.name for f in other.message_type.fields]
