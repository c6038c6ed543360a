// SPDX-License-Identifier: Apache-2.0

/// A value of a GGUF file's metadata.
package enum GGUFValue: Hashable, Sendable {
    /// A whole number of any width and sign.
    case integer(Int)
    /// A floating-point number.
    case number(Double)
    /// True or false.
    case flag(Bool)
    /// A text; bytes that are no UTF-8 are repaired.
    case text(String)
    /// A list of whole numbers.
    case integers([Int])
    /// A list of floating-point numbers.
    case numbers([Double])
    /// A list of flags.
    case flags([Bool])
    /// A list of texts.
    case texts([String])
    /// A list of whole numbers of 8 bits, as they stand in the file.
    case bytes([UInt8])
}

/// The types of metadata by the format's number.
enum GGUFType: UInt32 {
    case unsigned8 = 0
    case signed8 = 1
    case unsigned16 = 2
    case signed16 = 3
    case unsigned32 = 4
    case signed32 = 5
    case float32 = 6
    case flag = 7
    case text = 8
    case list = 9
    case unsigned64 = 10
    case signed64 = 11
    case float64 = 12

    /// Bytes of a value; of a text, its length alone; of a list, its type and length.
    var smallestBytes: Int {
        switch self {
        case .unsigned8, .signed8, .flag: 1
        case .unsigned16, .signed16: 2
        case .unsigned32, .signed32, .float32: 4
        case .unsigned64, .signed64, .float64, .text: 8
        case .list: 12
        }
    }
}
