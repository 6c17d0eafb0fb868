"""Three frame-level models as one would write them with Keras' own layers, in float32."""

import keras
from keras import layers, ops

RGB, AUDIO, CLASSES = 1024, 128, 3862


class Aggregation(layers.Layer):
    """Soft clusters of one feature's frames: sums of residuals, or of assignments."""

    def __init__(self, clusters: int, residuals: bool):
        super().__init__()
        self.clusters, self.residuals = clusters, residuals

    def build(self, shape):
        """Create the assignment matrix and, for residuals, the centres."""
        self.assignment = self.add_weight((shape[-1], self.clusters), name="assignment")
        if self.residuals:
            self.centres = self.add_weight((shape[-1], self.clusters), name="centres")
        self.normalisation = layers.BatchNormalization()

    def call(self, frames, training=None):
        """frames: [B, T, F]."""
        scores = self.normalisation(ops.matmul(frames, self.assignment), training=training)
        shares = ops.softmax(scores)
        if not self.residuals:
            return ops.normalize(ops.sum(shares, axis=1)), ops.normalize(ops.max(shares, axis=1))
        sums = ops.matmul(ops.transpose(frames, (0, 2, 1)), shares)
        sums = sums - ops.sum(shares, axis=1)[:, None, :] * self.centres
        return ops.normalize(layers.Flatten()(ops.normalize(sums, axis=1)))


def netvlad(clusters: int, hidden: int) -> keras.Model:
    """Gated NetVLAD of both features."""
    frames = keras.Input((None, RGB + AUDIO))
    normed = layers.BatchNormalization()(layers.UnitNormalization()(frames))
    rgb = Aggregation(clusters, residuals=True)(normed[:, :, :RGB])
    audio = Aggregation(clusters // 2, residuals=True)(normed[:, :, RGB:])
    vector = layers.Dense(hidden)(layers.Concatenate()([rgb, audio]))
    gates = layers.BatchNormalization()(layers.Dense(hidden, use_bias=False)(vector))
    return keras.Model(frames, experts(vector * ops.sigmoid(gates)))


def gated_dbof(clusters: int, hidden: int) -> keras.Model:
    """Soft bag of frames, gated by the maxima of the assignments."""
    frames = keras.Input((None, RGB + AUDIO))
    normed = layers.BatchNormalization()(layers.UnitNormalization()(frames))
    sums, largest = Aggregation(clusters, residuals=False)(normed[:, :, :RGB])
    gates = layers.Dense(clusters, use_bias=False)(layers.Dense(RGB, use_bias=False)(largest))
    sums = ops.normalize(sums * ops.sigmoid(layers.BatchNormalization()(gates)))
    audio, _ = Aggregation(clusters // 8, residuals=False)(normed[:, :, RGB:])
    return keras.Model(frames, experts(layers.Dense(hidden)(layers.Concatenate()([sums, audio]))))


def bilstm(cells: int) -> keras.Model:
    """A bidirectional LSTM, an LSTM on top, and a classifier on its final cell state."""
    frames = keras.Input((None, RGB + AUDIO))
    both = layers.Bidirectional(layers.LSTM(cells // 2, return_sequences=True))
    _, _, memory = layers.LSTM(cells, return_state=True)(both(layers.UnitNormalization()(frames)))
    penalty = keras.regularizers.L2(5e-9)
    output = layers.Dense(CLASSES, "sigmoid", kernel_regularizer=penalty)(memory)
    return keras.Model(frames, output)


def experts(vector, mixtures: int = 2):
    """Mixture of experts."""
    penalty = keras.regularizers.L2(5e-9)
    gates = layers.Dense(CLASSES * (mixtures + 1), use_bias=False, kernel_regularizer=penalty)
    votes = layers.Dense(CLASSES * mixtures, kernel_regularizer=penalty)
    shares = ops.softmax(ops.reshape(gates(vector), (-1, CLASSES, mixtures + 1)))
    chances = ops.sigmoid(ops.reshape(votes(vector), (-1, CLASSES, mixtures)))
    return ops.sum(shares[:, :, :mixtures] * chances, axis=-1)
