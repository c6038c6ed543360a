// SPDX-License-Identifier: Apache-2.0

/// How a file stores the elements of a tensor; raw values are those of the safetensors format.
package enum StorageType: String, Sendable, CaseIterable {
    case bool = "BOOL"
    case unsigned8 = "U8"
    case signed8 = "I8"
    case float8e5m2 = "F8_E5M2"
    case float8e4m3 = "F8_E4M3"
    case signed16 = "I16"
    case unsigned16 = "U16"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case signed32 = "I32"
    case unsigned32 = "U32"
    case float32 = "F32"
    case float64 = "F64"
    case signed64 = "I64"
    case unsigned64 = "U64"

    /// Bytes of one element.
    package var bytes: Int {
        switch self {
        case .bool, .unsigned8, .signed8, .float8e5m2, .float8e4m3: 1
        case .signed16, .unsigned16, .float16, .bfloat16: 2
        case .signed32, .unsigned32, .float32: 4
        case .float64, .signed64, .unsigned64: 8
        }
    }
}

/// The types in which weights are written.
package enum WeightStorage: String, Sendable, CaseIterable, Codable {
    case float32, float16, bfloat16

    /// The type in the file.
    package var type: StorageType {
        switch self {
        case .float32: .float32
        case .float16: .float16
        case .bfloat16: .bfloat16
        }
    }
}
