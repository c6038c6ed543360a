// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes

/// Reads a file of RTF, which is one document.
struct RTFReader {
    let limits: IntakeLimits
    /// The kind of the folder.
    let kind: DocumentKind
    let codes: DocumentCodes

    /// The document; throws what is wrong with the file.
    func entries(in bytes: [UInt8]) throws(IntakeError) -> [ReadDocument] {
        do throws(FormatFlaw) {
            let (text, encoding) = try RTFText.read(bytes, limits: limits)
            let headed = HeadedText(text)
            guard !headed.text.isEmpty else { throw .noText }
            guard headed.sections.count <= limits.maximumSections else {
                throw .tooMuch(of: "sections", limit: limits.maximumSections)
            }
            var source = DocumentSource(format: .rtf)
            source.sections = headed.sections
            let document = ClinicalDocument(
                kind: kind, text: headed.text, encoding: encoding, source: source)
            return [ReadDocument(place: nil, result: .success(document))]
        } catch {
            throw .flaw(error, in: .rtf, at: nil)
        }
    }
}
