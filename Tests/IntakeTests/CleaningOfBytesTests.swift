// SPDX-License-Identifier: Apache-2.0
import Foundation
import JapaneseText
import TestSupport
import Testing

@testable import Intake

@Suite("Any bytes that can be decoded can be cleaned")
struct CleaningOfBytesTests {
    /// Random bytes of a kind that an encoding may take: any, ASCII with escapes, two-byte rows.
    private static func bytes(kind: Int, _ random: inout SeededNumbers) -> [UInt8] {
        (0..<1 + random.number(below: 80)).map { _ in
            switch kind {
            case 0: UInt8(random.number(below: 256))
            case 1: [0x1B, 0x24, 0x42, 0x28, 0x4A, 0x30, 0x21, 0x0A][random.number(below: 8)]
            case 2: UInt8(0xA1 + random.number(below: 94))
            default: [0x81, 0x40, 0x7C, 0x87, 0xFA, 0xB6, 0xDE, 0x31][random.number(below: 8)]
            }
        }
    }

    @Test("random bytes", arguments: [0, 1, 2, 3])
    func random(kind: Int) {
        var random = SeededNumbers(seed: UInt64(kind))
        var read = 0
        for _ in 0..<1500 {
            let data = Data(Self.bytes(kind: kind, &random))
            guard
                let documents = try? DocumentReader().documents(
                    in: data, fileName: "a.txt", kind: .nursing)
            else { continue }
            read += 1
            for document in documents {
                for profile in TextCleaner.Profile.allCases {
                    let text = TextCleaner(profile: profile).clean(document.text)
                    let last = text.stretches.last?.source.end ?? 0
                    #expect(last == document.text.unicodeScalars.count)
                }
            }
        }
        #expect(read > 0)
    }
}
