// SPDX-License-Identifier: Apache-2.0
import Exports
import Foundation
import ResultStore
import Testing

@Suite("Exports that go on where the last one ended")
struct DocumentPassTests {
    @Test("bring what came since, and the numbers of what is not current any more")
    func increments() throws {
        let store = try FictionalStore([
            .init("発熱あり。", patient: "P-1", key: "key-1", [("disease", "発熱")]),
            .init("咳嗽あり。", patient: "P-1", [("disease", "咳嗽")]),
            .init("発熱なし。", patient: "P-1", key: "key-1", [("disease", "発熱")]),
        ])
        #expect(try store.reader.lastDocument(ofExport: "weekly") == nil)
        var selection = DocumentSelection()
        var texts: [String] = []
        let first = try store.reader.eachDocument(of: selection) { texts.append($0.text) }
        #expect(texts == Array(store.texts.dropFirst()))
        #expect(first.documents == 2 && first.lastDocument == 3 && first.removed.isEmpty)
        // As if the last export had been made before the second version came.
        try store.database.noteExport(of: "weekly", lastDocument: 2, at: .now)
        selection.after = try store.reader.lastDocument(ofExport: "weekly")
        texts = []
        let second = try store.reader.eachDocument(of: selection) { texts.append($0.text) }
        #expect(texts == [store.texts[2]] && second.removed == [1])
        selection.includesHistory = true
        #expect(try store.reader.eachDocument(of: selection) { _ in }.removed.isEmpty)
        #expect(try store.reader.lastDocument(ofExport: "monthly") == nil)
    }
}
