"""From a recipe to a Keras model."""

from yt8m.data.schema import Schema


def build_model(recipe, schema: Schema):
    """The model that a recipe of `yt8m.models` describes, with fresh weights.

    Returns a `keras.Model` to be called with a pair: frames, uint8 or float32 [B, T, F], and
    num_frames, int [B]; it predicts float32 [B, C]. The weights follow Keras's random seed; each
    `variable.path` is the same whenever the recipe and the schema are.
    """
    import keras

    from yt8m.layers.video_model import VideoModel

    frames = keras.Input((None, schema.feature_size), dtype="float32", name="frames")
    mask = keras.Input((None,), dtype="bool", name="mask")
    predictions = recipe.build(frames, mask, schema)
    return VideoModel(keras.Model([frames, mask], predictions, name="body"), name="model")
