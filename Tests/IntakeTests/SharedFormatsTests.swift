// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Intake

private let folder = URL(filePath: #filePath)
    .appending(path: "../../../../shared/fixtures/formats").standardized
private let isThere = FileManager.default.fileExists(atPath: folder.path)

@Suite("Files of hospitals' formats", .enabled(if: isThere, "needs ../shared/fixtures/formats"))
struct SharedFormatsTests {
    @Test("none of a format that is not read becomes a document of raw markup or bytes")
    func refused() throws {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        let structured: Set = [
            "hl7", "xml", "xmi", "json", "csv", "tsv", "xlsx", "pdf", "rtf", "html", "dcm",
        ]
        var count = 0
        for name in names {
            let file = folder.appending(path: name)
            // The messages of an SS-MIX2 tree have names without an ending.
            let isMessage = name.hasPrefix("ssmix2/nho-standard/") && file.pathExtension.isEmpty
            guard structured.contains(file.pathExtension) || isMessage,
                let data = try? Data(contentsOf: file)
            else { continue }
            count += 1
            do throws(IntakeError) {
                _ = try DocumentReader().entries(
                    in: data, fileName: file.lastPathComponent, kind: .nursing)
                Issue.record("\(name) was read as text")
            } catch {
                #expect(error.code == "unsupported-format", "\(name): \(error)")
            }
        }
        #expect(count > 50)
    }
}
