// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Faults
import ResultStore

extension ClinicalProcessor {
    /// The most documents of one file that are answered and committed together.
    static let mostDocumentsTogether = 64
    /// The most characters of them, unless one document alone has more.
    static let mostCharactersTogether = 24_000

    /// Answers and commits a file of many documents part by part, from where an earlier end has left it.
    ///
    /// So its memory is that of a part, others write in between, and a stop costs one part. It counts as
    /// recorded with the last part.
    func answerInParts(_ file: OpenedFile) -> ProcessingOutcome {
        var file = file
        do {
            var position = try database.documentsRecorded(
                sha256: file.sha256, kind: file.claim.kind.rawValue, sourceName: file.sourceName)
            while position < file.documents.count {
                file.part = Self.part(of: file.documents, from: position)
                // Each part by the model of its time, as of files that follow each other.
                let outcome = answer([file], with: model.model())[0]
                switch outcome {
                case .recorded, .recordedInPart: position = file.part.upperBound
                case .changed:
                    // Given back at a stop, it has another name: what is recorded of it stays.
                    guard file.isInPlace else {
                        return .postponed(reason: "the file is in hand no more")
                    }
                    try database.discardPart(
                        sha256: file.sha256, kind: file.claim.kind.rawValue,
                        sourceName: file.sourceName)
                    return .changed
                case .rejected(let code, let reason, _) where position > 0:
                    return .rejected(
                        code: code,
                        reason: reason + "; \(position) of \(file.documents.count) documents "
                            + "before it are recorded")
                case .rejected, .duplicate, .postponed: return outcome
                }
            }
            return file.outcome(documents: file.documents.count)
        } catch {
            return .postponed(reason: explained(error).explanation)
        }
    }

    /// The next documents that are answered together, one at least.
    private static func part(of documents: [ClinicalDocument], from start: Int) -> Range<Int> {
        var characters = 0
        let part = documents[start...].prefix(mostDocumentsTogether).prefix { document in
            characters += document.text.unicodeScalars.count
            return characters <= mostCharactersTogether
        }
        return start..<max(part.endIndex, start + 1)
    }
}
