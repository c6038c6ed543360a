// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import JapaneseText

@Suite("Damaged user dictionaries")
struct HostileDictionaryTests {
    private func with<Value>(_ content: [UInt8], _ body: (String) throws -> Value) throws -> Value {
        let folder = try TemporaryFolder()
        let file = try folder.write(Data(content), to: "user.dic")
        return try body(file.path(percentEncoded: false))
    }

    private func field(of content: [UInt8]) throws -> String? {
        try with(content) { path in
            do throws(MorphologyError) {
                _ = try UserDictionary(path: path)
                return nil
            } catch .malformedDictionary(_, let field, _) {
                return field
            } catch .foreignDictionary(_, let field, _, _) {
                return field
            } catch .wrongCharacterSet {
                return "charset"
            } catch {
                return "\(error)"
            }
        }
    }

    private func changed(_ offset: Int, _ value: UInt32) throws -> [UInt8] {
        var content = try CompiledFixture.shared.get().result.content
        for byte in 0..<4 {
            content[offset + byte] = UInt8(truncatingIfNeeded: value >> (byte * 8))
        }
        return content
    }

    @Test(
        "a header field that cannot be right is named",
        arguments: [
            (0, "magic"), (4, "version"), (8, "type"), (12, "tsize"), (16, "lsize"), (20, "rsize"),
            (24, "dsize"), (28, "tsize"), (32, "fsize"), (40, "charset"),
        ])
    func header(offset: Int, name: String) throws {
        for value in [0, 1, 0x7FFF_FFFF, 0xFFFF_FFFF] as [UInt32] {
            // The one value that is right: a user dictionary has type 1.
            guard !(offset == 8 && value == 1) else { continue }
            let found = try field(of: changed(offset, value))
            // A longer double array may also not be a multiple of its units.
            #expect(found == name || (offset == 24 && found == "fsize"))
        }
    }

    @Test("every truncated file is refused")
    func truncated() throws {
        let content = try CompiledFixture.shared.get().result.content
        for length in [0, 1, 71, 72, 100, content.count / 2, content.count - 1] {
            let found = try field(of: Array(content[..<length]))
            #expect(found == (length < 72 ? "size" : "magic"))
            guard length >= 72 else { continue }
            // With a magic that fits the length, the sizes tell.
            var patched = Array(content[..<length])
            let magic = 0xEF71_8F77 ^ UInt32(length)
            for byte in 0..<4 { patched[byte] = UInt8(truncatingIfNeeded: magic >> (byte * 8)) }
            #expect(try field(of: patched) == "fsize")
        }
    }

    @Test("places outside the arrays, tokens and features are refused")
    func places() throws {
        let content = try CompiledFixture.shared.get().result.content
        func number(_ offset: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(content[offset + $1]) << ($1 * 8) }
        }
        let tokens = 72 + number(24)
        #expect(try field(of: changed(72, 0x7FFF_FFFF)) == "double array")
        #expect(try field(of: changed(72, 0x8000_0000)) == "double array")
        #expect(try field(of: changed(tokens, 0xFFFF_FFFF)) == "token")
        #expect(try field(of: changed(tokens + 8, 0xFFFF_FFFF)) == "token")
        var unterminated = content
        unterminated[content.count - 1] = 0x41
        #expect(try field(of: unterminated) == "features")
    }

    @Test("random damage never ends the program: refused, or harmless", .timeLimit(.minutes(15)))
    func randomDamage() throws {
        let content = try CompiledFixture.shared.get().result.content
        var random = SeededNumbers(seed: 7)
        var refused = 0
        let text = TextCleaner(profile: .documents).clean(
            FictionalTerms.divided.joined() + FictionalTerms.untouched.joined())
        for round in 0..<150 {
            var damaged = content
            for _ in 0..<(1 + round % 7) {
                damaged[72 + Int(random.next() % UInt64(content.count - 72))] =
                    UInt8(truncatingIfNeeded: random.next())
            }
            try with(damaged) { path in
                guard let dictionary = try? UserDictionary(path: path),
                    let analyzer = try? MorphologicalAnalyzer(userDictionary: path)
                else { return refused += 1 }
                _ = analyzer.morphemes(in: text, range: text.range)
                for term in FictionalTerms.entries { _ = dictionary.term(term.term.surface) }
                var words = 0
                dictionary.forEachWord { _, _ in words += 1 }
                #expect(words < 100_000)
            }
        }
        #expect(refused > 0)
    }

    @Test("noise behind a header that is right is refused")
    func noise() throws {
        let content = try CompiledFixture.shared.get().result.content
        var random = SeededNumbers(seed: 11)
        for _ in 0..<20 {
            let noise = (72..<content.count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(try field(of: Array(content[..<72]) + noise) == "double array")
        }
    }

    @Test("a system dictionary, a folder and a missing file are no user dictionaries")
    func otherFiles() {
        let system = MorphologicalAnalyzer.defaultDictionary + "/sys.dic"
        #expect(
            throws: MorphologyError.malformedDictionary(path: system, field: "type", found: 0)
        ) { try UserDictionary(path: system) }
        for path in ["/", "/nowhere/user.dic", "/dev/null"] {
            #expect(throws: MorphologyError.dictionaryFileMissing(path: path)) {
                try UserDictionary(path: path)
            }
        }
    }
}
