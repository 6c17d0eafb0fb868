"""TensorFlow's protocol buffers, as far as this package reads them, without importing TensorFlow.

Names and numbers are those of tensorflow/core/protobuf and tensorflow/core/framework. Fields that
are not listed here are kept when a message is parsed, and ignored. A map is a list of `key` and
`value`, as on the wire.
"""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "yt8m.tensorflow"

MESSAGES = {
    "SavedModel": "2 meta_graphs MetaGraph*",
    "MetaGraph": "2 graph_def Graph, 3 saver_def Saver, 4 collection_def Collections*, "
    "5 signature_def Signatures*, 7 object_graph_def Objects",
    "Collections": "1 key string",
    "Graph": "1 node Node*, 2 library Functions",
    "Node": "1 name string, 2 op string, 3 input string*, 5 attr Attributes*",
    "Attributes": "1 key string, 2 value Attribute",
    "Attribute": "1 list Attribute.List, 10 func Called",
    "Attribute.List": "9 func Called*",
    "Called": "1 name string",
    "Functions": "1 function Function*",
    "Function": "1 signature Named, 3 node_def Node*",
    "Named": "1 name string, 2 input_arg Argument*",
    "Argument": "1 name string",
    "Saver": "1 filename_tensor_name string, 2 save_tensor_name string, 3 restore_op_name string",
    "Signatures": "1 key string, 2 value Signature",
    "Signature": "1 inputs Tensors*, 2 outputs Tensors*",
    "Tensors": "1 key string, 2 value Tensor",
    "Tensor": "1 name string, 2 dtype int32, 3 tensor_shape Shape",
    "Shape": "2 dim Dimension*",
    "Dimension": "1 size int64",
    "Objects": "1 nodes Object*",
    "Object": "13 registered_name string, 16 registered_saver string",
    "Config": "1 device_count Devices*, 2 intra_op_parallelism_threads int32, "
    "5 inter_op_parallelism_threads int32",
    "Devices": "1 key string, 2 value int32",
    "BundleEntry": "1 dtype int32, 4 offset int64, 5 size int64",
}
"""Fields of each message: number, name and type, with a * if it is repeated."""


def _described() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name="yt8m/tensorflow.proto", package=PACKAGE)
    nested = {}
    for name, fields in MESSAGES.items():
        outer, _, inner = name.rpartition(".")
        message = (nested[outer].nested_type if outer else file.message_type).add(name=inner)
        nested[name] = message
        for field in fields.split(", "):
            number, called, kind = field.split()
            _add_field(message, int(number), called, kind)
    return file


def _add_field(message, number: int, name: str, kind: str) -> None:
    field = message.field.add(name=name, number=number)
    field.label = field.LABEL_REPEATED if kind.endswith("*") else field.LABEL_OPTIONAL
    kind = kind.removesuffix("*")
    if kind in MESSAGES:
        field.type, field.type_name = field.TYPE_MESSAGE, f".{PACKAGE}.{kind}"
    else:
        field.type = getattr(field, f"TYPE_{kind.upper()}")


def _classes() -> dict[str, type]:
    """Message classes by name, in a pool of their own: TensorFlow's may be imported later."""
    pool = descriptor_pool.DescriptorPool()
    pool.Add(_described())
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.{name}"))
        for name in MESSAGES
    }


CLASSES = _classes()
SavedModel, MetaGraph, Signature, Node = (
    CLASSES[name] for name in ("SavedModel", "MetaGraph", "Signature", "Node")
)
Config, BundleEntry = CLASSES["Config"], CLASSES["BundleEntry"]
