// SPDX-License-Identifier: Apache-2.0

/// The kinds of characters that a word is made of.
enum WordShape {
    /// A code of the shape: up to six runs of one kind each, for example kanji then hiragana.
    static func code(_ characters: [Unicode.Scalar]) -> Int {
        var code = 0
        var last = 0
        var runs = 0
        for scalar in characters {
            let kind = kind(scalar)
            if kind != last, runs < 6 {
                code = code * 10 + kind
                runs += 1
            }
            last = kind
        }
        return code
    }

    /// 1 kanji, 2 hiragana, 3 katakana, 4 Latin, 5 digit, 6 Greek, 7 punctuation, 8 others.
    static func kind(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x3005, 0x20000...0x323AF: 1
        case 0x3041...0x309F: 2
        case 0x30A1...0x30FF, 0x31F0...0x31FF: 3
        case 0x41...0x5A, 0x61...0x7A: 4
        case 0x30...0x39: 5
        case 0x370...0x3FF: 6
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E, 0x3001...0x3004, 0x3006...0x301F:
            7
        default: 8
        }
    }
}
