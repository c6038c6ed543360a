// SPDX-License-Identifier: Apache-2.0

/// The arithmetic of products with weights; everything else is computed in 32-bit floats.
package enum Precision: String, Sendable, CaseIterable {
    /// 32-bit floats.
    case float32 = "f32"
    /// Weights and activations rounded to bfloat16, products summed in 32-bit floats.
    case bfloat16 = "bf16"
    /// Weights in 8 bits with a scale for each row, activations in 8 bits with a scale for each
    /// token, found when they are multiplied.
    case int8 = "int8"
    /// Weights in 4 bits with scales for groups of 32 (Q4_K, or Q4_0 where a row is not a multiple
    /// of 256), activations in 8 bits with a scale for each group of 32.
    case int4 = "int4"
    /// What the file holds: weights in blocks are multiplied as they lie in it, with activations in
    /// 8 bits; 16-bit floats as `bfloat16`, all others as `float32`.
    case stored = "stored"
}
