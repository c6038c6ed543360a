import ClinicalTypes
import Foundation
import Intake

/// The documents of a file or of standard input, with the fields of their lines.
struct DocumentLines: Sequence {
    /// One document, and the JSON object it came in.
    struct Document {
        let text: String
        let identifier: String?
        let file: String
        /// All fields of the line; nil for a file that is one document.
        let fields: [String: Any]?

        var isLine: Bool { fields != nil }
    }

    private let file: String
    private let data: Data
    private let isJSON: Bool

    /// Reads a file; `-` is standard input.
    init(file: String) throws {
        self.file = file
        if file == "-" {
            data = FileHandle.standardInput.readDataToEndOfFile()
            isJSON = data.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
        } else {
            guard let content = FileManager.default.contents(atPath: file) else {
                throw CommandFailure(.noInput, "cannot read \(file)")
            }
            data = content
            isJSON = DocumentReader.isJSONLines(file)
        }
    }

    func makeIterator() -> AnyIterator<Result<Document, IntakeError>> {
        guard isJSON else {
            var isDone = false
            return AnyIterator {
                defer { isDone = true }
                return isDone ? nil : self.document(in: self.data, isLine: false)
            }
        }
        var lines = data.split(separator: UInt8(ascii: "\n"))[...]
        return AnyIterator {
            while let line = lines.popFirst() {
                if line.allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 }) { continue }
                return self.document(in: Data(line), isLine: true)
            }
            return nil
        }
    }

    private func document(in data: Data, isLine: Bool) -> Result<Document, IntakeError> {
        do {
            let documents = try DocumentReader().documents(
                in: data, fileName: isLine ? "line.jsonl" : "document", kind: .nursing)
            guard let document = documents.first else { return .failure(.emptyFile) }
            let fields = isLine ? try? JSONSerialization.jsonObject(with: data) : nil
            return .success(
                Document(
                    text: document.text, identifier: document.externalIdentifier, file: file,
                    fields: isLine ? fields as? [String: Any] ?? [:] : nil))
        } catch {
            return .failure(error)
        }
    }
}
