// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import Tokenizers

@Suite("Scanners of split patterns")
struct SplitScannerTests {
    static let alphabet: [Unicode.Scalar] = Array(
        " \u{3000}\t\n\r\u{85}'sStTrReEvVmMlLdD\u{17F}aAzZéÀß漢字ひカー々ｶﾞ09２½Ⅷ①,.!/-。、「'’▁\u{301}\u{3099}\u{94D}"
            .unicodeScalars)

    static func text(_ random: inout SeededNumbers) -> [Unicode.Scalar] {
        (0..<Int.random(in: 0...24, using: &random)).map { _ in
            if Int.random(in: 0..<8, using: &random) > 0 {
                return alphabet.randomElement(using: &random) ?? " "
            }
            // Assigned before Unicode 15, which both engines know.
            while true {
                let value = UInt32.random(in: 1...0x1FFFF, using: &random)
                if let scalar = Unicode.Scalar(value),
                    let age = scalar.properties.age, age.major < 15
                {
                    return scalar
                }
            }
        }
    }

    @Test(
        "A scanner cuts as the regular expression does",
        arguments: SplitScanner.Pattern.allCases)
    func agreement(_ pattern: SplitScanner.Pattern) throws {
        let reference = try #require(TextPattern(foundationExpression: pattern.text))
        let scanner = try #require(SplitScanner(pattern: pattern.text))
        var random = SeededNumbers(seed: 17)
        for _ in 0..<20_000 {
            let text = Self.text(&random)
            let expected = reference.stretches(of: text)
            #expect(expected.allSatisfy { $0.isMatch || text.isEmpty })
            let found = scanner.matches(in: text)
            guard found != expected.filter(\.isMatch).map(\.range) else { continue }
            Issue.record("\(text.map { String($0.value, radix: 16) }): \(found)")
            return
        }
    }

    @Test("Other patterns have no scanner")
    func others() {
        #expect(SplitScanner(pattern: #"\s+"#) == nil)
        #expect(SplitScanner(pattern: "") == nil)
        #expect(TextPattern(expression: "[") == nil)
    }
}
