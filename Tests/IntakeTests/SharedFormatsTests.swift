// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import Testing

@testable import Intake

@Suite(
    "Files of hospitals' formats", .enabled(if: SharedSample.areThere, "needs ../shared/fixtures"))
struct SharedFormatsTests {
    /// What a file of the samples gives, as the daemon reads it.
    private func entries(_ sample: SharedSample) throws(IntakeError) -> [ReadDocument] {
        let bytes = (try? sample.bytes()) ?? []
        return Array(
            try DocumentReader().entries(
                in: Data(bytes), fileName: sample.file,
                kind: sample.documents?.first?.kind.flatMap(DocumentKind.init) ?? .nursing))
    }

    @Test("each gives the documents and faults that an independent reader expects of it")
    func expected() throws {
        let annotations: Set = ["training", "ignored"]
        let samples = try SharedSample.samples().filter {
            !annotations.contains($0.outcome)
                && (PDFReaderTests.hasTables || !$0.file.contains("pdf"))
        }
        #expect(samples.count > 40)
        for sample in samples {
            do throws(IntakeError) {
                let entries = try entries(sample)
                let faults = entries.faults
                switch sample.outcome {
                case "refused":
                    #expect(entries.documents.isEmpty && !faults.isEmpty, "\(sample.file)")
                case "partial":
                    sample.expect(entries.documents)
                    #expect(!faults.isEmpty, "\(sample.file)")
                default:
                    sample.expect(entries.documents)
                    #expect(faults.isEmpty, "\(sample.file): \(faults)")
                }
            } catch {
                #expect(sample.outcome == "refused", "\(sample.file): \(error.explanation)")
            }
        }
    }

    private static func documents(in data: Data, named name: String) -> [ClinicalDocument] {
        do throws(IntakeError) {
            let entries = try DocumentReader().entries(in: data, fileName: name, kind: .nursing)
            return Array(entries).documents
        } catch { return [] }
    }

    @Test("none becomes a document of raw markup or bytes")
    func refused() throws {
        let names = try FileManager.default.subpathsOfDirectory(atPath: SharedSample.folder.path)
        let structured: Set = [
            "hl7", "xml", "xmi", "json", "csv", "tsv", "xlsx", "pdf", "rtf", "html", "dcm",
        ]
        var count = 0
        for name in names {
            let file = SharedSample.folder.appending(path: name)
            // The messages of an SS-MIX2 tree have names without an ending.
            let isMessage = name.hasPrefix("ssmix2/nho-standard/") && file.pathExtension.isEmpty
            guard structured.contains(file.pathExtension) || isMessage,
                let data = try? Data(contentsOf: file)
            else { continue }
            count += 1
            let documents = Self.documents(in: data, named: file.lastPathComponent)
            for document in documents {
                #expect(document.source.format != .text, "\(name)")
                for sign in ["MSH|", "<?xml", "{\\rtf", "%PDF-", "\"resourceType\"", "OBX|"] {
                    #expect(!document.text.contains(sign), "\(name)")
                }
            }
        }
        #expect(count > 50)
    }
}
