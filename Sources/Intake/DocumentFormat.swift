// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes

/// The kinds of file that hold documents as text; files of a ``StructuredFormat`` have readers of their own.
package enum DocumentFormat: CaseIterable, Hashable, Sendable {
    /// One JSON object a line, each a document (`JSONLines`).
    case jsonLines
    /// One document as it stands: any other name.
    case text

    /// The format of a file by the end of its name.
    package init(fileName: String) {
        let name = fileName.lowercased()
        self =
            Self.allCases.first { format in
                format.suffixes.contains { name.hasSuffix($0) }
            } ?? .text
    }

    /// What it is called.
    package var title: String {
        switch self {
        case .jsonLines: "JSON Lines"
        case .text: "text"
        }
    }

    /// How names of such files end.
    var suffixes: [String] {
        switch self {
        case .jsonLines: [".jsonl", ".ndjson"]
        case .text: []
        }
    }

    /// Whether every line is a document of its own, so that one can be read before the next is there.
    package var isLineByLine: Bool {
        switch self {
        case .jsonLines: true
        case .text: false
        }
    }

    /// The documents of a decoded text that comes after so many lines, one after the other as they are
    /// asked for.
    func documents(
        in decoded: DecodedText, kind: DocumentKind, limits: IntakeLimits, linesBefore: Int = 0
    ) -> any Sequence<ReadDocument> {
        switch self {
        case .jsonLines:
            JSONLines(
                text: decoded.text, limits: limits, defaultKind: kind,
                encoding: decoded.encoding, linesBefore: linesBefore,
                faults: decoded.lineFaults)
        case .text:
            CollectionOfOne(WholeText(limits: limits).document(in: decoded, kind: kind))
        }
    }
}

/// A document, or why there is none, with its place in what was read.
package struct ReadDocument: Sendable {
    /// Where it stands; nil for a document that is a whole file.
    package let place: RecordPlace?
    /// The document or its fault; a fault names its line itself.
    package let result: Result<ClinicalDocument, IntakeError>
    /// The JSON object of a line that it came in, as UTF-8; nil for other formats.
    package let object: [UInt8]?

    /// The line of text that it stands in, counted from 1; nil for a document of no line.
    package var line: Int? { place.flatMap { $0.line ?? ($0.unit == .line ? $0.number : nil) } }

    /// A document or fault of a line of JSON, or of a whole file.
    init(line: Int?, result: Result<ClinicalDocument, IntakeError>, object: [UInt8]?) {
        place = line.map { RecordPlace(.line, $0) }
        (self.result, self.object) = (result, object)
    }

    /// The same record with another document.
    func replacing(_ document: ClinicalDocument) -> ReadDocument {
        ReadDocument(place: place, result: .success(document), object: object)
    }

    private init(
        place: RecordPlace?, result: Result<ClinicalDocument, IntakeError>, object: [UInt8]?
    ) {
        (self.place, self.result, self.object) = (place, result, object)
    }

    /// A document or fault of a record of another format; nil for a record that is the whole file.
    init(place: RecordPlace?, result: Result<ClinicalDocument, IntakeError>) {
        (self.place, self.result, object) = (place, result, nil)
    }

    /// Why there is no document, with its line; nil where there is one.
    package var explanation: String? {
        guard case .failure(let error) = result else { return nil }
        guard let line, !error.namesLine else { return error.explanation }
        return "line \(line): " + error.explanation
    }
}

/// A file that is one document as it stands.
struct WholeText {
    let limits: IntakeLimits

    func document(in decoded: DecodedText, kind: DocumentKind) -> ReadDocument {
        let length = decoded.text.scalarCount
        let document = ClinicalDocument(
            kind: kind, text: decoded.text, encoding: decoded.encoding.rawValue)
        return ReadDocument(
            line: nil,
            result: length <= limits.maximumDocumentScalars
                ? .success(document)
                : .failure(
                    .documentTooLong(
                        line: nil, scalars: length, limit: limits.maximumDocumentScalars)),
            object: nil)
    }
}
