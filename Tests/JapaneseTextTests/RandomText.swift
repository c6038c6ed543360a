// SPDX-License-Identifier: Apache-2.0
import TestSupport

/// Random texts, the same in every run.
struct RandomText {
    private var numbers: SeededNumbers

    init(seed: UInt64) { numbers = SeededNumbers(seed: seed) }

    mutating func number(below limit: Int) -> Int { numbers.number(below: limit) }

    /// Any scalar value, half of them from the blocks that Japanese text uses.
    mutating func scalar() -> Unicode.Scalar {
        while true {
            let value =
                switch number(below: 8) {
                case 0: number(below: 0x80)
                case 1: 0x3000 + number(below: 0x100)
                case 2: 0xFF00 + number(below: 0xF0)
                case 3:
                    [0x0D, 0x0A, 0x3099, 0x309A, 0xFE0F, 0x200D, 0x301, 0x2581][number(below: 8)]
                case 4: 0x2000 + number(below: 0x1400)
                case 5: number(below: 0x110000)
                case 6: number(below: 0x10000)
                default: 0x4E00 + number(below: 0x5200)
                }
            if let scalar = Unicode.Scalar(UInt32(value)) { return scalar }
        }
    }

    mutating func text(of length: Int) -> String {
        var view = String.UnicodeScalarView()
        for _ in 0..<length { view.append(scalar()) }
        return String(view)
    }

    /// A text whose pieces are taken from a list.
    mutating func text(of length: Int, from pieces: [String]) -> String {
        (0..<length).map { _ in pieces[number(below: pieces.count)] }.joined()
    }
}
