// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import ModelBundle
import TestSupport
import Testing

@Suite("What a model trained elsewhere was made from")
struct ModelOriginTests {
    private let folder: TemporaryFolder
    private let origin = ModelOrigin(
        recipe: "elsewhere", recipeSHA256: String(repeating: "ab", count: 32), codeVersion: "1.2",
        cleaningVersion: 2, dictionary: "ipadic", readsWords: true,
        sources: [.init(name: "records.txt", licence: "CC0", usedFor: ["pretraining"], rows: 60)],
        licence: "CC BY-SA 4.0")

    init() throws { folder = try TemporaryFolder() }

    @Test("is read as it was written")
    func roundTrip() throws {
        #expect(try ModelOrigin(in: folder.url) == nil)
        try folder.write(origin.json(), to: ModelOrigin.fileName)
        #expect(try ModelOrigin(in: folder.url) == origin)
    }

    @Test("is read through a link, as a cache of models has them")
    func link() throws {
        try folder.write(origin.json(), to: "blobs/1")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/" + ModelOrigin.fileName, withDestinationPath: "blobs/1")
        #expect(try ModelOrigin(in: folder.url) == origin)
    }

    @Test(
        "is refused where it is damaged, of another format or without a field",
        arguments: ["", "[]", "{\"format\":1}", "format", "sources"])
    func damaged(_ fault: String) throws {
        var content = Data(fault.utf8)
        if ["format", "sources"].contains(fault) {
            var object = try #require(
                try JSONSerialization.jsonObject(with: origin.json()) as? [String: Any])
            object[fault] = fault == "format" ? 2 : nil
            content = try JSONSerialization.data(withJSONObject: object)
        }
        let file = try folder.write(content, to: ModelOrigin.fileName)
        #expect(throws: ModelImportError.origin(file: file.path(percentEncoded: false))) {
            try ModelOrigin(in: folder.url)
        }
    }
}
