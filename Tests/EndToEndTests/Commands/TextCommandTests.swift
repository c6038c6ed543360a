// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("shokenctl text", .timeLimit(.minutes(15)))
struct TextCommandTests: CommandSubject {
    private static let text = "　ｱｽﾋﾟﾘﾝ１００ｍｇを内服。\r\n電話 03-0000-0000\r\n"

    static let place = prepared { folder in
        try folder.write(text, to: "note.txt")
        try folder.write(
            Data("発熱あり".utf8) + Data([0xE3, 0x81]) + Data("。\n".utf8), to: "broken.txt")
    }

    static let cases: [CommandCase] = [
        .works("text", "clean", "note.txt") {
            #expect($0.output.contains("アスピリン100mgを内服。"), "\($0.output)")
        },
        .works("text", "clean", "-", input: text) {
            #expect($0.output.contains("アスピリン"), "\($0.output)")
        },
        .works("text", "clean", "note.txt", "--map", "--json") { result in
            let file = try result.object()
            #expect(file["file"] as? String == "note.txt")
            let stretches = try #require(file["stretches"] as? [[String: Any]])
            let cleaned = stretches.compactMap { $0["text"] as? String }.joined()
            let original = stretches.compactMap { $0["original"] as? String }.joined()
            #expect(cleaned == file["text"] as? String)
            #expect(original.unicodeScalars.elementsEqual(text.unicodeScalars))
            let ends = stretches.compactMap { ($0["source"] as? [Int])?.last }
            #expect(ends == ends.sorted() && ends.last == text.unicodeScalars.count)
        },
        .fails("text", "clean", "absent.txt", code: 66, saying: "absent.txt"),
        .fails("text", "clean", "broken.txt", code: 65, saying: "broken.txt"),
        .fails("text", "clean", "--rule", "nothing", code: 64, saying: "nothing"),
        .works("text", "rules") { #expect($0.output.hasPrefix("RULE")) },
        .works("text", "rules", "--json") { result in
            let names = try result.objects().compactMap { $0["name"] as? String }
            #expect(names.count > 5 && Set(names).count == names.count)
        },
        .fails("text", "rules", "--rules-version", "99", code: 64, saying: "99"),
    ]

    @Test("does what it is for, or says what was wrong", arguments: cases)
    func call(_ item: CommandCase) throws { try item.run(in: Self.place.get()) }
}
