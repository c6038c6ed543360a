// SPDX-License-Identifier: Apache-2.0

/// How the elements of a matrix are stored: plainly, or in blocks that share a scale.
///
/// Raw values are those of GGUF files (ggml's `ggml_type`).
package enum BlockFormat: UInt32, Sendable, CaseIterable {
    case float32 = 0
    case float16 = 1
    case q4_0 = 2
    case q4_1 = 3
    case q5_0 = 6
    case q5_1 = 7
    case q8_0 = 8
    case q2_K = 10
    case q3_K = 11
    case q4_K = 12
    case q5_K = 13
    case q6_K = 14
    case bfloat16 = 30

    /// The name that its users know.
    package var name: String {
        switch self {
        case .float32: "F32"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .q4_0: "Q4_0"
        case .q4_1: "Q4_1"
        case .q5_0: "Q5_0"
        case .q5_1: "Q5_1"
        case .q8_0: "Q8_0"
        case .q2_K: "Q2_K"
        case .q3_K: "Q3_K"
        case .q4_K: "Q4_K"
        case .q5_K: "Q5_K"
        case .q6_K: "Q6_K"
        }
    }

    /// Elements of a block.
    package var blockElements: Int {
        switch self {
        case .float32, .float16, .bfloat16: 1
        case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0: 32
        case .q2_K, .q3_K, .q4_K, .q5_K, .q6_K: 256
        }
    }

    /// Bytes of a block.
    package var blockBytes: Int {
        switch self {
        case .float32: 4
        case .float16, .bfloat16: 2
        case .q4_0: 18
        case .q4_1: 20
        case .q5_0: 22
        case .q5_1: 24
        case .q8_0: 34
        case .q2_K: 84
        case .q3_K: 110
        case .q4_K: 144
        case .q5_K: 176
        case .q6_K: 210
        }
    }

    /// Whether elements are kept in fewer bits than 16-bit floats.
    package var isQuantised: Bool { blockElements > 1 }

    /// Bytes of a row, which must be whole blocks.
    package func rowBytes(columns: Int) -> Int {
        precondition(columns % blockElements == 0, "a row is whole blocks")
        return columns / blockElements * blockBytes
    }
}
