// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("The corpus of names")
struct NameCorpusTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/Corpus/spoolname")

    @Test("each goes its way through the spool, or is not looked at")
    func replay() throws {
        let temporary = try TemporaryFolder()
        let name = try HostileName(folder: temporary.url)
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.folder, includingPropertiesForKeys: nil)
        let taken = try files.filter { try name.pass(try Data(contentsOf: $0)) }
        #expect(taken.count > 10)
        #expect(taken.count < files.count)
    }
}
