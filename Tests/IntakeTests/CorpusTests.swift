// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@Suite("The corpus of the readers")
struct CorpusTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/Corpus")

    @Test(
        "each file gives a document or a fault, and each format a document",
        arguments: HostileRecord.allCases)
    func replay(format: HostileRecord) throws {
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.folder.appending(path: format.rawValue), includingPropertiesForKeys: nil)
        var documents = 0
        for file in files {
            let found = format.read(try Data(contentsOf: file))
            documents += found.documents
            #expect(found.documents + found.faults > 0, "\(file.lastPathComponent)")
        }
        #expect(documents > 0)
    }
}
